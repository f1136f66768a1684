"""Who reaches what: every role × every kind of thing × every object of a whole cycle and of a foreign one, against plain predicates (T1, T2)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.stages.playing import PUBLIC, Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.process import reach
from zhiheng.process.register import library, people, supervision
from zhiheng.process.register import panel as panels
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.simulation.applying import letter
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import BonusClaim, Entry
from zhiheng.stages.panel.models import Conflict, Expert, Panel, Seat
from zhiheng.stages.panel.selectors import may_look
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.selectors import visible_sheets

MOST = 7  # actors of one role: enough for every case that the play has
Rule = Callable[[Acting, Any], bool]


def of(thing: Any) -> Entry:
    """The entry that a thing is about."""
    found = thing if isinstance(thing, Entry) else thing.entry
    assert isinstance(found, Entry)
    return found


def everything(_: Acting, __: Any) -> bool:
    return True


def nothing(_: Acting, __: Any) -> bool:
    return False


def own(who: Acting, thing: Any) -> bool:
    return of(thing).owner_id == (who.person.pk if who.person else 0)


def sent(_: Acting, thing: Any) -> bool:
    entry = of(thing)
    return entry.status != "draft" and (entry.status != "withdrawn" or entry.submitted_at is not None)


def city(who: Acting, thing: Any) -> bool:
    return who.unit is not None and of(thing).recommender_id == who.unit.pk and sent(who, thing)


def here(_: Acting, thing: Any) -> bool:
    """Of the cycle that the agency was commissioned for."""
    return bool((thing if isinstance(thing, Cycle) else thing.cycle).code == "2024")


def taken_on(who: Acting, thing: Any) -> bool:
    return sent(who, thing) and of(thing).cycle.code == "2024" and of(thing).status != "not_recommended"


def clear(who: Acting, thing: Any) -> bool:
    return not Conflict.objects.filter(entry=of(thing), person=who.person, status="standing").exists()


def seated(who: Acting, thing: Any) -> bool:
    one = thing if isinstance(thing, Panel) else thing.panel
    return Seat.objects.filter(panel=one, expert__person=who.person, vacated_at=None).exists()


BEFORE = {"draft", "submitted", "recommended", "not_recommended", "not_accepted", "withdrawn"}
ENDED_IN_REVIEW = BEFORE | {"accepted", "below_material"}
BEFORE_NOMINATION = ENDED_IN_REVIEW | {"reviewed", "shortlisted", "not_shortlisted", "visited", "not_nominated"}


def known(_: Acting, thing: Any) -> bool:
    return of(thing).status not in BEFORE


def winner(_: Acting, thing: Any) -> bool:
    return of(thing).status in {"awarded", "revoked"} and of(thing).cycle.stage == "supervision"


def mine(who: Acting, thing: Any) -> bool:
    return bool(thing.person_id == (who.person.pk if who.person else 0))


def of_mine(who: Acting, thing: Any) -> bool:
    return mine(who, thing.expert)


def any_of(*rules: Rule) -> Rule:
    return lambda who, thing: any(rule(who, thing) for rule in rules)


def all_of(*rules: Rule) -> Rule:
    return lambda who, thing: all(rule(who, thing) for rule in rules)


def issued(_: Acting, thing: Any) -> bool:
    return thing.pinned_at is not None


def reviewed(who: Acting, thing: Any) -> bool:
    return of(thing).status not in ENDED_IN_REVIEW and clear(who, thing)


def sits(who: Acting, thing: Any) -> bool:
    return bool(thing.cycle.members.filter(person=who.person, ended_at=None).exists())


def running(_: Acting, thing: Any) -> bool:
    return thing.closed_at is None


def shown(who: Acting, thing: Sheet) -> bool:
    return visible_sheets(who, thing.entry).filter(pk=thing.pk).exists()


def leads(who: Acting, thing: Any) -> bool:
    return Seat.objects.filter(panel=thing.panel, expert__person=who.person, vacated_at=None, leader=True).exists()


def handed_in(who: Acting, thing: Any) -> bool:
    """A report on an entry whose sheet of one's own is locked."""
    locked = Sheet.objects.filter(entry=thing.entry, panel=thing.panel, expert__person=who.person, voided_at=None)
    return seated(who, thing) and clear(who, thing) and locked.exists()


