"""More panels than one condition may name: a large cycle's panels are read in a few queries on either database (Real sizes × 10)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.people.models import Person
from zhiheng.stages.panel.models import Draw, Expert, Panel, Seat
from zhiheng.stages.panel.selectors import panels

NOW = clock.at(date(2024, 5, 6))


def seated(cycle: Cycle, count: int, size: int) -> None:
    """`count` panels of `size` experts each, nobody twice."""
    draw = Draw.objects.create(cycle=cycle, round="site", frozen={}, pool_digest="0" * 64, frozen_at=NOW, drawn_at=NOW)
    persons = Person.objects.bulk_create(Person(code=f"p-{n}", name=f"专家{n}") for n in range(count * size))
    experts = Expert.objects.bulk_create(Expert(code=f"ZJ{n:05d}", person=person, employer="某单位") for n, person in enumerate(persons))
    rows = Panel.objects.bulk_create(
        Panel(code=f"z-{n:04d}", cycle=cycle, round="site", award="organization", category="organization", draw=draw) for n in range(count)
    )
    Seat.objects.bulk_create(Seat(panel=rows[n // size], expert=expert) for n, expert in enumerate(experts))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 260])
def test_panels_with_their_experts_in_a_few_queries(count: int) -> None:
    pack = PackVersion.objects.create(pack_id="p", version="1", digest="0" * 64, content="{}", stored_at=NOW)
    cycle = Cycle.objects.create(code="2024", year=2024, title="2024", pack=pack)
    seated(cycle, count, 5)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = panels(cycle, "site")
        codes = [seat.expert.code for row in rows for seat in row.seats.all()]
        names = {seat.expert.person.name for row in rows for seat in row.seats.all()}
    assert (len(rows), len(codes), len(names)) == (count, 5 * count, 5 * count)
    assert len(asked) == 4
