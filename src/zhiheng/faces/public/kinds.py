"""What the kinds of notice are called in public, to which stage they belong, and what being listed in one means."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.rules.lifecycle import Stage


@dataclass(frozen=True, slots=True)
class Kind:
    """title: in lists and filters; stage: under which it stands; listed: what it says of an entry that it names; merits: whether the
    main achievements are published with it, which the rules ask of the shortlist only (F5)."""

    title: str
    stage: Stage | None = None
    listed: str = "列入名单"
    merits: bool = False


CALL_NOTICE, CALL_ANNOUNCEMENT = "call_notice", "call_announcement"
CITY, ACCEPTED, SHORTLIST, PROPOSED = "city_publicity", "accepted_list", "shortlist_publicity", "proposed_winners"
COMMENDATION, REVOCATION = "commendation", "revocation_notice"

KINDS: dict[str, Kind] = {
    CALL_NOTICE: Kind("申报通知", Stage.CALL),
    CALL_ANNOUNCEMENT: Kind("申报公告", Stage.CALL),
    CITY: Kind("推荐公示", Stage.RECOMMENDATION, "列入拟推荐名单"),
    ACCEPTED: Kind("受理公示", Stage.QUALIFICATION, "列入受理名单"),
    SHORTLIST: Kind("入围公示", Stage.SHORTLIST, "列入拟进入现场评审名单", merits=True),
    PROPOSED: Kind("授奖公示", Stage.PUBLICITY, "列入授奖建议名单"),
    COMMENDATION: Kind("表彰通报", Stage.COMMENDATION, "获得表彰奖励"),
    REVOCATION: Kind("取消奖励公告", Stage.SUPERVISION, "被取消奖励"),
}
OTHER = Kind("公告")
#: The published lists that are counted, in the order of the procedure.
COUNTED = ((CITY, "公示拟推荐"), (ACCEPTED, "予以受理"), (SHORTLIST, "拟进入现场评审"), (PROPOSED, "建议授奖"), (COMMENDATION, "表彰奖励"))


def kind_of(code: str) -> Kind:
    """The kind with this code; a plain announcement where a pack brings one of its own."""
    return KINDS.get(code, OTHER)
