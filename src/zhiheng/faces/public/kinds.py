"""What the kinds of notice are called in public, to which stage they belong, and what being listed in one means."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.rules.lifecycle import Stage

LISTED = _("列入名单")


@dataclass(frozen=True, slots=True)
class Kind:
    """title: in lists and filters; stage: under which it stands; listed: what it says of an entry that it names; merits: whether the
    main achievements are published with it, which the rules ask of the shortlist only (F5)."""

    title: str | Promise
    stage: Stage | None = None
    listed: str | Promise = LISTED
    merits: bool = False


CALL_NOTICE, CALL_ANNOUNCEMENT = "call_notice", "call_announcement"
CITY, ACCEPTED, SHORTLIST, PROPOSED = "city_publicity", "accepted_list", "shortlist_publicity", "proposed_winners"
COMMENDATION, REVOCATION = "commendation", "revocation_notice"

KINDS: dict[str, Kind] = {
    CALL_NOTICE: Kind(_("申报通知"), Stage.CALL),
    CALL_ANNOUNCEMENT: Kind(_("申报公告"), Stage.CALL),
    CITY: Kind(_("推荐公示"), Stage.RECOMMENDATION, _("列入拟推荐名单")),
    ACCEPTED: Kind(_("受理公示"), Stage.QUALIFICATION, _("列入受理名单")),
    SHORTLIST: Kind(_("入围公示"), Stage.SHORTLIST, _("列入拟进入现场评审名单"), merits=True),
    PROPOSED: Kind(_("授奖公示"), Stage.PUBLICITY, _("列入授奖建议名单")),
    COMMENDATION: Kind(_("表彰通报"), Stage.COMMENDATION, _("获得表彰奖励")),
    REVOCATION: Kind(_("取消奖励公告"), Stage.SUPERVISION, _("被取消奖励")),
}
OTHER = Kind(_("公告"))
#: The published lists that are counted, in the order of the procedure.
COUNTED = (
    (CITY, _("公示拟推荐")),
    (ACCEPTED, _("予以受理")),
    (SHORTLIST, _("拟进入现场评审")),
    (PROPOSED, _("建议授奖")),
    (COMMENDATION, _("表彰奖励")),
)


def kind_of(code: str) -> Kind:
    """The kind with this code; a plain announcement where a pack brings one of its own."""
    return KINDS.get(code, OTHER)
