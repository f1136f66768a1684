"""Counting one ballot on one candidate: yes votes against all members attending (I2, Q20, Q21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from zhiheng.rules.decision import Decision, Reason, decide, yes

Vote = Literal["yes", "no", "abstain"]
VOTES: tuple[Vote, ...] = ("yes", "no", "abstain")
ARTICLE = "四(七)2"


@dataclass(frozen=True, slots=True)
class Tally:
    """One candidate's count. missing: attending members whose ballot did not come in; needed: yes votes needed."""

    yes: int
    no: int
    abstain: int
    missing: int
    attending: int
    needed: int
    passed: bool


def tally(votes: Sequence[str], attending: int, share: Fraction) -> Decision[Tally]:
    """The count of one ballot. Abstentions and missing ballots stay in the denominator and are no yes.

    attending: members signed in when the ballot opened, without those recused from this candidate; share: of them, e.g. 2/3.
    The Decision is ok when the ballot could be counted; whether the candidate passed is in the value.
    Refused: nobody may vote; more votes than members attending; a vote that is not yes, no or abstain.
    """
    count = Counter(votes)
    reasons = []
    if attending < 1:
        text = "该候选对象没有可参加表决的出席委员，不能表决，请核对签到和回避情况"
        reasons.append(Reason(False, text, ARTICLE, "I2", "vote.nobody"))
    elif len(votes) > attending:
        text = f"收回{len(votes)}票，多于可参加表决的出席委员{attending}人，表决无效，请核对后重新投票"
        reasons.append(Reason(False, text, ARTICLE, "I2", "vote.surplus"))
    unknown = sorted(vote for vote in count if vote not in VOTES)
    if unknown:
        text = f"有无法识别的票（{'、'.join(unknown)}），只能投赞成、反对或弃权，请核对"
        reasons.append(Reason(False, text, ARTICLE, "I2", "vote.unknown"))
    if reasons:
        return decide(reasons)
    needed = ceil(attending * share)
    result = Tally(count["yes"], count["no"], count["abstain"], attending - len(votes), attending, needed, count["yes"] >= needed)
    text = (
        f"可参加表决的出席委员{attending}人，赞成{result.yes}票、反对{result.no}票、弃权{result.abstain}票、未投{result.missing}票；"
        f"赞成票{'达到' if result.passed else '未达到'}所需的{needed}票，{'通过' if result.passed else '未通过'}"
    )
    return yes(text, result, article=ARTICLE, duty="I2", code="vote.passed" if result.passed else "vote.failed")
