"""What the tests of the draw's pages share: a cycle that comes to its material review, and the steps of a draw."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.faces.seating import seated
from tests.stages.playing import Played, played
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.register import panel
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.panel.models import Draw, Seat

NUMBERS = {"office": "1" * 24, "agency": "2" * 24, "inspector": "3" * 24}
ROOM = "/desk/cycles/2024/draws/material/"


class Composing(Played):
    """Five organizations and three persons before the freeze."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.QUALIFICATION, orgs=5, persons=3)
        applying.qualify(world, cycle, failing=False)
        applying.go_on(world, cycle)
        return world, fresh(cycle)

    def browser(self, who: str) -> Client:
        return seated(self.world.people[who])

    def published(self, **details: Any) -> Draw:
        self.world.do(panel.freeze, "agency", self.cycle, **details)
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        return Draw.objects.order_by("-pk")[0]

    def committed(self) -> None:
        for role, number in NUMBERS.items():
            self.world.do(panel.commit_seed, role, self.cycle, commitment=digest(number.encode()))

    def revealed(self) -> None:
        for role, number in NUMBERS.items():
            self.world.do(panel.reveal_seed, role, self.cycle, number=number)

    def drawn(self) -> Draw:
        self.published()
        self.committed()
        self.revealed()
        found: Draw = self.world.do(panel.draw, "agency", self.cycle, present=["周工"]).value
        return found

    def seat(self) -> Seat:
        rows = Seat.objects.select_related("panel__cycle", "expert__person").filter(panel__award="organization")
        return rows.order_by("pk")[0]
