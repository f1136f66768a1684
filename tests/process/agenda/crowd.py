"""Many rows of everything that may wait, written straight into the tables: for counting queries and for measuring."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.stages.finalists import FORMS
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.entropy import token
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage, entering_status
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import BonusClaim, Entry
from zhiheng.stages.commendation.models import Approval, Certificate, LedgerLine
from zhiheng.stages.committee.models import Meeting, Member, Motion
from zhiheng.stages.panel.models import Conflict, Draw, Expert, Panel, Seat
from zhiheng.stages.qualification.models import Commission
from zhiheng.stages.recommendation.models import CityOpinion, Recommendation
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.shortlist.models import Shortlist
from zhiheng.stages.sitevisit.models import Visit, VisitStep
from zhiheng.stages.supervision.models import MisuseReport, Revocation
from zhiheng.stages.survey.models import Poll

E = EntryStatus


class Crowd:
    """`size` entries of one applicant in one city, with everything that the stage may ask for. roles: who may ask, by role."""

    def __init__(self, world: World, cycle: Cycle, size: int, stage: Stage, beside: int | None = None) -> None:
        """beside: how many notices, objections, recusals and new experts there are; as many as entries where not said."""
        self.world, self.cycle, self.size, self.stage = world, cycle, size, stage
        self.beside = size if beside is None else beside
        self.city: Unit = Unit.objects.get(code="sjz")
        self.owner = _person("申报经办人", Role.APPLICANT)
        self.now = clock.now()
        self._entries()
        self._rows()
        Cycle.objects.filter(pk=cycle.pk).update(stage=stage.value)
        cycle.refresh_from_db()

    def roles(self) -> dict[Role, Acting]:
        """One person for each role that signs in."""
        people = self.world.people
        agency = people[self.world.cast.agency.code]
        found = {Role.OFFICE: people["office"], Role.AGENCY: agency, Role.RECOMMENDER: people["sjz"], Role.INSPECTOR: people["inspector"]}
        found |= {Role.APPLICANT: Acting(Role.APPLICANT, self.owner), Role.EXPERT: Acting(Role.EXPERT, self.experts[0].person)}
        found |= {Role.CHAIR: people["chair"], Role.MEMBER: people["member2"], Role.ADMIN: people["admin"]}
        department = people[self.world.cast.departments[0].code]
        found[Role.DEPARTMENT] = department
        outside = (Role.COORDINATION, Role.COMMENDATION_AUTHORITY, Role.GOVERNMENT)
        found |= {role: Acting(role, _person(role.value, role)) for role in outside}
        for role in (Role.CITY_DEPARTMENT, Role.CITY_COORDINATION):
            found[role] = Acting(role, _person(role.value, role, self.city), self.city)
        return found

    def _entries(self) -> None:
        pack = rules_of(self.cycle)
        status = {Stage.APPLICATION: E.DRAFT, Stage.SUPERVISION: E.AWARDED, Stage.CALL: E.DRAFT}.get(self.stage)
        status = status or entering_status(pack.line, self.stage)
        parties = Party.objects.bulk_create(
            Party(identity=f"c:{self.cycle.code}:{n}", kind="organization", name=f"第{n:04d}公司", city=self.city.city, industry="34")
            for n in range(self.size * 2)
        )
        numbered = [
            (n, p, status if n < self.size else E.SUBMITTED if self.stage == Stage.APPLICATION else status) for n, p in enumerate(parties)
        ]
        self.entries = Entry.objects.bulk_create(
            Entry(
                code=f"{self.cycle.code}-Z-{n:04d}",
                cycle=self.cycle,
                party=party,
                owner=self.owner,
                recommender=self.city,
                award="organization",
                category="organization",
                status=at.value,
                name=party.name,
                industry="34",
                form={**FORMS["organization"], "achievements": ""},
                submitted_at=None if at == E.DRAFT else self.now - timedelta(days=90),
            )
            for n, party, at in numbered
        )

    def _rows(self) -> None:
        """What may wait, of each kind for one half of the entries, so that both halves are asked about."""
        self._objected()
        self._library()
        if self.stage in (Stage.APPLICATION, Stage.RECOMMENDATION):
            self._recommended()
        if self.stage in (Stage.MATERIAL_REVIEW, Stage.SITE_VISIT):
            self._judged("site" if self.stage == Stage.SITE_VISIT else "material")
        if self.stage == Stage.SHORTLIST:
            listed = [e.code for e in self.entries]
            Shortlist.objects.create(cycle=self.cycle, proposed=listed, authority_at=self.now, approved_at=self.now, notice=self.notice)
        if self.stage in (Stage.SHORTLIST, Stage.NOMINATION):
            Poll.objects.bulk_create(Poll(entry=e, cycle=self.cycle, **_over(self.now)) for e in self.entries)
        if self.stage == Stage.NOMINATION:
            BonusClaim.objects.bulk_create(BonusClaim(entry=e, kind="luban") for e in self.entries[: self.size])
        if self.stage == Stage.COMMITTEE:
            self._sitting()
        if self.stage == Stage.SUPERVISION:
            self._won()

    def _objected(self) -> None:
        """A notice a unit, as long as entries there are, and an objection to each; conflicts to rule on."""
        office = self.world.people["office"].unit
        assert office is not None
        fields: dict[str, Any] = {"days": 5, "posted_at": self.now - timedelta(days=20), "ends_on": clock.today() - timedelta(days=9)}
        fields |= {"cycle": self.cycle, "items": [{"code": e.code} for e in self.entries], "digest": "", "journal_head": ""}
        kinds = [("accepted_list", office), ("shortlist_publicity", office), ("proposed_winners", office), ("city_publicity", self.city)]
        notices = Notice.objects.bulk_create(
            Notice(code=f"{self.cycle.code}-{n}-{kind}", kind=kind, title=kind, body="", unit=unit, **fields)
            for n in range(self.beside)
            for kind, unit in kinds
        )
        self.notice = notices[0]
        Objection.objects.bulk_create(
            Objection(number=f"YY{n}", notice=notices[n % len(notices)], entry=e.code, content="", received_at=self.now, formal=True)
            for n, e in enumerate(self.entries[: 2 * self.beside])
        )

    def _library(self) -> None:
        persons = Person.objects.bulk_create(Person(code=f"x{self.cycle.code}{n}", name=f"专家{n}") for n in range(5 + self.beside))
        self.experts = Expert.objects.bulk_create(
            Expert(code=f"X{n:04d}", person=p, employer="研究院", status="active" if n < 5 else "proposed", leader=n == 0)
            for n, p in enumerate(persons)
        )
        RoleGrant.objects.bulk_create(RoleGrant(person=p, role="expert", granted_at=self.now) for p in persons[:5])
        Commission.objects.create(cycle=self.cycle, agency=Unit.objects.get(kind="agency"), terms="受托", commissioned_at=self.now)
        Conflict.objects.bulk_create(
            Conflict(entry=e, person=persons[-1], kind="requested", grounds="", status="pending", found_at=self.now)
            for e in self.entries[: 2 * self.beside]
        )

    def _recommended(self) -> None:
        rows = [e for e in self.entries if e.status == E.SUBMITTED.value]
        CityOpinion.objects.bulk_create(CityOpinion(entry=e, department="环保", positive=True, given_at=self.now) for e in rows)
        sides = [{"code": c.code, "passed": True, "note": ""} for c in self.world.pack.checks_at(Stage.RECOMMENDATION)]
        Recommendation.objects.bulk_create(Recommendation(entry=e, sides=sides, checked_at=self.now) for e in rows[::2])

    def _judged(self, round_: str) -> None:
        draw = Draw.objects.create(cycle=self.cycle, round=round_, frozen={}, pool_digest="", frozen_at=self.now, drawn_at=self.now)
        groups = [self.entries[at : at + 12] for at in range(0, len(self.entries), 12)]
        panels = Panel.objects.bulk_create(
            Panel(code=f"P{n}", cycle=self.cycle, round=round_, award="organization", category="organization", draw=draw)
            for n in range(len(groups))
        )
        seats = Seat.objects.bulk_create(
            Seat(panel=panel, expert=expert, leader=expert.leader) for panel in panels for expert in self.experts[:3]
        )
        assert seats
        through = Panel.entries.through
        through._default_manager.bulk_create(through(panel=p, entry=e) for p, g in zip(panels, groups, strict=True) for e in g)
        pairs = [(panel, e) for panel, group in zip(panels, groups, strict=True) for e in group]
        self._sheets(round_, pairs)
        Conflict.objects.bulk_create(
            Conflict(entry=e, person=self.experts[2].person, kind="found", grounds="", status="standing", found_at=self.now)
            for _, e in pairs[: self.size // 4]
        )
        if round_ == "site":
            self._visits(pairs)

    def _sheets(self, round_: str, pairs: list[tuple[Panel, Entry]]) -> None:
        """Of every other entry all three sheets, of the rest none of the first expert's."""
        items = self.world.pack.scheme("organization", "organization").items
        Sheet.objects.bulk_create(
            Sheet(
                panel=panel,
                entry=entry,
                expert=expert,
                round=round_,
                marks={item.code: str(50 + 5 * n) for item in items},
                total=Fraction(500),
                digest=digest_of([self.cycle.code, entry.pk, n, token(4)]),
                submitted_at=self.now,
            )
            for at, (panel, entry) in enumerate(pairs)
            for n, expert in enumerate(self.experts[:3])
            if n or at % 2
        )

    def _visits(self, pairs: list[tuple[Panel, Entry]]) -> None:
        today = clock.today()
        visits = Visit.objects.bulk_create(
            Visit(entry=e, panel=p, cycle=self.cycle, plan="计划", planned_from=today, planned_until=today, planned_at=self.now)
            for p, e in pairs
        )
        VisitStep.objects.bulk_create(VisitStep(visit=v, code="opening", on=today, note="") for v in visits)

    def _sitting(self) -> None:
        people = [self.world.people[name].person for name in ("chair", "member2", "member3")]
        members = Member.objects.bulk_create(Member(cycle=self.cycle, person=p, seat=n, chair=n == 1) for n, p in enumerate(people, 1))
        meeting = Meeting.objects.create(code="HY1", cycle=self.cycle, members=3, held_on=clock.today())
        for member in members[:2]:
            meeting.attendances.create(member=member, at=self.now)
        Motion.objects.bulk_create(
            Motion(
                code=f"M{n}",
                meeting=meeting,
                cycle=self.cycle,
                entry=e,
                present=2,
                entitled=[1, 2],
                recused=[],
                secret=True,
                **_motion(n, self.now),
            )
            for n, e in enumerate(self.entries[: self.size])
        )

    def _won(self) -> None:
        codes = [e.code for e in self.entries]
        Member.objects.create(cycle=self.cycle, person=self.world.people["chair"].person, seat=1, chair=True)
        Approval.objects.create(cycle=self.cycle, entries=codes, approved_on=date(2024, 11, 20))
        Certificate.objects.bulk_create(
            Certificate(number=f"N{n}", entry=e, cycle=self.cycle, issued_on=date(2024, 12, 1)) for n, e in enumerate(self.entries)
        )
        LedgerLine.objects.bulk_create(LedgerLine(entry=e, kind="awarded", amount=500_000, on=date(2024, 12, 1)) for e in self.entries)
        LedgerLine.objects.bulk_create(LedgerLine(entry=e, kind="paid", amount=100_000, on=date(2024, 12, 2)) for e in self.entries)
        MisuseReport.objects.bulk_create(
            MisuseReport(entry=e, number=f"JB{n}", content="", received_at=self.now) for n, e in enumerate(self.entries)
        )
        Revocation.objects.bulk_create(Revocation(entry=e, ground="event", text="", event_on=date(2025, 1, 1)) for e in self.entries[::2])


def _person(name: str, role: Role, unit: Unit | None = None) -> Person:
    person = Person.objects.create(name=name)
    RoleGrant.objects.create(person=person, role=role.value, unit=unit, granted_at=clock.now())
    return person


def _over(now: datetime) -> dict[str, Any]:
    return {"opened_at": now, "closes_at": now, "closed_at": now, "counts": {}}


def _motion(number: int, now: datetime) -> dict[str, Any]:
    """The first motion is open, all others are closed."""
    return {"opened_at": now, "closed_at": now if number else None, "passed": None}
