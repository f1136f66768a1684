"""Feedback to the applicants after the award decision: each its own scores and reports, never a rank (Q32)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import own
from zhiheng.stages.commendation import selectors
from zhiheng.stages.commendation.models import FeedbackRelease
from zhiheng.stages.review import selectors as reviews
from zhiheng.stages.review.facts import marks
from zhiheng.stages.review.models import Report, Result


@dataclass(frozen=True, slots=True)
class Feedback:
    """What an applicant reads of one round: item code → mark (percentage or points, by the criteria), points by chapter and in all,
    and the report's texts. No expert, no rank, nobody else's score."""

    round: str
    marks: Mapping[str, Fraction]
    sections: Mapping[str, Fraction]
    total: Fraction
    strengths: str
    improvements: str
    conclusion: str


@act(
    "commendation.release_feedback",
    "公布评审反馈报告",
    duty=["F2", "G3"],
    article="四(四)2",
    roles=[Role.OFFICE],
    stages=[Stage.COMMENDATION, Stage.SUPERVISION],
)
def release_feedback(acting: Acting, cycle: Cycle) -> Outcome:
    """Let each applicant that was reviewed read its own feedback report; once, after the award decision (Q32)."""
    if selectors.confirmed(cycle):
        return Outcome(no("表彰决定尚未作出，不能公布评审反馈报告", article="四(四)2", duty="F2"))
    if FeedbackRelease.objects.filter(cycle=cycle).exists():
        return Outcome(no("评审反馈报告已经公布", article="四(四)2", duty="F2"))
    reviewed = set(reviews.results(cycle, "material"))
    entries = list(cycle.entries.filter(pk__in=reviewed).select_related("owner").order_by("code"))
    if not entries:
        return Outcome(no("没有经过评审的申报，无评审反馈报告可公布", article="四(四)2", duty="F2"))
    FeedbackRelease.objects.create(cycle=cycle, released_at=clock.now())
    tell = [To(f"person:{e.owner.code}", "评审反馈报告可供查阅", f"{e.code}：请登录查阅本申报的评审得分和评审报告") for e in entries]
    text = f"已向 {len(entries)} 项申报公布评审反馈报告"
    return Outcome(yes(text, duty="F2"), {"entries": [e.code for e in entries]}, tell=tell)


def feedback(acting: Acting, entry: Entry) -> list[Feedback]:
    """The applicant's own feedback, round by round; nothing before the release, and nothing of anybody else's entry."""
    if acting.role != Role.APPLICANT or not own(acting, entry) or not FeedbackRelease.objects.filter(cycle=entry.cycle).exists():
        return []
    counts = {row.round: row for row in Result.objects.filter(entry=entry).order_by("version")}  # the last version counts
    written = {row.round: row for row in Report.objects.filter(entry=entry)}
    return [_of(counts[name], written.get(name)) for name in ("material", "site") if name in counts]


def _of(row: Result, report: Report | None) -> Feedback:
    texts = (report.strengths, report.improvements, report.conclusion) if report else ("", "", "")
    return Feedback(row.round, marks(row.marks), marks(row.sections), row.total, *texts)
