"""What may be done in the room now: what waits for the reader, what others owe, and what may be done beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from zhiheng.faces.desk.links import act_url
from zhiheng.faces.draws.board import Board
from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.acts.permission import permit
from zhiheng.process.agenda import Todo, next_of
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role

PUBLISH = "panel.publish_lottery"
#: Acts that are called otherwise when nothing waits for them.
AGAIN = {"panel.freeze": _l("重新冻结"), "panel.reveal_seed": _l("更正录入的号码")}


@dataclass(frozen=True, slots=True)
class Button:
    """An act as a button: where, its label, why not now, on which article, and a word more."""

    act: str
    url: str
    label: str
    why: tuple[Reason, ...] = ()
    article: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """What others owe: the act's title, who, why not yet."""

    title: str
    roles: tuple[Role, ...]
    blocked: str


def todos(acting: Acting, found: Board) -> list[Todo]:
    """What waits in the draw of the round that runs."""
    if not (found.current and found.running):
        return []
    return [one for one in next_of(acting, found.cycle) if one.act.startswith("panel.") and one.act != "panel.register_expert"]


def mine(waiting: list[Todo], found: Board) -> list[Button]:
    """The reader's own part as buttons, what can be done now first."""
    making = found.making is not None and found.making.state in ("queued", "making")
    buttons = [_button(one, _("抽签方案正在形成，请稍候") if making and one.act == PUBLISH else one.blocked) for one in waiting if one.mine]
    return sorted(buttons, key=lambda one: bool(one.why))


def _button(one: Todo, blocked: str) -> Button:
    why = (Reason(False, blocked),) if blocked else ()
    url = act_url(one.act, one.subject, one.details)
    if one.details.get("out") is not None:
        url += f"?out={one.details['out'].pk}"
    return Button(one.act, url, _(one.title), why, one.article, one.what if one.act in ("panel.replace", "panel.name_leader") else "")


def owed(waiting: list[Todo]) -> list[Owed]:
    """What others owe."""
    return [Owed(_(one.title), one.roles, one.blocked) for one in waiting if not one.mine]


def beside(acting: Acting, found: Board, offered: set[str]) -> list[Button]:
    """What may be done though nothing waits for it: regroup, freeze again, give commitments up, consent."""
    if not (found.current and found.running):
        return []
    buttons = []
    for act, why in _beside(found):
        spec = REGISTER[act]
        if act not in offered and acting.role in spec.roles and permit(spec, acting, found.cycle).ok:
            label = str(AGAIN.get(act) or _(spec.title))
            buttons.append(Button(act, act_url(act, found.cycle), label, (Reason(False, why),) if why else ()))
    return buttons


def _beside(found: Board) -> Iterator[tuple[str, str]]:
    """Act and why it cannot be done now."""
    draw: Any = found.draw
    begun = draw is not None and draw.begun
    locked = _("种子已揭示，须先由监督人员同意") if begun and not draw.consent else ""
    yield "panel.regroup", locked
    if draw is None:
        return
    yield "panel.freeze", locked
    if found.balls and draw.drawn_at is None and len(draw.seeds) == 1:
        yield "panel.reveal_seed", ""
    if draw.drawn_at is None and draw.seed_commitments and set(draw.seed_commitments) - set(draw.seeds):
        yield "panel.discard_seeds", locked
    if begun and not draw.consent:
        yield "panel.consent_again", ""
