"""Examinations as frozen facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.eligibility import SideFacts
from zhiheng.rules.pack import Check
from zhiheng.stages.application import texts

_LONGEST = 2000


def sides(rows: Iterable[Mapping[str, Any]]) -> tuple[SideFacts, ...]:
    """What an examiner entered, side by side."""
    return tuple(SideFacts(str(row["code"]), row["passed"], str(row.get("note", ""))) for row in rows)


def typed(rows: Sequence[Mapping[str, Any]], wanted: Sequence[Check], what: str, duty: str) -> Decision[list[dict[str, Any]]]:
    """An examination as entered: every wanted side once, each passed or failed, a failed one with its reason. Value: what is kept.

    what: the examination's name in Chinese. Used for the four sides of D4 and the five of E1.
    """
    article = wanted[0].article if wanted else "四"
    if sorted(str(row.get("code", "")) for row in rows) != sorted(check.code for check in wanted):
        names = "、".join(check.title for check in wanted)
        return no(f"{what}须就{names}各填写一次结论", article=article, duty=duty, code="sides")
    if any(not isinstance(row.get("passed"), bool) for row in rows):
        return no(f"{what}的结论须为“符合”或“不符合”", article=article, duty=duty, code="sides")
    kept = [{"code": str(row["code"]), "passed": row["passed"], "note": str(row.get("note", ""))} for row in rows]
    if any(not row["passed"] and not row["note"].strip() for row in kept):
        return no(f"{what}不符合的方面须写明情况，将告知申报人和推荐单位", article=article, duty=duty, code="note")
    fit = texts.fit(article, duty, *(("审查情况", row["note"], _LONGEST) for row in kept))
    return yes(value=kept) if fit.ok else Decision(fit.reasons)
