"""The made-up award runs through the same engine, from its call to its supervision, with no code of its own.

Other points, one award, a pooled quota, an open ballot, half of the members as quorum, three stages fewer.
"""

import json
import tempfile
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import pytest
from django.test import TestCase, override_settings

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.foundation.parties.models import Ban
from zhiheng.process.register import calendar, nomination, supervision
from zhiheng.rules.clocks import add_years
from zhiheng.rules.lifecycle import EntryStatus, Stage
from zhiheng.rules.pack import Pack
from zhiheng.simulation import deciding, play
from zhiheng.simulation.cast.model import Cast, Claim, OrganizationCast, StaffCast, UnitCast
from zhiheng.simulation.world import World
from zhiheng.stages.committee import ballots
from zhiheng.stages.committee.models import Motion
from zhiheng.stages.nomination import selectors as nominations
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.supervision.models import Revisit

PACK = load_pack(Path(__file__).parents[1] / "packs" / "made-up")
#: The hidden abilities of the six applicants: two fall below 100 points of the papers, one between 100 and 120.5.
ABILITY = (20, 40, 56, 72, 80, 90)


def lakeside(found: Cast, pack: Pack) -> Cast:
    """The same people, living in the made-up town."""
    homes = [(r.code, r.city) for r in pack.recommenders]

    def moved(bodies: tuple[OrganizationCast, ...]) -> tuple[OrganizationCast, ...]:
        return tuple(replace(o, recommender=homes[n % 3][0], city=homes[n % 3][1], claims=()) for n, o in enumerate(bodies))

    orgs = tuple(replace(o, ability=a) for o, a in zip(moved(found.organizations), ABILITY, strict=True))
    prized = Claim("town_award", "镇级质量奖励", date(found.year, 1, 15), None)
    orgs = (*orgs[:3], replace(orgs[3], claims=(prized,)), *orgs[4:])
    units = tuple(
        UnitCast(r.code, "recommender", r.name, r.city, (StaffCast(f"{r.city}经办", f"fictional-{r.code}", "经办", ""),))
        for r in pack.recommenders
    )
    experts = tuple(replace(e, categories=("unit",), strictness=0) for e in found.experts)
    return replace(found, organizations=orgs, employers=moved(found.employers), persons=(), recommenders=units, experts=experts)


