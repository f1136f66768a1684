"""Messages within the product: who may read which, each person for themselves (T1)."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.foundation.conftest import NOW, Town, at_once
from tests.foundation.mailing import tell
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.notifications.models import Notification, Reading, ReadUpTo
from zhiheng.foundation.notifications.selectors import MOST_UNREAD, messages_for, seen_among, unread, unread_count
from zhiheng.foundation.notifications.services import SETTLED, mark_read
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.rules.lifecycle import Role

CYCLES = ["", "2024", "2026"]
#: Role, which unit, cycle, taken back.
GRANT = st.tuples(st.sampled_from(["office", "expert"]), st.integers(0, 2), st.sampled_from(CYCLES), st.booleans())

AGES = st.sampled_from([timedelta(0), timedelta(hours=1)])


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


def test_reading_twice_changes_nothing(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    tell("role:office", title="一")
    rows = tell("role:office", title="二")
    assert mark_read(office, [rows[0].pk]) == 1
    with clock.travel(NOW + timedelta(hours=1)):
        assert mark_read(office, [rows[0].pk]) == 0
    assert Reading.objects.get().at == NOW


def test_the_mark_stands_before_the_oldest_new_message_and_single_readings_go_when_it_passes(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    first, second, third = (tell("role:office", title=title)[0] for title in ("一", "二", "三"))

    def kept() -> tuple[int, set[int]]:
        return ReadUpTo.objects.get(to="role:office").message, set(Reading.objects.values_list("notification_id", flat=True))

    with clock.travel(NOW + SETTLED + timedelta(seconds=1)):
        mark_read(office, [second.pk])
        assert kept() == (first.pk - 1, {second.pk})
        assert seen_among(office, [first, second, third]) == {second.pk}
        mark_read(office, [first.pk])
        assert kept() == (third.pk - 1, set())
        assert seen_among(office, [first, second, third]) == {first.pk, second.pk}
        mark_read(office)
        assert kept() == (third.pk, set())
        (fourth,) = tell("role:office", title="四")
        assert [row.pk for row in unread(office)] == [fourth.pk]
        assert seen_among(office, [third, fourth]) == {third.pk}


def test_no_mark_passes_over_a_message_that_is_still_being_saved(town: Town) -> None:
    """On PostgreSQL an act may draw its number first and be seen last: such a message stays new."""
    office = town.acting(Role.OFFICE)
    slow, quick = (tell("role:office", title=title)[0] for title in ("慢", "快"))
    at, number = slow.at, slow.pk
    slow.delete()
    assert mark_read(office) == 1
    Notification.objects.create(pk=number, to="role:office", title="慢", text="", at=at)
    assert [row.title for row in unread(office)] == ["慢"]
    assert unread_count(office) == 1
    assert seen_among(office, [quick]) == {quick.pk}


def test_what_was_read_in_one_role_is_new_in_another(town: Town) -> None:
    expert = town.acting(Role.EXPERT)
    office = town.acting(Role.OFFICE, person=expert.person)
    tell("role:expert", "role:office")
    mark_read(office)
    assert (unread_count(office), unread_count(expert)) == (0, 1)


def test_one_mark_for_many_clicks_at_once(real_town: Town) -> None:
    office = real_town.acting(Role.OFFICE)
    rows = [tell("role:office", title=f"消息{n}")[0] for n in range(8)]
    with clock.travel(NOW + timedelta(hours=1)):
        answers = at_once(8, lambda n: mark_read(office, [rows[n].pk]))
        mark_read(office, [rows[0].pk])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert unread_count(office) == 0
    assert seen_among(office, rows) == {row.pk for row in rows}


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


@given(st.data())
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_count_is_of_what_is_found(town: Town, data: st.DataObject) -> None:
    """The badge's plain SQL against the one permission function, over any grants, messages and readings."""
    with transaction.atomic():
        person, units = town.person(), [None, town.unit(Role.OFFICE, "a"), town.unit(Role.OFFICE, "b")]
        for role, unit, cycle, over in data.draw(st.lists(GRANT, max_size=4)):
            RoleGrant.objects.get_or_create(
                person=person, role=role, unit=units[unit], cycle=cycle, revoked_at=NOW if over else None, defaults={"granted_at": NOW}
            )
        boxes = [f"person:{person.code}", "role:office", "role:expert", "unit:a", "unit:b", "person:p-other"]
        for box, cycle in data.draw(st.lists(st.tuples(st.sampled_from(boxes), st.sampled_from(CYCLES)), max_size=12)):
            Notification.objects.create(to=box, cycle=cycle, title="消息", text="", at=NOW - data.draw(AGES))
        every = list(Notification.objects.values_list("pk", flat=True))
        readers = [Acting(Role(role), person, unit) for role in ("office", "expert") for unit in units]
        for reader in readers:
            some = data.draw(st.none() | st.lists(st.sampled_from(every), max_size=3) if every else st.none())
            assert unread_count(reader) == unread(reader).count()
            before = set(unread(reader).values_list("pk", flat=True))
            done = mark_read(reader, some)
            after = set(unread(reader).values_list("pk", flat=True))
            assert after == (set() if some is None else before - set(some))
            assert done == len(before) - len(after)
            assert unread_count(reader) == len(after)
        transaction.set_rollback(True)


def test_unread_keeps_the_newest_first(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    rows = tell("role:office", title="一") + tell("role:office", title="二") + tell("unit:office", title="三")
    mark_read(office, [rows[1].pk])
    assert [row.title for row in unread(office)] == ["三", "一"]
