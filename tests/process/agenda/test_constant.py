"""One entry or sixty: the agenda asks the same number of questions of the database, for every role at every stage."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.process.agenda.crowd import Crowd
from tests.stages.playing import Played, begun
from zhiheng.foundation import entropy
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda import next_of, pending, waiting
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World
import time


def queries(acting: Acting) -> int:
    waiting(acting)  # the pack is read once a process
    with CaptureQueriesContext(connection) as asked:
        waiting(acting)
    return len(asked)


@pytest.mark.duty("L1")
class TestConstant(Played):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world = begun(orgs=1, persons=0, members=3)
        with entropy.seeded(51):
            return world, applying.issue_call(world, 2024)

    def counted(self, stage: Stage, size: int) -> dict[Role, tuple[int, int]]:
        """Role → queries, todos. Everything is undone afterwards."""
        with transaction.atomic():
            crowd = Crowd(self.world, self.cycle, size, stage)
            found = {role: (queries(acting), len(waiting(acting))) for role, acting in crowd.roles().items()}
            transaction.set_rollback(True)
        return found

    def test_every_role_at_every_stage(self) -> None:
        for stage in self.world.pack.line:
            one, sixty = self.counted(stage, 1), self.counted(stage, 60)
            print(stage, {role.value: one[role] for role in one if one[role][1]})
            print(stage, {role.value: sixty[role] for role in one if sixty[role][1]})
            assert {role: n for role, (n, _) in one.items()} == {role: n for role, (n, _) in sixty.items()}, stage

    def test_time(self) -> None:
        for stage in self.world.pack.line:
            with transaction.atomic():
                crowd = Crowd(self.world, self.cycle, 250 if stage not in (Stage.SITE_VISIT,) else 15, stage)
                for role, acting in crowd.roles().items():
                    best = 9e9
                    for _ in range(6):
                        t = time.process_time()
                        n = waiting(acting)
                        best = min(best, time.process_time() - t)
                    print(stage, role, round(best * 1000, 2), len(n), queries(acting))
                transaction.set_rollback(True)
        assert 0
