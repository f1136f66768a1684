"""What may be done next, what has been done, which clocks run (L1, L2)."""

import pytest

from tests.stages.finalists import Scores, at_nomination, claim, visited
from tests.stages.playing import PUBLIC, Played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity import services as notices
from zhiheng.process.line import Due, due, history, possible, takes
from zhiheng.process.register import REGISTER, nomination, publicity, supervision
from zhiheng.rules.lifecycle import Role
from zhiheng.simulation import applying
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry


class Standing(Played):
    """A cycle at the nomination with two entries."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = at_nomination(3)
        for site in ("600", "500"):
            visited(world, cycle, "organization", Scores("600", site))
        return world, cycle

    @property
    def entry(self) -> Entry:
        return self.cycle.entries.order_by("code")[0]

    def ids(self, who: str | Acting, subject: object) -> list[str]:
        return sorted(spec.id for spec in possible(self.world.people[who] if isinstance(who, str) else who, subject))


@pytest.mark.duty("L1")
class TestPossible(Standing):
    def test_the_office_at_the_nomination(self) -> None:
        always = ["committee.appoint", "cycle.advance", "cycle.export", "supervision.record_abuse"]
        now = ["nomination.compute_finals", "nomination.settle_candidates", "nomination.submit_report"]
        assert self.ids("office", self.cycle) == sorted([*always, *now])
        row = claim(self.entry, "luban")
        assert self.ids("office", row) == ["nomination.check_bonus"]
        assert self.ids("office", self.entry) == ["panel.declare_conflict", "supervision.find_false"]
        assert self.ids("office", None) == ["calendar.extend", "cycle.create", "panel.export_experts", "panel.register_expert"]

    def test_an_applicant_only_on_its_own(self) -> None:
        mine, other = self.cycle.entries.order_by("code")
        owner = self.world.owners[mine.code]
        assert self.ids(owner, mine) == ["application.withdraw", "panel.declare_conflict"]
        assert self.ids(owner, other) == []

    def test_every_role_may_ask_of_every_kind_of_thing(self) -> None:
        """Acts of other kinds of things are never asked about this one: their scopes would not know it."""
        for who in [*self.world.people.values(), *self.world.owners.values(), PUBLIC]:
            for subject in (None, self.cycle, self.entry, self.world.people["office"].unit, claim(self.entry, "luban")):
                for spec in possible(who, subject):
                    assert isinstance(subject, takes(spec.body)), spec.id

    def test_what_an_act_takes_is_what_its_body_says(self) -> None:
        assert takes(REGISTER["nomination.check_bonus"].body).__name__ == "BonusClaim"
        assert takes(REGISTER["cycle.create"].body) is type(None)
        assert takes(REGISTER["cycle.advance"].body) is Cycle


@pytest.mark.duty("L1", "L3")
class TestHistory(Standing):
    def test_acts_and_refusals_of_a_subject_in_order(self) -> None:
        entry = self.entry
        self.refused(supervision.find_false, "office", entry, text=" ")
        self.world.minute()
        self.world.do(supervision.find_false, "office", entry, text="材料虚假")
        self.world.minute()
        self.world.do(nomination.check_bonus, "office", claim(entry, "luban"), verified=True, note="属实")
        self.world.do(supervision.find_false, "office", self.cycle.entries.order_by("code")[1], text="他人之事")
        shown = [(d.act, d.title, d.role, d.duties, d.refused) for d in history(entry)]
        assert shown == [
            ("supervision.find_false", "认定提供虚假材料", "office", ("K1",), True),
            ("supervision.find_false", "认定提供虚假材料", "office", ("K1",), False),
            ("nomination.check_bonus", "核实加分事由", "office", ("H1", "H2"), False),
        ]

    def test_nothing_done_is_an_empty_history(self) -> None:
        assert list(history(self.entry)) == []


@pytest.mark.duty("L2")
class TestDue(Standing):
    def test_a_notice_that_runs_and_then_is_ripe(self) -> None:
        office = self.world.people["office"].unit
        assert office is not None
        assert due(self.cycle) == []
        notice = notices.post(self.cycle, office, "proposed_winners").value
        assert notice is not None
        (one,) = due(self.cycle)
        assert (one.title, one.until, one.ripe) == (notice.title, notice.ends_on, False)
        assert "尚未届满" in one.why_not
        self.world.outlast(notice)
        assert due(self.cycle) == [Due(notice.title, one.until, one.article, True, "")]
        self.world.do(publicity.close, "office", notice)
        assert due(self.cycle) == []

    def test_the_deadline_comes_first(self) -> None:
        office, deadline = self.world.people["office"].unit, self.cycle.deadline
        assert office is not None
        assert deadline is not None
        notices.post(self.cycle, office, "proposed_winners")
        with clock.travel(deadline.replace(hour=9)):
            first, _ = due(self.cycle)
            assert (first.title, first.until, first.ripe) == ("申报截止", deadline.astimezone(clock.SHANGHAI).date(), False)
        with clock.travel(deadline):
            assert len(due(self.cycle)) == 1


@pytest.mark.duty("L1")
class TestAtTheCall(Played):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, _ = at_nomination()
        return world, applying.issue_call(world, 2026)

    def test_what_may_be_done_follows_the_stage(self) -> None:
        found = {spec.id for spec in possible(self.world.people["office"], self.cycle)}
        assert found == {"committee.appoint", "cycle.advance", "cycle.export", "supervision.record_abuse"}
        role = Acting(Role.APPLICANT, self.world.people["office"].person)
        assert possible(role, self.cycle) == []
