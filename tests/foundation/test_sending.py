"""Sending: once, or visibly failed and again by hand; a dead server delays and loses nothing (X3, X10). Over a real SMTP connection."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.foundation.conftest import NOW, Town, at_once
from tests.foundation.mailing import account, deliver, tell, work_off
from tests.foundation.smtp import Postbox, postbox
from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Channel, Delivery, Kind, State
from zhiheng.foundation.notifications.sending import LEASE, LOST, MOST_TRIES, Pass, recover, send_again
from zhiheng.foundation.people.models import Account, Person


@pytest.fixture
def post(settings: Any) -> Iterator[Postbox]:
    """Mail goes to a real server on a loopback port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 3
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
    with postbox() as box:
        settings.EMAIL_PORT = box.port
        yield box


def people(town: Town, count: int) -> list[Person]:
    found = [town.person(f"张{n}") for n in range(count)]
    for person in found:
        account(person)
    return found


def states() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("state", "error"))


@pytest.mark.parametrize("count", [1, 3])
def test_each_is_sent_once(town: Town, post: Postbox, count: int) -> None:
    for person in people(town, count):
        tell(f"person:{person.code}")
    done = deliver()
    assert (done.sent, done.failed) == (count, 0)
    assert states() == [("sent", "")] * count
    assert Pass("test").run().sent == 0
    assert sorted(str(m["To"]) for m in post.mails) == sorted(Account.objects.values_list("email", flat=True))
    assert all(m["Subject"] == "【政府质量奖】请办理" and m.get_content_type() == "text/plain" for m in post.mails)


