"""Cycles as rows, for the pages that oversee them: as many entries as a test wants, in any state, and who may look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client

from tests.faces.public import data
from tests.faces.seating import seated
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.services import load_calendar_files
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Member
from zhiheng.stages.qualification.models import Commission

#: A Friday in the material review of 2026.
NOW = clock.at(date(2026, 5, 15), 10)
CITIES = (("sjz", "石家庄市"), ("ts", "唐山市"), ("bd", "保定市"))
DIVISIONS = ("34", "13", "83")


@dataclass
class World:
    """A cycle, its office, cities and agency, and one person in each role."""

    cycle: Cycle
    office: Unit
    cities: list[Unit]
    agency: Unit
    people: dict[Role, Acting]

    def client(self, role: Role) -> Client:
        """A browser of who has this role."""
        return seated(self.people[role])

    def get(self, role: Role, part: str = "", **query: str) -> Any:
        """A part of the cycle's page as this role sees it."""
        return self.client(role).get(f"/desk/cycles/{self.cycle.code}/{part}", query)

    def entry(self, number: int, status: EntryStatus = EntryStatus.ACCEPTED, name: str = "", **more: Any) -> Entry:
        """One organization's entry; cities and industries in turn."""
        unit = more.pop("recommender", self.cities[number % len(self.cities)])
        party = Party.objects.create(
            identity=f"uscc:{self.cycle.code}{number}", kind="organization", name=name or f"第{number}机械有限公司"
        )
        fields = {"award": "organization", "category": "organization", "industry": DIVISIONS[number % len(DIVISIONS)], **more}
        return Entry.objects.create(
            code=f"{self.cycle.code}-Z-{number:04d}", cycle=self.cycle, party=party, owner=self.people[Role.APPLICANT].person,
            recommender=unit, name=party.name, status=status.value, submitted_at=NOW - timedelta(days=30), **fields,
        )  # fmt: skip

    def person(self, number: int, status: EntryStatus, name: str, employer: str, **more: Any) -> Entry:
        """One person's entry."""
        boss = Party.objects.create(identity=f"uscc:b{number}", kind="organization", name=employer)
        party = Party.objects.create(identity=f"id:{self.cycle.code}{number}", kind="person", name=name, employer=boss)
        return Entry.objects.create(
            code=f"{self.cycle.code}-G-{number:04d}", cycle=self.cycle, party=party, owner=self.people[Role.APPLICANT].person,
            recommender=self.cities[0], name=name, award="individual", category="front_line", industry="34", status=status.value,
            submitted_at=NOW, **more,
        )  # fmt: skip

    def many(self, number: int, status: EntryStatus = EntryStatus.ACCEPTED, first: int = 1) -> list[Entry]:
        """Several organizations."""
        return [self.entry(first + n, status) for n in range(number)]


def world(code: str = "2026", stage: Stage = Stage.MATERIAL_REVIEW) -> World:
    """A cycle at this stage, called in March, applied for until the end of April."""
    load_calendar_files(data.ROOT / "rulepacks/calendars")
    cycle = Cycle.objects.create(
        code=code, year=int(code), title=f"{code}年度河北省政府质量奖", pack=data.rules(), stage=stage.value,
        pinned_at=clock.at(date(2026, 3, 5)), opens_on=date(2026, 3, 9), deadline=clock.at(date(2026, 4, 28), 18),
    )  # fmt: skip
    office = Unit.objects.create(code="office", kind="office", name="河北省政府质量奖评审委员会办公室")
    agency = Unit.objects.create(code="agency", kind="agency", name="质量评审服务中心")
    cities = [Unit.objects.create(code=c, kind="recommender", name=f"{city}市场监督管理局", city=city) for c, city in CITIES]
    units = {Role.OFFICE: office, Role.AGENCY: agency, Role.RECOMMENDER: cities[0]}
    people = {role: granted(role, units.get(role)) for role in Role if role != Role.PUBLIC}
    Commission.objects.create(cycle=cycle, agency=agency, terms="委托评审", commissioned_at=NOW)
    Member.objects.create(cycle=cycle, person=people[Role.CHAIR].person, seat=1, chair=True)
    return World(cycle, office, cities, agency, people)


def granted(role: Role, unit: Unit | None = None) -> Acting:
    """A person who holds the role."""
    person = Person.objects.create(name=f"{role.value}甲")
    RoleGrant.objects.create(person=person, role=role.value, unit=unit, granted_at=NOW)
    return Acting(role, person, unit)
