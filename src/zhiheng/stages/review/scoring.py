"""The scoring steps that both rounds share: taking a sheet, agreeing, computing a result (F2, F3, G3, Q2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.question import Question
from zhiheng.rules import scoring
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import entering_status
from zhiheng.rules.pack import Criteria
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel, Seat
from zhiheng.stages.panel.selectors import STAGE_OF, barred_by_conflict, bars, seats_at
from zhiheng.stages.review import facts
from zhiheng.stages.review.models import Consensus, Report, Result, Sheet

LONGEST = 4000  # characters of one comment


def _standing(entry: Any, expert: Any, round: str) -> QuerySet[Sheet]:  # noqa: A002
    return Sheet.objects.filter(entry=entry, expert=expert, round=round, voided_at=None).order_by("pk")


def _judge(person: int, round: str, entry: int) -> QuerySet[Seat]:  # noqa: A002
    handed_in = Exists(_standing(entry, OuterRef("expert"), round))
    return seats_at(person, round, entry).annotate(barred=Exists(bars(person, entry)), handed_in=handed_in)[:1]


_own = Question(lambda entry, expert, stage: _standing(entry, expert, stage)[:1])
#: A seat with whether a conflict bars who sits there from the entry, and whether their sheet stands: while it is asked all others wait.
_seat: Question[Any] = Question(_judge)


def scheme_of(entry: Entry) -> Criteria:
    """The criteria that judge the entry."""
    return rules_of(entry.cycle).scheme(entry.award, entry.category)


def sheet_digest(entry: str, expert: str, round: str, marks: Mapping[str, str]) -> str:  # noqa: A002
    """What identifies a sheet: SHA-256 of its canonical JSON."""
    return digest_of({"entry": entry, "expert": expert, "round": round, "marks": dict(marks)})


def take_sheet(acting: Acting, entry: Entry, round: str, duty: str, raw: Mapping[str, Any], comments: Mapping[str, Any]) -> Outcome:  # noqa: A002
    """Lock one expert's independent sheet: seated, no conflict, complete and on the grid."""
    article = "四(四)2" if round == "material" else "四(五)2"
    assert acting.person is not None  # an expert is a person
    seat = _seat.first(acting.person.pk, round, entry.pk)
    if seat is None:
        return Outcome(no("您不是该申报的评审专家，不能评分", article=article, duty=duty, code="seat"))
    if not open_to(entry, round):
        return Outcome(no("该申报不在本轮评审中，不能评分", article=article, duty=duty, code="closed"))
    if seat.barred:
        return Outcome(no("您与该申报对象存在应当回避的情形，不能评分", article="七(七)", duty="K7", code="conflict"))
    if seat.handed_in:
        return Outcome(no("您已提交该申报的评分表，提交后不得修改", article=article, duty=duty, code="locked"))
    if not owes(seat, entry):
        return Outcome(no("您所接替的专家对该申报的评分有效，无须重新评分", article=article, duty=duty, code="succeeded"))
    if any(len(str(text)) > LONGEST for text in _texts(comments)):
        return Outcome(no(f"每条评语请控制在 {LONGEST} 字以内", article=article, duty=duty))
    scheme = scheme_of(entry)
    found = scoring.check_marks(raw, scheme, rules_of(entry.cycle).parameters)
    if found.value is None:
        return Outcome(Decision(found.reasons))
    stored = facts.text(found.value)
    sheet = Sheet.objects.create(
        panel=seat.panel,
        entry=entry,
        expert=seat.expert,
        round=round,
        marks=stored,
        comments=dict(comments),
        total=scoring.total(found.value, scheme),
        digest=sheet_digest(entry.code, seat.expert.code, round, stored),
        submitted_at=clock.now(),
    )
    payload = {
        "sheet_digest": sheet.digest,
        "entry": entry.code,
        "expert": seat.expert.code,
        "panel": seat.panel.code,
        "total": sheet.total,
    }
    return Outcome(yes("评分表已提交并锁定", duty=duty), payload, value=sheet)


def _texts(comments: Mapping[str, Any]) -> list[str]:
    return [str(t) for c in comments.values() for t in (c.values() if isinstance(c, Mapping) else [c])]


def agree(acting: Acting, panel: Panel, entry: Entry, round: str, duty: str, raw: Mapping[str, Any], reason: str) -> Outcome:  # noqa: A002
    """Record the marks that the panel agreed, after every member has handed in a sheet; earlier versions stay."""
    article = "四(四)2" if round == "material" else "四(五)2"
    closed = _not_yet(acting, panel, entry, round, article, duty, "合议")
    if closed is not None:
        return Outcome(closed)
    if not reason.strip():
        return Outcome(no("请填写合议说明", article=article, duty=duty))
    found = scoring.check_marks(raw, scheme_of(entry), rules_of(entry.cycle).parameters)
    if found.value is None:
        return Outcome(Decision(found.reasons))
    version = Consensus.objects.filter(entry=entry, round=round).count() + 1
    digests = Sheet.objects.filter(entry=entry, round=round, voided_at=None).values_list("digest", flat=True)
    row = Consensus.objects.create(
        panel=panel,
        entry=entry,
        round=round,
        version=version,
        marks=facts.text(found.value),
        sheets=sorted(digests),
        reason=reason,
        agreed_at=clock.now(),
    )
    payload = {"entry": entry.code, "panel": panel.code, "round": round, "version": version, "marks": row.marks, "sheets": row.sheets}
    return Outcome(yes("合议结果已记录", duty=duty), payload, subject=f"entry:{entry.code}", value=row)


