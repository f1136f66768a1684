"""What the room of a draw shows, for the page and for the wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zhiheng.faces.draws import chances, groups
from zhiheng.faces.draws.making import Making, making
from zhiheng.faces.draws.steps import Party, Step, lottery_of, parties, steps
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.panels import AT_WORK
from zhiheng.process.drawcheck import derived
from zhiheng.rules.pack import given
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.lotteries import titled
from zhiheng.stages.panel.models import METHODS, Draw, Expert, Lottery, Seat
from zhiheng.stages.panel.selectors import STAGE_OF

ROUNDS = {"material": "材料评审", "site": "现场评审"}
#: How long after a draw its page still looks for news by itself.
FRESH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Board:
    """A round's draw as it stands. draw: None while it is composed; current: whether it is the one that counts; version: changes when
    anything on the board does; live: whether anything still may."""

    cycle: Cycle
    round: str
    draw: Draw | None
    current: bool
    answers: tuple[int, int]
    line: tuple[Step, ...]
    making: Making | None
    parties: tuple[Party, ...]

    @property
    def title(self) -> str:
        """The round's name."""
        return _(ROUNDS[self.round])

    @property
    def running(self) -> bool:
        """Whether the cycle stands at the round's stage."""
        return bool(self.cycle.stage == STAGE_OF[self.round])

    @property
    def lottery(self) -> Lottery | None:
        """The published lottery."""
        found = lottery_of(self.draw)
        return found if found is not None and found.published_at else None

    @property
    def now(self) -> Step | None:
        """The step at which it stands; None when all are done or it was given up."""
        return next((step for step in self.line if step.progress == "current"), None)

    @property
    def live(self) -> bool:
        """Whether anything may still change."""
        if not (self.current and self.running):
            return False
        drawn = self.draw.drawn_at if self.draw else None
        return drawn is None or (self.answers[0] < self.answers[1] and clock.now() - drawn < FRESH)

    @property
    def balls(self) -> bool:
        """Whether balls are drawn."""
        return self.draw is not None and self.draw.method == "balls"

    @property
    def method(self) -> str:
        """How the ticket is drawn, in words."""
        return _(dict(METHODS)[self.draw.method]) if self.draw else ""

    @property
    def version(self) -> str:
        """A mark of all that it shows and that may change."""
        d = self.draw
        of_draw = (
            (d.pk, d.links_used, d.seed_commitments, d.seeds, len(d.discarded), d.public_number, d.ticket, bool(d.consent)) if d else ()
        )
        state = (self.making.state, self.making.done) if self.making else ()
        return digest_of([of_draw, state, self.answers, bool(self.lottery), self.cycle.stage])[:16]


@dataclass(frozen=True, slots=True)
class Whole:
    """What of a board is long and read for the page alone."""

    tables: Sequence[groups.Table] = ()
    changes: Sequence[dict[str, Any]] = ()
    pool: int = 0
    excluded: int = 0
    unfit: int = 0
    max_load: int = 0
    measures: Sequence[chances.Measure] = ()
    least: Sequence[chances.Line] = ()
    drawable: int = 0
    notes: Sequence[str] = ()
    benches: Sequence[groups.Bench] = ()
    derivation: Sequence[str] = ()
    smallest: int = 0
    largest: int = 0
    seats: int = 0
    names: dict[str, tuple[str, str]] = field(default_factory=dict)


def board(cycle: Cycle, name: str, draw: Draw | None, *, current: bool = True) -> Board:
    """The board of a draw; of a round that is composed, draw is None. A few queries, whatever its size."""
    answers = _answers(draw) if draw is not None and draw.drawn_at else (0, 0)
    lottery = lottery_of(draw)
    waits = draw is not None and draw.drawn_at is None and not (lottery and lottery.published_at)
    return Board(
        cycle,
        name,
        draw,
        current,
        answers,
        tuple(steps(draw, answers, counts=current)),
        making(draw, lottery, selectors.tickets(cycle)) if draw is not None and waits and current else None,
        tuple(parties(draw)) if draw is not None else (),
    )


def _answers(draw: Draw) -> tuple[int, int]:
    """Seats whose expert has accepted, of how many that are held now."""
    rows = Seat.objects.filter(panel__draw=draw, vacated_at=None)
    counted = rows.aggregate(given=Count("pk", filter=Q(answer="accepted") | Q(due=None) | Q(AT_WORK)), seats=Count("pk"))
    return counted["given"], counted["seats"]


def whole(acting: Acting, found: Board) -> Whole:
    """The long part, as the reader may see it."""
    draw = found.draw
    if draw is None:
        tables, changes = groups.composed(found.cycle, found.round), groups.changes(found.cycle, found.round)
        pool = Expert.objects.filter(status="active").count() - len(selectors.unfit_today(rules_of(found.cycle).parameters))
        return _sized(Whole(tables=tables, changes=changes, pool=pool))
    frozen = draw.frozen
    base: dict[str, Any] = {
        "tables": groups.frozen(draw),
        "pool": len(frozen["pool"]),
        "excluded": sum(bool(panel) for panel, _expert, _why in frozen["excluded"]),
        "unfit": sum(not panel for panel, _expert, _why in frozen["excluded"]),
        "max_load": frozen["max_load"],
    }
    if found.lottery is None:
        return _sized(Whole(**base))
    content = found.lottery.made
    lines = chances.lines(content)
    base |= {"measures": chances.measures(content), "least": lines[:5], "drawable": len(lines)}
    base["notes"] = [titled(draw, note) for note in content["notes"]]
    base["names"] = groups.names_of(acting, [line.code for line in lines[:5]])
    if draw.drawn_at:
        base |= {"benches": groups.drawn(acting, draw, content["chances"]), "derivation": derivation(draw, len(content["tickets"]))}
    return _sized(Whole(**base))


def _sized(found: Whole) -> Whole:
    loads = [len(table.members) for table in found.tables]
    sizes = {"smallest": min(loads, default=0), "largest": max(loads, default=0), "seats": sum(table.size for table in found.tables)}
    return Whole(**{name: getattr(found, name) for name in Whole.__slots__} | sizes)


def derivation(draw: Draw, tickets: int) -> tuple[str, ...]:
    """How the sources gave the ticket, step by step."""
    name = given(rules_of(draw.cycle).parameters.draw_digest, "sha256")
    return derived({"sources": draw.sources, "method": draw.method, "hash_name": name}, tickets)[1]


def reasons(draw: Draw) -> list[tuple[str, int]]:
    """Why experts were excluded, by how often."""
    grounds = (ground.partition("（")[0] for _panel, _expert, why in draw.frozen["excluded"] for ground in why.split("；"))
    return Counter(grounds).most_common(8)
