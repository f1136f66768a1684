"""The public satisfaction score of an individual: a weighted mean of the ratings, never a share of votes (F5, H2, Q24)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from zhiheng.rules.decision import Decision, Reason, decide, yes
from zhiheng.rules.pack import Parameters
from zhiheng.rules.thresholds import plain, shown


def satisfaction(counts: Mapping[str, int], full: Fraction, params: Parameters) -> Decision[Fraction]:
    """The survey's points out of `full`, from the number of answers of each rating.

    Answers whose rating has no weight (不了解) are left out of the mean and do not count as valid. Too few valid answers refuse:
    the office then records how it decides. An unknown rating or a count that is no whole number ≥ 0 refuses.
    """
    weights = {str(rating): weight for rating, weight in params.survey_weights.value.items()}
    article = params.survey_weights.article
    reasons: list[Reason] = []
    for rating, count in counts.items():
        if rating not in weights:
            text = f"测评选项“{rating}”不在规定选项之内，请核对测评数据"
            reasons.append(Reason(False, text, article, "F5", "survey.unknown"))
        elif isinstance(count, bool) or not isinstance(count, int) or count < 0:
            text = f"测评选项“{rating}”的份数“{count}”不是非负整数，请核对测评数据"
            reasons.append(Reason(False, text, article, "F5", "survey.count"))
    if reasons:
        return decide(reasons)
    rated = [(weight, counts.get(rating, 0)) for rating, weight in weights.items() if weight is not None]
    valid, least = sum(count for _, count in rated), params.survey_min_valid.value
    if valid < max(least, 1):
        text = f"有效测评{valid}份，少于{least}份，不能据以计分，请省质评办研究提出处理意见并记录在案"
        return decide([Reason(False, text, params.survey_min_valid.article, "F5", "survey.few")])
    share = sum((weight * count for weight, count in rated), Fraction(0)) / valid
    text = f"有效测评{valid}份，满意度{shown(share * 100)}%，折合{shown(share * full)}分（满分{plain(full)}分）"
    return yes(text, share * full, article=article, duty="H2", code="survey.score")