def against_mine(who: Acting, thing: Any) -> bool:
    return who.unit is not None and thing.notice.unit_id == who.unit.pk


STAFF = dict.fromkeys(("cycle", "notice", "objection", "conflict", "expert", "revision", "draw", "panel", "seat", "meeting", "motion", "poll", "certificate", "abuserecord"), everything) | {"entry": sent, "evidence": may_look, "sheet": shown} | dict.fromkeys(("bonusclaim", "report", "visit", "misusereport", "revocation"), sent) | {"papers": everything}  # fmt: skip
KNOWN = {"cycle": issued, "notice": everything, "poll": running, "certificate": everything}
#: Role → kind → which objects. A kind that is not named: nothing of it.
TABLE: dict[Role, dict[str, Rule]] = {
    Role.OFFICE: STAFF,
    Role.INSPECTOR: STAFF,
    Role.APPLICANT: KNOWN | {"entry": own, "evidence": may_look, "bonusclaim": own},
    Role.RECOMMENDER: KNOWN
    | {"entry": any_of(city, winner), "evidence": may_look, "bonusclaim": city, "objection": against_mine},
    Role.CITY_DEPARTMENT: KNOWN | {"entry": city, "bonusclaim": city},
    Role.CITY_COORDINATION: KNOWN | {"entry": city, "bonusclaim": city},
    Role.AGENCY: KNOWN
    | {
        "cycle": here, "entry": taken_on, "evidence": may_look, "bonusclaim": taken_on, "conflict": taken_on, "expert": everything,
        "draw": here, "panel": here, "seat": here, "sheet": shown, "report": taken_on, "visit": taken_on, "papers": here,
    },
    Role.EXPERT: KNOWN
    | {
        "entry": known, "evidence": may_look, "conflict": mine, "expert": mine, "revision": of_mine, "panel": seated, "seat": seated, "sheet": shown, "report": handed_in,
        "visit": all_of(seated, clear), "papers": leads,
    },
    Role.CHAIR: KNOWN | {"entry": known, "conflict": mine, "meeting": sits, "motion": sits, "revocation": reviewed},
    Role.MEMBER: KNOWN | {"entry": known, "conflict": mine, "meeting": sits, "motion": sits},
    Role.DEPARTMENT: KNOWN
    | {"entry": any_of(winner, lambda _, e: e.cycle.stage == "qualification" and e.status in {"submitted", "recommended", "accepted"})},
    Role.COORDINATION: KNOWN | {"cycle": everything},
    Role.COMMENDATION_AUTHORITY: KNOWN
    | {"entry": lambda _, e: e.cycle.stage == "shortlist" and e.status in {"reviewed", "shortlisted", "not_shortlisted"}},
    Role.GOVERNMENT: KNOWN
    | {"entry": any_of(winner, lambda _, e: e.cycle.stage == "commendation" and e.status in {"confirmed", "awarded"})},
    Role.ADMIN: {"unit": everything, "person": everything},
    Role.PUBLIC: KNOWN | {"entry": winner, "cycle": issued},
}  # fmt: skip
#: Role → whose content is read: narrower than what may be named.
CONTENT: dict[Role, Rule] = {
    Role.OFFICE: sent,
    Role.INSPECTOR: sent,
    Role.APPLICANT: own,
    Role.RECOMMENDER: city,
    Role.CITY_DEPARTMENT: city,
    Role.CITY_COORDINATION: city,
    Role.AGENCY: taken_on,
    Role.EXPERT: lambda who, e: clear(who, e) and any(seated(who, one) for one in e.panels.all()),
    Role.CHAIR: reviewed,  # of a cycle that has not its own chair yet too: the shortlist waits for the chair's word
    Role.MEMBER: lambda who, e: e.status not in BEFORE_NOMINATION and clear(who, e) and sits(who, e),
}