def test_a_server_that_is_down_delays_and_the_queue_drains_once(town: Town, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with postbox() as box:
        settings.EMAIL_PORT = box.port  # and nobody listens there afterwards
    for person in people(town, 3):
        tell(f"person:{person.code}")
    done = deliver()
    assert (done.sent, done.failed, done.shut) == (0, 0, {Channel.MAIL})
    assert [(state, error.split("：")[0]) for state, error in states()] == [
        ("waiting", "ConnectionRefusedError"),
        ("waiting", ""),
        ("waiting", ""),
    ]
    assert set(Delivery.objects.values_list("tries", flat=True)) == {0}
    with postbox(box.port) as back:
        assert Pass("test").run().sent == 3
        assert Pass("test").run().sent == 0
        assert len(back.mails) == 3
    assert states() == [("sent", "")] * 3


def test_while_mail_is_down_the_gateways_go_on(town: Town, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    person = town.person()
    account(person, mobile="13800000000")
    tell(f"person:{person.code}")
    assert deliver().sent == 1
    assert list(Delivery.objects.order_by("pk").values_list("channel", "state")) == [("mail", "waiting"), ("sms", "sent")]


def test_put_off_is_tried_again_and_given_up_in_sight(town: Town, post: Postbox) -> None:
    post.mode = "defer"
    person = people(town, 1)[0]
    tell(f"person:{person.code}")
    assert deliver().failed == 0
    assert states() == [("waiting", "451 later")]
    assert Pass("test", again=False).run().failed == 0
    assert Delivery.objects.get().tries == 1, "what was put off waits for its turn"
    for _ in range(MOST_TRIES - 1):
        Pass("test").run()
    assert states() == [("failed", "451 later")]
    assert Delivery.objects.get().tries == MOST_TRIES


def test_put_off_once_is_sent_the_next_time(town: Town, post: Postbox) -> None:
    post.mode = "defer"
    tell(f"person:{people(town, 1)[0].code}")
    deliver()
    post.mode = "ok"
    assert Pass("test").run().sent == 1
    assert states() == [("sent", "")]
    assert len(post.raw) == 1


def test_refused_is_failed_at_once_and_the_others_go_out(town: Town, post: Postbox, settings: Any) -> None:
    post.mode = "refuse"
    first, second = people(town, 2)
    tell(f"person:{first.code}")
    assert deliver().failed == 1
    assert states() == [("failed", "550 no such user")]
    post.mode = "ok"
    tell(f"person:{second.code}")
    assert deliver().sent == 1
    assert [state for state, _ in states()] == ["failed", "sent"]


@pytest.mark.parametrize("mode", ["cut", "hang"])
def test_what_may_have_arrived_is_not_sent_again_by_itself(town: Town, post: Postbox, mode: str, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    post.mode = mode
    tell(f"person:{people(town, 1)[0].code}")
    assert deliver().failed == 1
    (state, error) = states()[0]
    assert (state, error.split("（")[0]) == ("failed", "不能确认是否已经送达；核实后可重新发送")
    post.mode = "ok"
    assert Pass("test").run().sent == 0
    assert send_again(Delivery.objects.get())
    assert Pass("test").run().sent == 1
    assert len(post.raw) == 1


def test_an_address_that_is_none_fails_and_says_so(town: Town, post: Postbox) -> None:
    person = town.person()
    account(person, email="nobody@exa mple.test\n")
    tell(f"person:{person.code}")
    assert deliver().failed == 1
    assert states()[0][0] == "failed"
    assert post.raw == []


def test_sending_again_is_for_what_failed_and_two_clicks_send_once(town: Town, post: Postbox) -> None:
    post.mode = "refuse"
    tell(f"person:{people(town, 1)[0].code}")
    deliver()
    post.mode = "ok"
    row = Delivery.objects.get()
    assert send_again(row)
    assert not send_again(row)
    assert Pass("test").run().sent == 1
    assert not send_again(row)
    assert len(post.raw) == 1


def test_who_lost_the_account_or_the_address_meanwhile_hears_nothing(town: Town, post: Postbox) -> None:
    first, second = people(town, 2)
    tell(f"person:{first.code}", f"person:{second.code}")
    work_off()
    Account.objects.filter(person=first).update(is_active=False)
    Account.objects.filter(person=second).update(email="")
    assert Pass("test").run().sent == 0
    assert [state for state, _ in states()] == ["dropped", "dropped"]
    assert post.raw == []


def test_nothing_is_sent_before_its_hour(town: Town, post: Postbox) -> None:
    person = town.person()
    account(person, own="digest")
    tell(f"person:{person.code}", title="一")
    tell(f"person:{person.code}", title="二")
    assert deliver().sent == 0
    with clock.travel(NOW + timedelta(days=1)):  # nine o'clock: the hour was eight
        assert Pass("test").run().sent == 1
    assert post.mails[0]["Subject"] == "【政府质量奖】您有2条消息"


def test_a_digest_that_could_not_leave_gathers_no_more_and_the_next_one_does(town: Town, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    person = town.person()
    account(person, own="digest")
    tell(f"person:{person.code}", title="一")
    work_off()
    with clock.travel(NOW + timedelta(days=1)):
        assert Pass("test").run().shut == {Channel.MAIL}
        tell(f"person:{person.code}", title="二")
        work_off()
    assert list(Delivery.objects.order_by("pk").values_list("state", "gathering", "items__notification__title")) == [
        ("waiting", False, "一"),
        ("waiting", True, "二"),
    ]


def test_what_a_dead_worker_was_sending_is_shown_as_failed(town: Town) -> None:
    rows = {}
    person = people(town, 1)[0]
    mine, others = "here/abc:1", "there/def:1"
    long_ago, now = clock.real() - LEASE - timedelta(minutes=1), clock.real()
    for name, worker, claimed in [("mine", mine, now), ("others", others, now), ("silent", others, long_ago)]:
        rows[name] = Delivery.objects.create(
            account=person.account, channel="mail", kind="once", due_at=NOW, state="sending", worker=worker, claimed_at=claimed
        )
    assert recover("here/abc:") == 2
    found = {name: Delivery.objects.get(pk=row.pk) for name, row in rows.items()}
    assert {name: (row.state, row.error) for name, row in found.items()} == {
        "mine": ("failed", LOST),
        "others": ("sending", ""),
        "silent": ("failed", LOST),
    }


def test_the_test_mail_needs_no_message(town: Town, post: Postbox) -> None:
    made = account(town.person())
    Delivery.objects.create(account=made, channel=Channel.MAIL, kind=Kind.TEST, due_at=NOW)
    assert Pass("test").run().sent == 1
    assert post.mails[0]["Subject"] == "测试邮件"


def test_a_gateway_of_the_installation_is_used(town: Town, settings: Any) -> None:
    settings.GATEWAYS = {"sms": f"{__name__}.Remembering"}
    person = town.person()
    account(person, own="none", mobile="13800000000")
    tell(f"person:{person.code}")
    Remembering.kept = []
    assert deliver().sent == 1
    assert Remembering.kept == [("13800000000", "【政府质量奖】您有1条消息，请登录评审工作平台查看办理。")]


class Remembering:
    """A gateway that an installation might bring."""

    kept: list[tuple[str, str]] = []

    def send(self, address: str, text: str, title: str = "") -> None:
        self.kept.append((address, text))


def test_a_full_disk_delays_the_files(town: Town, settings: Any, tmp_path: Any) -> None:
    (tmp_path / "taken").write_text("")
    settings.OUTBOX_DIR = tmp_path / "taken"  # a file where the folder should be
    person = town.person()
    account(person, own="none", mobile="13800000000")
    tell(f"person:{person.code}")
    assert deliver().shut == {Channel.SMS}
    assert states()[0][0] == State.WAITING


def test_two_workers_at_once_send_each_message_once(real_town: Town, post: Postbox) -> None:
    for person in people(real_town, 12):
        tell(f"person:{person.code}")
    work_off()
    passes = at_once(4, lambda number: Pass(f"worker {number}").run().sent)
    assert sum(passes) == 12, passes
    assert len(post.raw) == 12
    assert len({str(m["To"]) for m in post.mails}) == 12


@pytest.mark.parametrize("count", [1, 5])
def test_an_idle_look_is_one_query(town: Town, count: int) -> None:
    for person in people(town, count):
        tell(f"person:{person.code}")
    deliver()
    with CaptureQueriesContext(connection) as queries:
        Pass("test").run()
    assert len(queries) == 1
