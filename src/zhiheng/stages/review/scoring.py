"""The scoring steps that both rounds share: taking a sheet, agreeing, computing a result (F2, F3, G3, Q2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules import scoring
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.pack import Criteria
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.panel.selectors import barred_by_conflict, seat_of
from zhiheng.stages.review import facts
from zhiheng.stages.review.models import Consensus, Result, Sheet

LONGEST = 4000  # characters of one comment


def scheme_of(entry: Entry) -> Criteria:
    """The criteria that judge the entry."""
    return rules_of(entry.cycle).scheme(entry.award, entry.category)


def sheet_digest(entry: str, expert: str, round: str, marks: Mapping[str, str]) -> str:  # noqa: A002
    """What identifies a sheet: SHA-256 of its canonical JSON."""
    return digest_of({"entry": entry, "expert": expert, "round": round, "marks": dict(marks)})


def take_sheet(acting: Acting, entry: Entry, round: str, duty: str, raw: Mapping[str, Any], comments: Mapping[str, Any]) -> Outcome:  # noqa: A002
    """Lock one expert's independent sheet: seated, no conflict, complete and on the grid."""
    article = "四(四)2" if round == "material" else "四(五)2"
    seat = seat_of(acting, entry, round)
    assert acting.person is not None  # an expert is a person
    if seat is None:
        return Outcome(no("您不是该申报的评审专家，不能评分", article=article, duty=duty, code="seat"))
    if barred_by_conflict(acting.person.pk, entry):
        return Outcome(no("您与该申报对象存在应当回避的情形，不能评分", article="七(七)", duty="K7", code="conflict"))
    if Sheet.objects.filter(entry=entry, expert=seat.expert, round=round, voided_at=None).exists():
        return Outcome(no("您已提交该申报的评分表，提交后不得修改", article=article, duty=duty, code="locked"))
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


def agree(panel: Panel, entry: Entry, round: str, duty: str, raw: Mapping[str, Any], reason: str) -> Outcome:  # noqa: A002
    """Record the marks that the panel agreed, after every member has handed in a sheet; earlier versions stay."""
    article = "四(四)2" if round == "material" else "四(五)2"
    if not panel.entries.filter(pk=entry.pk).exists():
        return Outcome(no("该申报不由本组评审", article=article, duty=duty))
    if missing := missing_sheets(panel, entry, round):
        return Outcome(no(f"专家 {'、'.join(missing)} 尚未提交独立评分，合议须在独立评分之后进行", article=article, duty=duty))
    if not reason.strip():
        return Outcome(no("请填写合议说明", article=article, duty=duty))
    found = scoring.check_marks(raw, scheme_of(entry), rules_of(entry.cycle).parameters)
    if found.value is None:
        return Outcome(Decision(found.reasons))
    version = Consensus.objects.filter(entry=entry, round=round).count() + 1
    stored = facts.text(found.value)
    row = Consensus.objects.create(
        panel=panel, entry=entry, round=round, version=version, marks=stored, reason=reason, agreed_at=clock.now()
    )
    payload = {"entry": entry.code, "panel": panel.code, "version": version, "marks": stored}
    return Outcome(yes("合议结果已记录", duty=duty), payload, subject=f"entry:{entry.code}", value=row)


def missing_sheets(panel: Panel, entry: Entry, round: str) -> list[str]:  # noqa: A002
    """Codes of the panel's experts who have not handed in a sheet for the entry. A seat vacated by a recusal owes none."""
    seated = panel.seats.filter(vacated_at=None).values_list("expert__code", flat=True)
    done = set(Sheet.objects.filter(entry=entry, round=round, voided_at=None).values_list("expert__code", flat=True))
    return sorted(set(seated) - done)


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
