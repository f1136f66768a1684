"""One entry or sixty: as many questions of the database, for every role at every stage; and nothing offered that is not one's own."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.process.agenda.crowd import Crowd
from tests.stages.playing import Played, begun
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.acts.permission import permit
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process import reach
from zhiheng.process.agenda import Todo, counts, next_of, pending, summary, waiting
from zhiheng.process.register import cycles
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry

STAFF = {Role.OFFICE, Role.AGENCY, Role.INSPECTOR}


def queries(acting: Acting) -> int:
    waiting(acting)  # the pack is read once a process
    with CaptureQueriesContext(connection) as asked:
        waiting(acting)
    return len(asked)


def told(todos: list[Todo]) -> str:
    return repr([(t.act, t.title, t.what, t.blocked, t.subject, t.until, t.roles, t.count) for t in todos])


@pytest.mark.duty("L1")
class TestCrowd(Played):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world = begun(orgs=1, persons=0, members=3)
        with entropy.seeded(51):
            return world, applying.issue_call(world, 2024)

    def crowds(self, size: int) -> Iterator[tuple[Stage, Crowd]]:
        """A crowd at each stage, undone before the next."""
        for stage in self.world.pack.line:
            with transaction.atomic():
                yield stage, Crowd(self.world, self.cycle, size, stage)
                transaction.set_rollback(True)

    def counted(self, size: int) -> dict[tuple[Stage, Role], int]:
        """How many queries each role's agenda takes at each stage."""
        return {(stage, role): queries(acting) for stage, crowd in self.crowds(size) for role, acting in crowd.roles().items()}

    def test_one_or_sixty(self) -> None:
        assert self.counted(1) == self.counted(60)

    def test_what_is_offered_may_be_done_and_is_ones_own_to_read(self) -> None:
        offered = 0
        for stage, crowd in self.crowds(13):
            for role, acting in crowd.roles().items():
                found = waiting(acting)
                for one in found:
                    assert role in one.roles, (stage, one)
                    assert one.blocked or permit(REGISTER[one.act], acting, one.subject).ok, (stage, role, one)
                    if one.subject is not None:
                        assert reach.find(acting, *reach.address(one.subject).split(":", 1)) == one.subject, (stage, role, one)
                offered += len(found)
                assert summary(acting) == counts(found)
        assert offered > 500

    def test_many_alike_are_one_line_that_begins_with_the_first(self) -> None:
        for stage, crowd in self.crowds(13):
            if stage != Stage.QUALIFICATION:
                continue
            agency = crowd.roles()[Role.AGENCY]
            (one,) = waiting(agency)
            assert (one.act, one.count, one.of, one.subject) == ("qualification.check", 26, "entry", crowd.entries[0])
            assert one.what == f"{crowd.entries[0].code} {crowd.entries[0].name}等 26 项"
            assert summary(agency) == {"qualification.check": 26}
            (whole,) = [t for t in next_of(crowd.roles()[Role.OFFICE], self.cycle) if t.act == "qualification.check"]
            assert (whole.count, whole.mine, whole.roles) == (26, False, (Role.AGENCY,))

    def test_no_expert_no_objection_and_no_recusal_reaches_who_may_not_know(self) -> None:
        """Codes and names of experts stand in every crowd, objections and conflicts too; the office reads them, others do not (T2)."""
        seen = {"expert": 0, "objection": 0}
        for _, crowd in self.crowds(4):
            entry = Entry.objects.select_related("cycle").get(pk=crowd.entries[0].pk)
            for role, acting in crowd.roles().items():
                text = told([*next_of(acting, entry), *next_of(acting, self.cycle)])
                if role in STAFF:
                    seen["expert"] += "X000" in text
                    seen["objection"] += "正式异议" in text
                elif role != Role.RECOMMENDER:  # its own notices' objections are its own to answer
                    assert "X000" not in text, (role, text)
                    assert "回避" not in text, (role, text)
                    assert "正式异议" not in text, (role, text)
            open_text = told([*pending(entry), *pending(self.cycle)])
            assert not any(word in open_text for word in ("X000", "回避", "正式异议"))
        assert min(seen.values()) > 0

    def test_two_cycles_at_once_and_a_grant_for_one(self) -> None:
        """The office of all cycles sees both; who holds the role for one cycle only, that one, and nothing of the platform's."""
        office = self.world.people["office"]
        with transaction.atomic():
            Crowd(self.world, self.cycle, 13, Stage.NOMINATION, beside=1)
            self.world.do(cycles.create_cycle, "office", code="2026", year=2026, pack=self.world.pack)
            found = [(t.act, t.cycle.code if t.cycle else "", t.count) for t in waiting(office)]
            assert ("call.draft_plan", "2026", 1) in found
            assert ("nomination.check_bonus", "2024", 13) in found
            assert ("survey.decide_few", "2024", 26) in found
            assert ("panel.approve_expert", "", 1) in found
            person = Person.objects.create(name="借调人员")
            RoleGrant.objects.create(person=person, role="office", unit=office.unit, cycle="2026", granted_at=clock.now())
            assert [(t.act, t.cycle.code if t.cycle else "") for t in waiting(Acting(Role.OFFICE, person, office.unit))] == [
                ("call.draft_plan", "2026")
            ]
            transaction.set_rollback(True)

    def test_somebody_without_the_role_is_offered_nothing(self) -> None:
        for _, crowd in self.crowds(2):
            person = crowd.experts[4].person
            for role in Role:
                if role != Role.EXPERT:
                    assert waiting(Acting(role, person)) == []
            assert waiting(Acting(Role.PUBLIC)) == []
            assert next_of(Acting(Role.OFFICE, person), self.cycle) == []