def write_report(acting: Acting, panel: Panel, entry: Entry, duty: str, texts: Mapping[str, str]) -> Outcome:
    """The panel's report on an entry, once every member has handed in a sheet: strengths, improvements, conclusion."""
    round_ = panel.round
    article, title = ("四(四)2", "材料评审报告") if round_ == "material" else ("四(五)2", "现场评审报告")
    closed = _not_yet(acting, panel, entry, round_, article, duty, "评审报告")
    if closed is not None:
        return Outcome(closed)
    if not all(t.strip() for t in texts.values()):
        return Outcome(no(f"{title}须写明主要优势、改进机会和评审结论", article=article, duty=duty))
    if any(len(t) > LONGEST * 5 for t in texts.values()):
        return Outcome(no(f"评审报告各部分请控制在 {LONGEST * 5} 字以内", article=article, duty=duty))
    if Report.objects.filter(entry=entry, round=round_).exists():
        return Outcome(no(f"该申报的{title}已提交", article=article, duty=duty))
    Report.objects.create(entry=entry, panel=panel, round=round_, submitted_at=clock.now(), **texts)
    return Outcome(yes(f"{title}已提交", duty=duty), {"entry": entry.code, "panel": panel.code}, subject=f"entry:{entry.code}")


def _not_yet(
    acting: Acting,
    panel: Panel,
    entry: Entry,
    round: str,  # noqa: A002
    article: str,
    duty: str,
    what: str,
) -> Decision[None] | None:
    """Why the panel may not speak on the entry as one: not its own, over, a speaker with a conflict, or sheets still missing."""
    if panel.round != round or not panel.entries.filter(pk=entry.pk).exists():
        return no("该申报不由本组评审", article=article, duty=duty)
    if not open_to(entry, round):
        return no("该申报不在本轮评审中", article=article, duty=duty, code="closed")
    if acting.person is not None and barred_by_conflict(acting.person.pk, entry):
        return no("您与该申报对象存在应当回避的情形，不能参与评审", article="七(七)", duty="K7", code="conflict")
    if missing := missing_sheets(panel, entry, round):
        return no(f"专家 {'、'.join(missing)} 尚未提交独立评分，{what}须在独立评分之后进行", article=article, duty=duty)
    return None


def open_to(entry: Entry, round: str) -> bool:  # noqa: A002
    """Whether the entry is being judged in the round: it entered, has not been handed over, and was not withdrawn."""
    return entry.status == entering_status(rules_of(entry.cycle).line, STAGE_OF[round]).value


def own_sheet(entry: Entry, expert: int, round: str) -> Sheet | None:  # noqa: A002
    """The sheet that the expert (pk) has locked for the entry and that stands."""
    return _own.first(entry.pk, expert, round)


def owes(seat: Seat, entry: Entry) -> bool:
    """Whether the seat, without a sheet of its own, owes one for the entry: a successor not where their predecessor's stands (Q18)."""
    return not seat.succeeds_id or seat.expert.code in missing_sheets(seat.panel, entry, seat.panel.round)


def missing_sheets(panel: Panel, entry: Entry, round: str) -> list[str]:  # noqa: A002
    """Codes of the panel's experts who owe a sheet for the entry.

    A seat has its sheet when one stands of whoever sits there or sat there before: a successor owes one only where there is none (Q18).
    """
    done = set(Sheet.objects.filter(entry=entry, round=round, panel=panel, voided_at=None).values_list("expert_id", flat=True))
    seats = {seat.pk: seat for seat in panel.seats.select_related("expert")}
    owing = []
    for holder in (seat for seat in seats.values() if seat.vacated_at is None):
        seat: Seat | None = holder
        while seat is not None and seat.expert_id not in done:
            seat = seats[seat.succeeds_id] if seat.succeeds_id else None
        if seat is None:
            owing.append(holder.expert.code)
    return sorted(owing)


def result(
    entry: Entry,
    round: str,  # noqa: A002
    sheets: list[Sheet],
    consensus: Consensus | None,
    version: int,
    passed: bool | None,
) -> Result:
    """An unsaved result from the sheets that stand and the consensus, by the pack's method."""
    scheme = scheme_of(entry)
    method = "consensus" if round == "site" else rules_of(entry.cycle).parameters.material_aggregation.value
    agreed = facts.marks(consensus.marks) if consensus else None
    if method == "consensus" and agreed is None and round == "material":
        method = "mean"  # only where a sheet was voided after the round, when nobody can agree any more
    marks = scoring.aggregate(facts.sheets(sheets), scheme, method if agreed is None or method == "consensus" else "mean", agreed)
    return Result(
        entry=entry,
        round=round,
        version=version,
        marks=facts.text(marks),
        sections=facts.text(scoring.section_points(marks, scheme)),
        total=scoring.total(marks, scheme),
        sheets=[s.digest for s in sheets],
        method="consensus" if agreed is not None else method,
        passed=passed,
        computed_at=clock.now(),
    )


def up_to_date(earlier: Result, sheets: list[Sheet], consensus: Consensus | None) -> bool:
    """Whether a result is what the sheets and the consensus that stand now give."""
    again = result(earlier.entry, earlier.round, sheets, consensus, earlier.version, earlier.passed)
    return (earlier.marks, earlier.total, sorted(earlier.sheets)) == (again.marks, again.total, sorted(again.sheets))
