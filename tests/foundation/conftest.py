"""Builders for the foundation's tests: the Hebei pack, units, persons with their grants, a cycle at a stage, acts of a test's own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER, Acting, ActSpec, Outcome, act
from zhiheng.foundation.acts.register import Body
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.loader import load_calendars, load_pack
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.foundation.packs.services import calendar_row, store
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.rules.calendar import YearPlan
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.rules.pack import Pack
from zhiheng.stages.application.models import Entry

#: A Monday in a week without holidays.
NOW = clock.at(date(2026, 3, 2))
OF_A_UNIT = {Role.OFFICE, Role.RECOMMENDER, Role.DEPARTMENT, Role.AGENCY}


@cache
def hebei_pack() -> Pack:
    """The pack of the Hebei rules, read once."""
    return load_pack(settings.RULEPACKS_DIR / "hebei-2022")


@cache
def calendars() -> dict[int, tuple[YearPlan, str]]:
    """The calendar years of the project, read once."""
    return load_calendars(settings.RULEPACKS_DIR / "calendars")


def know_the_calendar() -> None:
    """Every year that the project has a file of."""
    rows = [calendar_row(plan.year, sorted(plan.holidays), sorted(plan.workdays), source) for plan, source in calendars().values()]
    CalendarYear.objects.bulk_create(rows)


@dataclass
class Town:
    """Who and what a test needs, made straight in the database: what is tested begins after that."""

    units: dict[str, Unit] = field(default_factory=dict)

    def unit(self, role: Role, code: str = "") -> Unit:
        """A unit of a kind, made once; its code is the role's unless told."""
        code = code or role.value
        if code not in self.units:
            self.units[code] = Unit.objects.create(code=code, kind=role.value, name=f"单位{code}")
        return self.units[code]

    def person(self, name: str = "张明") -> Person:
        """A person without any role."""
        return Person.objects.create(name=name)

    def acting(self, role: Role, code: str = "", *, person: Person | None = None, cycle: str = "", token: str = "") -> Acting:
        """A person with a grant of the role, for the unit `code` where the role stands for a unit."""
        unit = self.unit(role, code) if role in OF_A_UNIT else None
        person = person or self.person()
        RoleGrant.objects.create(person=person, role=role.value, unit=unit, cycle=cycle, granted_at=clock.now())
        return Acting(role, person, unit, token)

    def cycle(self, stage: Stage = Stage.CALL, code: str = "2026") -> Cycle:
        """A cycle under the Hebei rules."""
        pack = store(hebei_pack())
        return Cycle.objects.create(code=code, year=int(code), title=f"{code}年度河北省政府质量奖", pack=pack, stage=stage.value)

    def entry(self, cycle: Cycle, status: EntryStatus, number: int = 1) -> Entry:
        """An application in a status."""
        party = Party.objects.create(identity=f"uscc:{cycle.code}{number}", kind="organization", name=f"公司{number}")
        return Entry.objects.create(
            code=f"{cycle.code}-O-{number:04d}",
            cycle=cycle,
            party=party,
            owner=self.person("李经办"),
            recommender=self.unit(Role.RECOMMENDER),
            award="organization",
            category="organization",
            status=status.value,
            name=party.name,
        )


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """An empty platform at a fixed moment, with the calendar known."""
    know_the_calendar()
    with clock.travel(NOW):
        yield Town()


@pytest.fixture
def real_town(transactional_db: None) -> Iterator[Town]:
    """The same with transactions that are really committed, for triggers and for many at once."""
    know_the_calendar()
    with clock.travel(NOW):
        yield Town()


Declare = Callable[..., ActSpec]


@pytest.fixture
def declare() -> Iterator[Declare]:
    """Declares acts for the time of one test: `declare(body, "test.x", roles=[…])`."""
    known = set(REGISTER)

    def declaring(body: Body, name: str = "test.found", **changes: Any) -> ActSpec:
        return act(name, "设立测试单位", **({"duty": "L1", "article": "四", "roles": [Role.OFFICE]} | changes))(body)

    yield declaring
    for name in REGISTER.keys() - known:
        del REGISTER[name]


def found_unit(acting: Acting, subject: Any, *, code: str = "new") -> Outcome:
    """A body that saves one row, so that a test can see whether it stood or was undone; once only, as acts are."""
    if Unit.objects.filter(code=code).exists():
        return Outcome(no(f"单位 {code} 已存在", article="四", duty="L1", code="exists"))
    unit = Unit.objects.create(code=code, kind=Role.DEPARTMENT.value, name="新单位")
    return Outcome(yes("已设立", duty="L1"), {"code": code}, value=unit)


def at_once(count: int, do: Callable[[int], Any]) -> list[Any]:
    """What `do(0)` … `do(count - 1)` gave or raised, each in a thread with its own connection, all let go at the same moment."""
    gate = threading.Barrier(count)

    def one(number: int) -> Any:
        try:
            connection.ensure_connection()
            gate.wait()
            return do(number)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        waiting = [pool.submit(copy_context().run, one, number) for number in range(count)]
        return [each.result() for each in waiting]


def run_sql(sql: str, *values: Any) -> None:
    """A change made by hand in the database."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """A moment in Beijing."""
    return datetime(year, month, day, hour, minute, second, tzinfo=clock.SHANGHAI)
