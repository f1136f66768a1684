"""The bonus of an award: given once, for at least one ground that staff have verified (H1, H2, Q9, Q10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhiheng.rules.clocks import add_years, chinese_date
from zhiheng.rules.decision import Decision, Reason, decide
from zhiheng.rules.pack import Award, BonusKind
from zhiheng.rules.thresholds import plain


@dataclass(frozen=True, slots=True)
class BonusClaim:
    """One ground claimed. verified: None while staff have not examined its evidence."""

    kind: str
    granted_on: date | None
    valid_until: date | None
    verified: bool | None


def bonus(claims: Sequence[BonusClaim], award: Award, reference: date) -> Decision[Fraction]:
    """The bonus points on the reference date (the application deadline, Q10): all of them once, or 0.

    A ground with `years` counts when granted at most so many years before the reference date; one without counts when it is valid on
    that date. A ground not yet examined gives nothing and is a warning. A ground that the award does not know refuses.
    """
    kinds = {kind.code: kind for kind in award.bonus.kinds}
    duty = duty_of(award)
    reasons, earned = [], False
    for claim in claims:
        kind = kinds.get(claim.kind)
        if kind is None:
            text = f"“{claim.kind}”不是{award.title}规定的加分情形，请更正加分申报"
            reasons.append(Reason(False, text, award.bonus.article, duty, "bonus.unknown"))
            continue
        counts, text, code = _judge(claim, kind, reference)
        pending = code == "bonus.pending"
        reasons.append(Reason(not pending, text, kind.article, duty, code, warning=pending))
        earned = earned or counts
    points = award.bonus.points if earned else Fraction(0)
    if all(reason.ok or reason.warning for reason in reasons):
        summary = f"加{plain(points)}分（符合一项及以上只加一次）" if earned else "无已核实的加分情形，不加分"
        reasons.append(Reason(True, summary, award.bonus.article, duty, "bonus.points"))
        return decide(reasons, points)
    return decide(reasons)


def duty_of(award: Award) -> str:
    """The duty that makes up the final score of this award: H1 for organizations, H2 for individuals."""
    return "H1" if award.applicant == "organization" else "H2"


def _judge(claim: BonusClaim, kind: BonusKind, reference: date) -> tuple[bool, str, str]:
    """Whether one claim counts, with the text and the code that say why."""
    on = chinese_date(reference)
    if claim.verified is None:
        return False, f"“{kind.title}”证明材料尚未核实，核实前不计加分，请工作人员核实", "bonus.pending"
    if not claim.verified:
        return False, f"“{kind.title}”经核实不成立，不计加分", "bonus.rejected"
    if claim.granted_on is not None and claim.granted_on > reference:
        return False, f"“{kind.title}”于{chinese_date(claim.granted_on)}取得，晚于基准日{on}，不计加分", "bonus.later"
    if kind.years is not None:
        if claim.granted_on is None:
            return False, f"“{kind.title}”未填写取得日期，不能认定为近{kind.years}年内取得，不计加分，请补填", "bonus.undated"
        if add_years(claim.granted_on, kind.years) < reference:
            return False, f"“{kind.title}”于{chinese_date(claim.granted_on)}取得，至{on}已超过{kind.years}年，不计加分", "bonus.old"
        return True, f"“{kind.title}”于{chinese_date(claim.granted_on)}取得，在近{kind.years}年之内，已核实", "bonus.counts"
    if claim.valid_until is None:
        return False, f"“{kind.title}”未填写有效期截止日，不能认定在有效期内，不计加分，请补填", "bonus.undated"
    if claim.valid_until < reference:
        return False, f"“{kind.title}”有效期至{chinese_date(claim.valid_until)}，在{on}已失效，不计加分", "bonus.expired"
    return True, f"“{kind.title}”在{on}处于有效期内，已核实", "bonus.counts"
