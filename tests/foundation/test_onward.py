"""From a message in the product to what leaves it: whom, by which way, when; once."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from tests.foundation.conftest import NOW, Declare, Town
from tests.foundation.mailing import Sent, account, outgoing, tell, work_off
from zhiheng.foundation import clock
from zhiheng.foundation.acts import ActError, Outcome, To
from zhiheng.foundation.notifications.models import Delivery, Notification
from zhiheng.foundation.notifications.onward import forward
from zhiheng.foundation.notifications.services import indoors, send
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role

EIGHT = clock.at(date(2026, 3, 3), 8)


def test_a_person_hears_at_once_and_a_unit_or_role_with_the_days_others(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    assert office.person is not None
    account(office.person)
    tell(f"person:{office.code}", title="本人")
    tell("unit:office", title="单位")
    tell("role:office", title="角色")
    work_off()
    assert outgoing() == [
        Sent(office.code, "mail", "once", "waiting", ("本人",)),
        Sent(office.code, "mail", "digest", "waiting", ("单位", "角色")),
    ]
    assert [d.due_at for d in Delivery.objects.order_by("pk")] == [NOW, EIGHT]


@pytest.mark.parametrize(
    ("own", "shared", "kinds"),
    [
        ("once", "once", ["once", "once"]),
        ("digest", "once", ["digest", "once"]),
        ("digest", "digest", ["digest"]),
        ("none", "digest", ["digest"]),
        ("once", "none", ["once"]),
        ("none", "none", []),
    ],
)
def test_wishes_are_kept(town: Town, own: str, shared: str, kinds: list[str]) -> None:
    office = town.acting(Role.OFFICE)
    assert office.person is not None
    account(office.person, own=own, shared=shared)
    tell(f"person:{office.code}")
    tell("role:office")
    work_off()
    assert [sent.kind for sent in outgoing()] == kinds


def test_without_an_account_an_address_or_a_role_nothing_leaves(town: Town) -> None:
    silent, gone, locked, former = (town.acting(Role.EXPERT) for _ in range(4))
    assert gone.person
    assert locked.person
    assert former.person
    account(gone.person).delete()
    made = account(locked.person)
    made.is_active = False
    made.save()
    account(former.person)
    RoleGrant.objects.filter(person=former.person).update(revoked_at=clock.now())
    nameless = town.acting(Role.EXPERT)
    assert nameless.person
    plain = account(nameless.person)
    plain.email = ""
    plain.save()
    tell("role:expert")
    tell(f"person:{silent.code}")
    work_off()
    assert outgoing() == []


def test_a_grant_for_another_cycle_hears_nothing(town: Town) -> None:
    cycle, bound = town.cycle(), town.acting(Role.EXPERT, cycle="2024")
    same = town.acting(Role.EXPERT, cycle="2026")
    assert bound.person
    assert same.person
    account(bound.person)
    account(same.person)
    tell("role:expert", cycle=cycle)
    work_off()
    assert [sent.account for sent in outgoing()] == [same.code]


def test_who_is_addressed_twice_hears_once_at_the_earlier_time(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    second = town.acting(Role.OFFICE, "west", person=office.person)
    assert second.person
    account(second.person)
    tell("role:office", title="角色")
    work_off()
    assert outgoing() == [Sent(office.code, "mail", "digest", "waiting", ("角色",))]


def test_what_one_act_says_to_one_person_is_one_mail(town: Town) -> None:
    person = town.person()
    account(person)
    send([To(f"person:{person.code}", f"事项{n}", "") for n in (1, 2, 3)], None, "", clock.now())
    work_off()
    assert outgoing() == [Sent(person.code, "mail", "once", "waiting", ("事项1", "事项2", "事项3"))]


def test_forwarding_twice_changes_nothing(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    assert office.person
    account(office.person, own="once", shared="digest", mobile="13800000000")
    rows = tell(f"person:{office.code}", "role:office")
    work_off()
    before = outgoing()
    assert len(before) == 3
    assert forward.call([row.pk for row in rows]) == 0
    assert outgoing() == before


def test_messages_gather_until_the_hour_and_then_in_a_new_one(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    assert office.person
    account(office.person)
    with clock.travel(clock.at(date(2026, 3, 2), 7, 59)):
        tell("role:office", title="早")
        work_off()
        assert Delivery.objects.get().due_at == clock.at(date(2026, 3, 2), 8)
    Delivery.objects.update(gathering=False, state="sent")  # as the worker does at eight
    with clock.travel(clock.at(date(2026, 3, 2), 8)):
        tell("role:office", title="正点")
        tell("unit:office", title="其后")
        work_off()
    assert [sent.titles for sent in outgoing()] == [("早",), ("正点", "其后")]
    assert Delivery.objects.latest("pk").due_at == EIGHT


def test_gateways_speak_once_a_day_and_of_what_is_personal_only(town: Town) -> None:
    office = town.acting(Role.OFFICE)
    assert office.person
    account(office.person, own="none", shared="none", mobile="13800000000", wecom="zhang")
    tell("role:office", title="角色")
    tell(f"person:{office.code}", title="一")
    work_off()
    assert [(s.channel, s.titles) for s in outgoing()] == [("sms", ("一",)), ("wecom", ("一",))]
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {NOW}
    Delivery.objects.update(gathering=False, state="sent")
    for title in ("二", "三"):
        tell(f"person:{office.code}", title=title)
    work_off()
    later = outgoing()[2:]
    assert [(s.channel, s.titles) for s in later] == [("sms", ("二", "三")), ("wecom", ("二", "三"))]
    assert set(Delivery.objects.filter(state="waiting").values_list("due_at", flat=True)) == {EIGHT}


def test_the_queue_entry_lives_and_dies_with_the_transaction(town: Town) -> None:
    person = town.person()
    account(person)
    with transaction.atomic():
        tell(f"person:{person.code}")
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert (Notification.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_an_act_queues_with_its_receipt_and_a_refused_one_does_not(town: Town, declare: Declare) -> None:
    office = town.acting(Role.OFFICE)
    told = declare(lambda *_: Outcome(yes(), tell=[To("role:office", "办结", "")]), "test.told")
    refused = declare(lambda *_: Outcome(no("不行"), tell=[To("role:office", "未办", "")]), "test.refused")
    told(office, None)
    with pytest.raises(ActError):
        refused(office, None)
    assert DBTaskResult.objects.count() == 1
    assert list(Notification.objects.values_list("title", flat=True)) == ["办结"]


def test_a_play_writes_to_nobody(town: Town) -> None:
    with indoors():
        rows = tell("role:office")
    assert len(rows) == 1
    assert DBTaskResult.objects.count() == 0


@pytest.mark.parametrize("count", [1, 40])
def test_finding_the_recipients_takes_as_many_queries_for_one_as_for_many(town: Town, count: int) -> None:
    people = [town.acting(Role.EXPERT).person for _ in range(count)]
    for person in people:
        assert person
        account(person)
    rows = tell("role:expert", *(f"person:{person.code}" for person in people if person))
    DBTaskResult.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        forward.call([row.pk for row in rows])
    assert len(queries) == 10, "\n".join(query["sql"][:90] for query in queries)