class Lakeside(TestCase):
    """One cycle of the made-up award, played to its supervision and two years on."""

    world: ClassVar[World]
    cycle: ClassVar[Cycle]

    @classmethod
    def setUpClass(cls) -> None:
        cls._folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._folder.cleanup)
        cls.addClassCleanup(clock.set_to, None)
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        clock.set_to(None)
        with override_settings(MEDIA_ROOT=Path(cls._folder.name)), entropy.seeded(5) as rng:
            cast = lakeside(play.players(rng, 6, 0, 12, 2025, 6), PACK)
            cls.world = play.begin(PACK, cast, rng)
            plot = play.Plot(objections=False, failing=False, late_recusal=False, tie=False)
            cls.cycle = play.cycle(cls.world, 2025, play.applicants(cast), plot)
        cls.moment = clock.now()

    def setUp(self) -> None:
        clock.set_to(self.moment)
        self.addCleanup(clock.set_to, None)

    @pytest.mark.duty("A1", "L1")
    def test_its_line_and_nothing_else(self) -> None:
        moves = [json.loads(e.body)["payload"] for e in JournalEntry.objects.filter(act="cycle.advance").order_by("seq")]
        assert [m["to"] for m in moves] == [s.value for s in PACK.line[2:]]
        assert (self.cycle.stage, rules_of(self.cycle).id) == ("supervision", "lakeside-2025")
        done = set(JournalEntry.objects.filter(kind="act", chain=self.cycle.chain).values_list("act", flat=True))
        assert {a.partition(".")[0] for a in done}.isdisjoint({"recommendation", "shortlist", "sitevisit", "survey"})
        assert journal.verify(self.cycle.chain) == []

    @pytest.mark.duty("F2", "F3")
    def test_its_grid_its_median_its_threshold(self) -> None:
        marks = {int(value) % 10 for sheet in Sheet.objects.all() for value in sheet.marks.values()}
        assert marks == {0}
        results = {e.code: e.results.get() for e in self.cycle.entries.exclude(status="draft")}
        assert {r.method for r in results.values()} <= {"median", "consensus"}
        assert [r.total >= 100 for _, r in sorted(results.items())] == [False, False, True, True, True, True]
        assert [r.passed for _, r in sorted(results.items())] == [False, False, True, True, True, True]

    @pytest.mark.duty("H1", "H3")
    def test_its_finals_are_the_papers_and_the_bonus(self) -> None:
        finals = nominations.finals(self.cycle)
        assert [(f.site, f.survey) for f in finals.values()] == [(None, None)] * 4
        assert sorted(f.bonus for f in finals.values()) == [0, 0, 0, 5]
        assert all(f.total == f.material + f.bonus for f in finals.values())
        row = nominations.candidates(self.cycle)
        assert row is not None
        assert {r["entry"] for r in row.ranked if Fraction(r["total"]) >= Fraction("120.5")} == set(row.chosen)
        assert len(row.chosen) == 3

    @pytest.mark.duty("I1", "I2")
    def test_its_open_ballot_carries_the_seats(self) -> None:
        motion = self.cycle.motions.order_by("code")[0]
        assert (motion.secret, motion.tally["needed"]) == (False, -(-motion.tally["attending"] // 2))
        votes = list(motion.ballots.order_by("seat").values_list("seat", "choice"))
        assert [seat for seat, _ in votes] == motion.entitled
        assert sum(choice == "yes" for _, choice in votes) == motion.tally["yes"]
        assert all(len(line) == 3 for line in ballots.listed(motion))
        closing = JournalEntry.objects.filter(act="committee.close_ballot").order_by("seq")[0]
        assert json.loads(closing.body)["payload"]["box"] == ballots.box_digest(motion)
        failed, held = self.cycle.meetings.order_by("pk")
        assert (failed.status, failed.attendances.count(), held.members) == ("failed", 2, 6)
        assert {m.present for m in Motion.objects.all()} == {6}

    @pytest.mark.duty("J1", "J3", "L2")
    def test_its_publicity_and_its_prizes(self) -> None:
        notice = self.cycle.notices.get(kind="proposed_winners")
        assert (notice.days, notice.title) == (3, "2025年度质量标杆拟授名单公示")
        winners = self.cycle.entries.filter(status="awarded").order_by("code")
        assert winners.count() >= 1
        assert [e.certificate.number for e in winners] == [f"ZLJ-2025-B0{n}" for n in range(1, winners.count() + 1)]
        assert {line.amount for e in winners for line in e.ledger.all()} == {30_000}

    @pytest.mark.duty("J4", "K3", "K5")
    def test_its_supervision(self) -> None:
        winners = self.cycle.entries.filter(status="awarded").count()
        details = {"holidays": [date(2027, 1, 1)], "workdays": [], "source": "2027年放假安排（测试）"}
        self.world.do(calendar.extend_calendar, "office", None, year=2027, **details)
        with entropy.seeded(6):
            revoked = deciding.follow_up(self.world, self.cycle)
        assert revoked is not None
        revoked.refresh_from_db()
        assert revoked.status == "revoked"
        assert self.cycle.entries.filter(status="awarded").count() == winners - 1
        assert Revisit.objects.get().unit.code in {"east", "west", "isle"}
        assert [n.title for n in self.cycle.notices.filter(kind="revocation_notice")] == ["2025年度临湖市质量标杆公告"]

    @pytest.mark.duty("K1", "K2")
    def test_its_bans(self) -> None:
        first = self.cycle.entries.filter(status="awarded").order_by("code")[0]
        other = self.cycle.entries.filter(status="below_material").order_by("code")[0]
        self.world.do(supervision.find_false, "office", other, text="材料虚假")
        self.world.do(supervision.revoke_deceit, "office", first, evidence="贿赂查实")
        today = clock.today()
        assert list(Ban.objects.order_by("until").values_list("until", flat=True)) == [add_years(today, 3), add_years(today, 6)]

    @pytest.mark.duty("L1")
    def test_an_act_of_a_stage_that_it_does_not_have(self) -> None:
        with pytest.raises(NotPermitted):
            self.world.do(nomination.compute_finals, "office", self.cycle)
        assert EntryStatus.SHORTLISTED.value not in set(self.cycle.entries.values_list("status", flat=True))
        assert Stage.SITE_VISIT not in PACK.line
