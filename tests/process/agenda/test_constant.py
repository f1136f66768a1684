"""One entry or sixty: the agenda asks the same number of questions of the database, for every role at every stage."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.process.agenda.crowd import Crowd
from tests.stages.playing import Played, begun
from zhiheng.foundation import entropy
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda import waiting
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World


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
            assert {role: n for role, (n, _) in one.items()} == {role: n for role, (n, _) in sixty.items()}, stage
