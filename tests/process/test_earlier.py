"""An application beside the party's earlier ones: staff at any time, experts only after their own sheet (B5, Q12)."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.stages.playing import Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import RoleGrant, Unit
from zhiheng.process.earlier import Earlier, side_by_side
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.nomination.models import Final
from zhiheng.stages.panel.models import Conflict, Seat
from zhiheng.stages.qualification.models import Qualification
from zhiheng.stages.review.models import Result, Sheet


@pytest.mark.duty("B5")
class TestEarlier(Played):
    """An entry under material review whose party applied in 2020 and 2022."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(Stage.MATERIAL_REVIEW, orgs=3, persons=0, experts=24, members=1)

    def setUp(self) -> None:
        super().setUp()
        self.entry = Entry.objects.filter(sheets__isnull=False).select_related("cycle").order_by("code")[0]
        for year, status in ((2020, EntryStatus.NOT_NOMINATED), (2022, EntryStatus.BELOW_MATERIAL)):
            self.earlier(year, status)

    def earlier(self, year: int, status: EntryStatus) -> None:
        """An application of an earlier cycle, as far as it came."""
        cycle = Cycle.objects.create(
            code=str(year), year=year, title=str(year), pack=self.cycle.pack, pinned_at=clock.at(date(year, 3, 1)), stage="supervision"
        )
        row = Entry.objects.create(
            code=f"{year}-Z-0001", cycle=cycle, party=self.entry.party, owner=self.entry.owner, recommender=self.entry.recommender,
            award="organization", category="organization", name=self.entry.name, form={"achievements": f"{year}年的业绩"},
            submitted_at=cycle.pinned_at, status=status.value,
        )  # fmt: skip
        common: dict[str, Any] = {"marks": {}, "sections": {}, "sheets": [], "method": "mean", "passed": True, "computed_at": clock.now()}
        Result.objects.create(entry=row, round="material", version=1, total=Fraction(400), **common)
        Result.objects.create(entry=row, round="material", version=2, total=Fraction(1499, 3), **common)
        if status == EntryStatus.NOT_NOMINATED:
            Result.objects.create(entry=row, round="site", version=1, total=Fraction(520), **common)
            parts = {"material": Fraction(1499, 3), "site": Fraction(520), "survey": None, "bonus": Fraction(0)}
            Final.objects.create(entry=row, version=1, total=Fraction(513), computed_at=clock.now(), **parts)

    def expert(self) -> tuple[Acting, Sheet]:
        """An expert who scored the entry, and the sheet."""
        sheet = Sheet.objects.filter(entry=self.entry, voided_at=None).select_related("expert__person").order_by("pk")[0]
        return Acting(Role.EXPERT, sheet.expert.person), sheet

    def why_not(self, acting: Acting) -> str:
        found = side_by_side(acting, self.entry)
        assert found.value is None
        assert [(r.duty, r.article) for r in found.refusals] == [("B5", "三(三)")]
        return found.refusals[0].code

    def test_staff_see_both_side_by_side_the_latest_first(self) -> None:
        Entry.objects.filter(pk=self.entry.pk).update(form=self.entry.form | {"improvement": "合格率提高"})
        Qualification.objects.filter(entry=self.entry).update(improvement="属实")
        self.entry.refresh_from_db()
        for who in ("office", self.world.cast.agency.code, "inspector"):
            found = side_by_side(self.world.people[who], self.entry).value
            assert found is not None
            assert (found.form, found.improvement, found.finding) == (self.entry.form, "合格率提高", "属实")
            assert found.earlier == (
                Earlier("2022-Z-0001", 2022, "organization", "organization", EntryStatus.BELOW_MATERIAL, {"achievements": "2022年的业绩"},
                        Fraction(1499, 3), None, None),
                Earlier("2020-Z-0001", 2020, "organization", "organization", EntryStatus.NOT_NOMINATED, {"achievements": "2020年的业绩"},
                        Fraction(1499, 3), Fraction(520), Fraction(513)),
            )  # fmt: skip

    def test_a_first_application_has_nothing_beside_it(self) -> None:
        other = Entry.objects.filter(sheets__isnull=False).exclude(pk=self.entry.pk)[0]
        found = side_by_side(self.world.people["office"], other).value
        assert found is not None
        assert (found.earlier, found.finding) == ((), "")

    def test_withdrawn_and_later_applications_are_not_shown(self) -> None:
        Entry.objects.filter(code="2022-Z-0001").update(status=EntryStatus.WITHDRAWN.value)
        Cycle.objects.filter(code="2020").update(pinned_at=clock.now())
        found = side_by_side(self.world.people["office"], self.entry).value
        assert found is not None
        assert found.earlier == ()

    def test_an_expert_only_after_their_own_sheet(self) -> None:
        acting, sheet = self.expert()
        assert side_by_side(acting, self.entry).ok
        Sheet.objects.filter(pk=sheet.pk).update(voided_at=clock.now())
        assert Sheet.objects.filter(entry=self.entry, voided_at=None).exists()  # others' sheets open nothing
        assert self.why_not(acting) == "unscored"
        Sheet.objects.filter(pk=sheet.pk).update(voided_at=None)
        Seat.objects.filter(panel=sheet.panel, expert=sheet.expert).update(vacated_at=clock.now())
        assert self.why_not(acting) == "scope"

    def test_an_expert_of_another_panel_or_with_a_conflict(self) -> None:
        acting, _ = self.expert()
        assert acting.person is not None
        seated = Seat.objects.filter(panel__entries=self.entry).values_list("expert__code", flat=True)
        stranger = next(self.world.people[c] for c in sorted(self.world.people) if c.startswith("ZJ") and c not in seated)
        assert self.why_not(stranger) == "scope"
        details = {"kind": "kin", "grounds": "亲属", "status": "standing", "found_at": clock.now()}
        Conflict.objects.create(person=acting.person, entry=self.entry, **details)
        assert self.why_not(acting) == "scope"

    def test_nobody_else(self) -> None:
        agency = Unit.objects.create(code="agency-2", kind=Role.AGENCY.value, name="另一机构")
        person = self.world.people["inspector"].person
        RoleGrant.objects.create(person=person, role=Role.AGENCY.value, unit=agency, granted_at=clock.now())
        others = [
            Acting(Role.AGENCY, person, agency), self.world.owners[self.entry.code], self.world.people[self.entry.recommender.code],
            self.world.people["chair"], Acting(Role.PUBLIC), Acting(Role.OFFICE, self.world.owners[self.entry.code].person),
            self.world.people[self.world.cast.departments[0].code],
        ]  # fmt: skip
        for acting in others:
            assert self.why_not(acting) == "scope", acting.role