class Worlds(Played):
    """A finished cycle with everything after it, and another that runs, with an entry in every status and nothing of ours."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(
            Stage.SUPERVISION, orgs=12, persons=4, experts=60, members=5, objections=True, failing=True, late_recusal=True
        )
        office = world.people["office"]
        won = cycle.entries.filter(status="awarded").order_by("code").first()
        assert won is not None
        world.do(supervision.report_misuse, PUBLIC, won, content="广告使用")
        head = letter("河北省应急管理厅", "冀应急函〔2027〕2号")
        world.do(supervision.verify_event, "office", won, text="发生事故", event_on=clock.today(), letter=head)
        chair = world.people["chair"]
        world.do(panels.declare_conflict, chair, won, person=chair.person, kind="declared", grounds="曾任职")
        world.do(supervision.record_abuse, "office", cycle, person=world.people["ZJ0001"].person, text="泄密", handling="移出")
        world.do(panels.suspend_expert, "office", Expert.objects.get(code="ZJ0002"), remove=False, reason="泄密")
        third = Expert.objects.get(code="ZJ0003")
        world.do(library.update_profile, "ZJ0003", third, leader=not third.leader)
        assert office.unit is not None
        _foreign(cycle, won)
        for role in Role:
            if role not in {who.role for who in [*world.people.values(), *world.owners.values(), PUBLIC]}:
                at = won.recommender if role in {Role.CITY_DEPARTMENT, Role.CITY_COORDINATION} else None
                person = Person.objects.create(name=f"外部{role}")
                world.do(people.grant_role, "admin", person=person, role=role, unit=at)
                world.people[role.value] = Acting(role, person, at)
        return world, cycle

    @property
    def actors(self) -> list[Acting]:
        """Everybody of the play, each once; of many experts and applicants the first ones."""
        rows = [*self.world.people.values(), *self.world.owners.values(), PUBLIC]
        once = {(who.role, who.code): who for who in rows}.values()
        return [who for role in Role for who in [one for one in once if one.role == role][:MOST]]

    def who(self, role: Role) -> Acting:
        return next(who for who in self.actors if who.role == role)


def _foreign(cycle: Cycle, like: Entry) -> None:
    """A running cycle of somebody else: an entry in every status, another recommender, no agency, no committee."""
    unit = Unit.objects.create(code="elsewhere", kind="recommender", name="外地综合执法局")
    owner = Person.objects.create(name="他人")
    for stage in ("qualification", "shortlist", "commendation", "call"):
        other = Cycle.objects.create(
            code=f"x-{stage}", year=2030, title="另一周期", pack=cycle.pack, stage=stage, pinned_at=None if stage == "call" else clock.now()
        )
        for number, status in enumerate(EntryStatus):
            party = (
                like.party
                if number == 0
                else type(like.party).objects.create(identity=f"x:{stage}:{number}", kind="organization", name="他")
            )
            entry = Entry.objects.create(
                code=f"X-{stage}-{number:02d}", cycle=other, party=party, owner=owner, recommender=unit, award="organization",
                category="organization", status=status.value, name=f"他人{number}",
                submitted_at=None if status in {EntryStatus.DRAFT, EntryStatus.WITHDRAWN} else clock.now(),
            )  # fmt: skip
            BonusClaim.objects.create(entry=entry, kind="luban", granted_on=date(2024, 1, 1))


def rows_of(kind: str) -> list[Any]:
    model = reach.KINDS[kind].rows(PUBLIC).model
    return list(model.objects.order_by("pk"))


@pytest.mark.duty("L1")
class TestTable(Worlds):
    def test_every_role_and_every_kind_has_its_row(self) -> None:
        assert set(TABLE) == set(Role)
        assert {kind for row in TABLE.values() for kind in row} == set(reach.KINDS)
        assert {kind for kind in reach.KINDS if not rows_of(kind)} == set(), "a kind without an object is not tested"

    def test_who_finds_what(self) -> None:
        wrong = []
        for kind in reach.KINDS:
            for who in self.actors:
                rule = TABLE[who.role].get(kind, nothing)
                if who.role == Role.EXPERT and not who.person.grants.filter(revoked_at=None).exists():  # type: ignore[union-attr]
                    rule = nothing  # suspended: the grant was taken back
                reached = {row.pk for row in reach.KINDS[kind].rows(who)}
                odd = [thing for thing in rows_of(kind) if (thing.pk in reached) != rule(who, thing)]
                wrong += [(who.role.value, who.code, reach.address(thing), thing.pk in reached) for thing in odd]
        assert wrong == []

    def test_whose_content_is_read(self) -> None:
        wrong = []
        for who in self.actors:
            rule = CONTENT.get(who.role, nothing)
            if who.role == Role.EXPERT and not who.person.grants.filter(revoked_at=None).exists():  # type: ignore[union-attr]
                rule = nothing
            reached = set(reach.entries(who).values_list("pk", flat=True))
            wrong += [(who.role, who.code, e.code) for e in rows_of("entry") if (e.pk in reached) != rule(who, e)]
            assert reached <= set(reach.named(who).values_list("pk", flat=True))
            if who.role == Role.EXPERT:  # asked about one entry, the same answer
                assert {e.pk for e in rows_of("entry") if reach.judging(who, e.code)} == reached, who.code
        assert wrong == []

    def test_each_row_once(self) -> None:
        """An expert on two panels of an entry, a member in two tables: no row comes twice."""
        for kind, how in reach.KINDS.items():
            for who in self.actors:
                keys = [row.pk for row in how.rows(who)]
                assert len(keys) == len(set(keys)), (kind, who.role)

    def test_a_role_taken_back_or_of_another_cycle_reaches_nothing(self) -> None:
        for who in [self.who(role) for role in Role if role not in {Role.PUBLIC, Role.ADMIN}]:
            before = {kind: how.rows(who).count() for kind, how in reach.KINDS.items()}
            assert sum(before.values()) > 0, who.role
            RoleGrant.objects.filter(person=who.person).update(cycle="1999")
            library = {"expert"} if who.role in {Role.OFFICE, Role.INSPECTOR, Role.AGENCY, Role.EXPERT} else set()
            library |= {"revision"} if who.role in {Role.OFFICE, Role.INSPECTOR} else set()
            assert {kind for kind, how in reach.KINDS.items() if how.rows(who).exists()} == library, who.role
            RoleGrant.objects.filter(person=who.person).update(cycle="", revoked_at=clock.now())
            assert {kind for kind, how in reach.KINDS.items() if how.rows(who).exists()} == set(), who.role

    def test_a_person_or_unit_that_pretends_to_be_the_public_reaches_nothing(self) -> None:
        for who in (Acting(Role.PUBLIC, Person.objects.first()), Acting(Role.PUBLIC, None, Unit.objects.first()), Acting(Role.OFFICE)):
            assert {kind for kind, how in reach.KINDS.items() if how.rows(who).exists()} == set(), who
            assert not reach.journal(who).exists()


class TestFinding(Worlds):
    def test_a_name_leads_back_to_its_thing(self) -> None:
        office, seen = self.who(Role.OFFICE), 0
        for kind in reach.KINDS:
            reader = self.who(Role.ADMIN) if kind in TABLE[Role.ADMIN] else office
            thing = reach.KINDS[kind].rows(reader).first()
            assert reach.found(reader, reach.address(thing)) == thing
            assert reach.address(thing) == f"{kind}:{reach.key_of(thing)}"
            seen += 1
        assert seen == len(reach.KINDS)
        assert reach.address(None) == "platform:-"
        assert reach.found(office, "platform:-") is None

    def test_what_is_not_there_and_what_is_not_theirs_are_alike(self) -> None:
        owner = next(iter(self.world.owners.values()))
        foreign = Entry.objects.exclude(owner=owner.person).first()
        assert foreign is not None
        names = [
            reach.address(foreign), "entry:2024-Z-9999", "entry:", "entry", ":", "", "nothing:1", "session:1", "account:1", "person:1",
            "panel:x", "panel:-1", "panel:1e3", "panel:１", "panel:" + "9" * 40, "entry:\x00", "entry:x' OR 1=1", "platform:x",
        ]  # fmt: skip
        for name in names:
            with pytest.raises(reach.Unreachable):
                reach.found(owner, name)

    def test_the_journal_is_the_inspectors_and_to_others_what_they_did(self) -> None:
        owner = self.who(Role.APPLICANT)
        assert {row.actor for row in reach.journal(owner)} == {owner.code}
        whole = reach.journal(self.who(Role.INSPECTOR)).count()
        assert whole == reach.journal(self.who(Role.OFFICE)).count() > reach.journal(owner).count() > 0
        assert not reach.journal(PUBLIC).exists()
        office = self.who(Role.OFFICE)
        RoleGrant.objects.filter(person=office.person).update(cycle="2024")
        assert {row.chain for row in reach.journal(office)} == {"cycle:2024"}

    def test_one_query_however_many_rows(self) -> None:
        for role in Role:
            who = self.who(role)
            for name, how in reach.KINDS.items():
                with CaptureQueriesContext(connection) as asked:
                    list(how.rows(who))
                assert len(asked) <= 1, (role, name)
