"""Messages within the product: who may read which, each person for themselves (T1)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.foundation.conftest import NOW, Town
from tests.foundation.mailing import tell
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.notifications.models import Notification, Reading
from zhiheng.foundation.notifications.selectors import MOST_UNREAD, messages_for, unread, unread_count
from zhiheng.foundation.notifications.services import mark_read
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.rules.lifecycle import Role


def titles(acting: Acting) -> list[str]:
    return [row.title for row in messages_for(acting)]


def test_a_person_reads_what_is_addressed_to_them_to_their_unit_and_to_their_role(town: Town) -> None:
    east, west = town.acting(Role.RECOMMENDER, "east"), town.acting(Role.RECOMMENDER, "west")
    tell("unit:east", title="给东区")
    tell("unit:west", title="给西区")
    tell("role:recommender", title="给推荐单位")
    tell("role:office", title="给省质评办")
    tell(f"person:{east.code}", title="给本人")
    assert titles(east) == ["给本人", "给推荐单位", "给东区"]
    assert titles(west) == ["给推荐单位", "给西区"]


def test_messages_of_another_hat_are_not_shown_but_ones_own_are(town: Town) -> None:
    expert = town.acting(Role.EXPERT)
    applicant = town.acting(Role.APPLICANT, person=expert.person)
    tell("role:expert", title="给专家")
    tell(f"person:{expert.code}", title="给本人")
    assert titles(expert) == ["给本人", "给专家"]
    assert titles(applicant) == ["给本人"]


def test_a_grant_for_a_cycle_shows_the_messages_of_that_cycle_only(town: Town) -> None:
    first, second = town.cycle(code="2024"), town.cycle(code="2026")
    bound, free = town.acting(Role.EXPERT, cycle="2026"), town.acting(Role.EXPERT)
    tell("role:expert", cycle=first, title="2024")
    tell("role:expert", cycle=second, title="2026")
    tell("role:expert", title="平台")
    assert titles(bound) == ["2026"]
    assert titles(free) == ["平台", "2026", "2024"]


def test_a_role_taken_back_shows_nothing_any_more(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    tell("role:office", "unit:office", title="给省质评办")
    assert len(titles(office)) == 2
    RoleGrant.objects.filter(person=office.person).update(revoked_at=clock.now())
    assert titles(office) == []
    assert unread_count(office) == 0


def test_the_unit_is_the_one_acted_for(town: Town) -> None:
    east = town.acting(Role.RECOMMENDER, "east")
    assert east.person is not None
    town.unit(Role.RECOMMENDER, "west")
    tell("unit:west", title="给西区")
    assert titles(Acting(Role.RECOMMENDER, east.person, town.units["west"])) == []


def test_the_public_reads_nothing(town: Town) -> None:
    tell("role:public", title="给公众")
    assert titles(Acting(Role.PUBLIC)) == []
    assert unread_count(Acting(Role.PUBLIC)) == 0


def test_each_reads_for_themselves(town: Town) -> None:
    one, other = town.acting(Role.OFFICE), town.acting(Role.OFFICE)
    rows = tell("role:office", "unit:office", title="消息")
    assert mark_read(one, [rows[0].pk]) == 1
    assert (unread_count(one), unread_count(other)) == (1, 2)
    assert mark_read(one) == 1
    assert (unread_count(one), unread_count(other)) == (0, 2)
    assert Reading.objects.count() == 2
    assert Reading.objects.earliest("pk").at == NOW


def test_reading_twice_changes_nothing(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    rows = tell("role:office")
    assert mark_read(office, [rows[0].pk]) == 1
    with clock.travel(NOW + timedelta(hours=1)):
        assert mark_read(office, [rows[0].pk]) == 0
    assert Reading.objects.get().at == NOW


def test_nobody_marks_what_they_may_not_see(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    rows = tell("role:agency")
    assert mark_read(office, [rows[0].pk, 10**9]) == 0
    assert not Reading.objects.exists()


@pytest.mark.parametrize("count", [1, 3, 300])
def test_the_count_is_one_query_and_stops_at_a_hundred(town: Town, count: int) -> None:
    office = town.acting(Role.OFFICE)
    Notification.objects.bulk_create(Notification(to="role:office", title="消息", text="", at=NOW) for _ in range(count))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = unread_count(office)
    assert found == min(count, MOST_UNREAD + 1)
    assert len(queries) == 1


def test_unread_keeps_the_newest_first(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    rows = tell("role:office", title="一") + tell("role:office", title="二") + tell("unit:office", title="三")
    mark_read(office, [rows[1].pk])
    assert [row.title for row in unread(office)] == ["三", "一"]
