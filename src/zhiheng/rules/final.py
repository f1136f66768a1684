"""The final score: weighted material and site scores, the survey where the award has one, and the bonus (H1, H2, Q8)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from zhiheng.rules.bonus import duty_of
from zhiheng.rules.decision import Decision, Reason, decide, yes
from zhiheng.rules.pack import Award
from zhiheng.rules.thresholds import plain, shown

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class FinalScore:
    """The final score and its parts, in points, exact. total is their sum."""

    total: Fraction
    weighted_material: Fraction
    weighted_site: Fraction
    survey: Fraction
    bonus: Fraction


def final_score(award: Award, material: Fraction, site: Fraction | None, survey: Fraction | None, bonus: Fraction) -> Decision[FinalScore]:
    """The final score from exact parts (points). Nothing is rounded.

    Refused: a site score missing where it has weight; a survey score missing where the award has a survey; a part below 0 or above its
    full mark. A part that has no weight in this award is left out.
    """
    weights, full_survey = award.weights.value, award.survey_full.value
    site_weight = weights.get("site", ZERO)
    reasons = []
    if site is None and site_weight > 0:
        reasons.append(_refuse(award, "尚无现场评审得分，不能计算最终得分，请先完成现场评审并提交合议得分", "final.site"))
    if survey is None and full_survey > 0:
        reasons.append(_refuse(award, "尚无公众满意度测评得分，不能计算最终得分，请先完成公众满意度测评", "final.survey"))
    parts = (
        ("材料评审得分", material, award.full_mark),
        ("现场评审得分", site, award.full_mark),
        ("公众满意度测评得分", survey if full_survey > 0 else None, full_survey),
        ("加分", bonus, award.bonus.points),
    )
    for name, part, full in parts:
        if part is not None and not 0 <= part <= full:
            text = f"{name}{shown(part)}分不在0分至{plain(full)}分之间，请核对后重新计算"
            reasons.append(_refuse(award, text, "final.range"))
    if reasons:
        return decide(reasons)
    weighted_material = weights.get("material", ZERO) * material
    weighted_site = site_weight * site if site is not None else ZERO
    counted = survey if survey is not None and full_survey > 0 else ZERO
    total = weighted_material + weighted_site + counted + bonus
    score = FinalScore(total, weighted_material, weighted_site, counted, bonus)
    return yes(_text(award, score), score, article=award.weights.article, duty=duty_of(award), code="final.score")


def _text(award: Award, score: FinalScore) -> str:
    parts = [f"材料评审{shown(score.weighted_material)}分", f"现场评审{shown(score.weighted_site)}分"]
    if award.survey_full.value > 0:
        parts.append(f"公众满意度{shown(score.survey)}分")
    parts.append(f"加分{plain(score.bonus)}分")
    return f"最终得分{shown(score.total, threshold=award.final_threshold.value)}分，其中" + "、".join(parts)


def _refuse(award: Award, text: str, code: str) -> Reason:
    return Reason(False, text, award.weights.article, duty_of(award), code)
