"""What of an agenda concerns a thing, and what of it anybody may read (T1, T2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.agenda.notices import running
from zhiheng.process.agenda.todo import NOTHING, Todo, line
from zhiheng.process.register import REGISTER
from zhiheng.rules.lifecycle import PASS, EntryStatus, Role, Stage, entering_status
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Meeting, Motion

#: Who reads what others owe in full: sheets in numbers, recusals, objections.
READS_ALL = frozenset({Role.OFFICE, Role.AGENCY, Role.INSPECTOR})
#: The steps of the procedure as the regulation tells them to everybody. Whatever else waits speaks of somebody: a disagreement of
#: experts, an objection, a recusal, a department's doubt.
OPEN = frozenset(
    {
        "call.draft_plan", "call.approve_plan", "call.issue", "application.open", "application.submit", "recommendation.check",
        "recommendation.city_opinion", "recommendation.publish", "recommendation.sign", "recommendation.consent",
        "recommendation.recommend", "qualification.commission", "qualification.check", "qualification.consult", "qualification.publish",
        "qualification.settle", "panel.freeze", "panel.draw", "review.submit_sheet", "review.submit_report", "review.score",
        "review.hand_over", "shortlist.authority_opinion", "shortlist.approve", "shortlist.publish", "shortlist.settle",
        "shortlist.notify", "survey.open", "survey.close", "sitevisit.plan", "sitevisit.step", "sitevisit.submit_sheet",
        "sitevisit.submit_report", "sitevisit.hand_in", "sitevisit.score", "sitevisit.hand_over", "nomination.compute_finals",
        "nomination.settle_candidates", "nomination.submit_report", "committee.convene", "committee.resolve", "commendation.publish",
        "commendation.confirm", "commendation.approve", "commendation.award", "commendation.release_feedback", "publicity.close",
        "cycle.advance",
    }
)  # fmt: skip
#: What stands in the place of an act whose name alone would tell something.
INSTEAD = {
    "recommendation.decline": "recommendation.recommend",
    "recommendation.return": "recommendation.recommend",
    "review.record_consensus": "review.submit_report",
    "review.void_sheet": "review.submit_sheet",
    "panel.replace": "panel.draw",
    "sitevisit.record_consensus": "sitevisit.submit_report",
    "commendation.cancel": "commendation.confirm",
    "committee.open_ballot": "committee.resolve",
    "committee.close_ballot": "committee.resolve",
    "committee.cast": "committee.resolve",
}
#: An entry that goes on waits for its cycle, where nothing else is to be done for it.
PASSING = frozenset(PASS.values()) - {EntryStatus.AWARDED}
LATER = "待前序程序完成后办理"


def relevant(todos: Iterable[Todo], subject: Any) -> list[Todo]:
    """Those that concern the cycle, the entry, or another thing: an act on it, or one whose details name it."""
    if isinstance(subject, Cycle):
        return [one for one in todos if one.cycle == subject]
    if isinstance(subject, Entry):
        return [one for one in todos if _of_entry(one, subject)]
    return [one for one in todos if one.subject == subject or subject in one.details.values()]


def without_passage(todos: list[Todo]) -> list[Todo]:
    """The passage to the next stage waits for everything else: it is told of an entry only where nothing else is to be done."""
    return [one for one in todos if one.act != "cycle.advance"] or todos


def _of_entry(one: Todo, entry: Entry) -> bool:
    """What is done on the whole cycle concerns an entry while it stands at the stage; the passage to the next one, once it has passed."""
    if one.act == "cycle.advance":
        return EntryStatus(entry.status) in PASSING
    if isinstance(one.subject, Motion):
        return one.subject.entry_id == entry.pk
    if isinstance(one.subject, Meeting):
        return one.act == "committee.resolve" or one.details.get("entry") == entry
    if isinstance(one.subject, Cycle | Notice):
        return _stands(entry)
    return True


def _stands(entry: Entry) -> bool:
    stage, status = Stage(entry.cycle.stage), EntryStatus(entry.status)
    if stage == Stage.APPLICATION:
        return status in (EntryStatus.DRAFT, EntryStatus.SUBMITTED)
    return stage not in (Stage.CALL, Stage.SUPERVISION) and status == entering_status(rules_of(entry.cycle).line, stage)


def plain(one: Todo, subject: Entry | Cycle) -> Todo | None:
    """The todo as anybody may read it: the step, who may do it, a public date; None where it has no public name."""
    act = INSTEAD.get(one.act, one.act)
    if act not in OPEN:
        return None
    spec = REGISTER[act]
    notice = one.subject if isinstance(one.subject, Notice) else None
    blocked = (running(notice) if notice else "") or (LATER if one.blocked or act != one.act else "")
    if act == "cycle.advance" and one.until:
        blocked = one.blocked
    dated = act in ("publicity.close", "cycle.advance", "application.submit", "application.open", "survey.close")
    return Todo(
        act=act,
        title=one.title if act == "cycle.advance" else spec.title,
        subject=notice or subject,
        what=notice.title if notice else line(subject) if isinstance(subject, Entry) else subject.title,
        article=rules_of(one.cycle).article(spec.duties[0], spec.article) if one.cycle else spec.article,
        duty=spec.duties[0],
        until=one.until if dated else None,
        blocked=blocked,
        roles=tuple(role for role in Role if role in spec.roles),
        details=NOTHING,
        cycle=one.cycle,
        mine=False,
    )
