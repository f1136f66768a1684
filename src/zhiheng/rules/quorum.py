"""The quorum of the committee: a share of all members appointed, rounded up to whole members (I1, Q19)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from zhiheng.rules.decision import Decision, no, yes

ARTICLE = "四(七)1"


def quorum(members: int, share: Fraction) -> int:
    """The fewest members that must attend: ceil(members × share). Raises ValueError for a negative number of members."""
    if members < 0:
        raise ValueError("委员总数不能为负")
    return ceil(members * share)


def may_open(members: int, present: int, share: Fraction) -> Decision[int]:
    """Whether the committee may open and vote. Value: the quorum. No proxies: `present` are members in person (Q19).

    members: all members appointed at the meeting; share: of all members, e.g. 2/3.
    """
    if members < 1:
        return no("尚未登记省质评委委员名单，不能开会表决，请先登记全体委员", article=ARTICLE, duty="I1", code="quorum.members")
    if not 0 <= present <= members:
        text = f"签到{present}人与委员总数{members}人不符，请核对签到名单"
        return no(text, article=ARTICLE, duty="I1", code="quorum.present")
    needed = quorum(members, share)
    if present >= needed:
        text = f"委员总数{members}人，出席{present}人，达到法定人数{needed}人"
        return yes(text, needed, article=ARTICLE, duty="I1", code="quorum.met")
    text = f"委员总数{members}人，出席{present}人，未达到法定人数{needed}人，不得表决，请待出席人数达到后再开始"
    refusal: Decision[int] = no(text, article=ARTICLE, duty="I1", code="quorum.short")
    return Decision(refusal.reasons, needed)
