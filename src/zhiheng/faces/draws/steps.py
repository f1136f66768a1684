"""The steps of a draw, where it stands, and what each party has brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiheng.faces.shared.official import day
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import Draw, Lottery
from zhiheng.stages.panel.seeds import PARTIES, WITNESSES, by_fours


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number and title, how it stands in words, and whether it is done, current, ahead or ended (given up)."""

    number: int
    title: str
    state: str
    progress: str
    dates: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the draw: the digest that it committed to and the number that it revealed, "" where not yet."""

    role: str
    title: str
    commitment: str
    number: str

    @property
    def short(self) -> str:
        """The beginning of the digest, as a wall shows it."""
        return f"{self.commitment[:8]} {self.commitment[8:16]} …" if self.commitment else ""

    @property
    def readable(self) -> str:
        """The number by fours, as it is read out."""
        return by_fours(self.number)


def lottery_of(draw: Draw | None) -> Lottery | None:
    """The lottery of a draw, which was read with it."""
    return draw.lottery if draw is not None and hasattr(draw, "lottery") else None


def parties(draw: Draw) -> list[Party]:
    """Who takes part or may, in the order in which their numbers make the key. An applicant only where one was named."""
    known = [role.value for role in WITNESSES if role != Role.APPLICANT or draw.representative_id]
    return [
        Party(role, _(ROLES[Role(role)]) if role != Role.APPLICANT else _("申报方代表"), draw.seed_commitments.get(role, ""), seed)
        for role in sorted({*known, *draw.seed_commitments, *draw.seeds})
        for seed in [draw.seeds.get(role, "")]
    ]


def steps(draw: Draw | None, answers: tuple[int, int], *, counts: bool = True) -> list[Step]:
    """The line of steps. answers: given, of how many seats; counts: whether the draw is the one that counts."""
    found: list[Step] = []
    for number, (title, done, state, at) in enumerate(_steps(draw, answers), 1):
        here = not done and all(step.progress == "done" for step in found)
        progress = "done" if done else ("current" if counts else "ended") if here else "ahead"
        said = state if done or here else _("未开始")
        found.append(Step(number, title, _("已重新冻结") if progress == "ended" else said, progress, day(at) if at and done else ""))
    return found


def _steps(draw: Draw | None, answers: tuple[int, int]) -> Iterator[tuple[str, bool, str, datetime | None]]:
    """Each step: title, whether it is done, how it stands, when it was done."""
    lottery, published = lottery_of(draw), False
    yield _("编组"), draw is not None, _("已定") if draw else _("可调整"), None
    yield _("冻结"), draw is not None, _("已冻结") if draw else _("待冻结"), draw.frozen_at if draw else None
    if lottery is not None:
        published = lottery.published_at is not None
    yield _("抽签方案"), published, _("已公布") if published else _("待公布"), lottery.published_at if lottery else None
    drawn = draw is not None and draw.drawn_at is not None
    if draw is not None and draw.method == "balls":
        entered = len(draw.seeds)
        text = ngettext("%(n)s方已录入", "%(n)s方已录入", entered) % {"n": entered}
        yield _("录入号码"), entered >= PARTIES, text, None
    else:
        made, shown = (len(draw.seed_commitments), len(draw.seeds)) if draw else (0, 0)
        text = ngettext("%(n)s方已承诺", "%(n)s方已承诺", made) % {"n": made}
        yield _("承诺"), made >= PARTIES and (shown > 0 or drawn), text, None
        text = ngettext("%(n)s方已揭示", "%(n)s方已揭示", shown) % {"n": shown}
        yield _("揭示"), made >= PARTIES and shown == made, text, None
    if draw is not None and draw.public_source:
        yield _("公开数"), bool(draw.public_number), _("已登记") if draw.public_number else _("待登记"), None
    yield _("抽取"), drawn, _("已抽取") if drawn else _("待抽取"), draw.drawn_at if draw else None
    given, seats = answers
    yield _("答复"), drawn and given == seats, _("%(given)s/%(seats)s") % {"given": given, "seats": seats} if seats else _("已取代"), None
