"""Health, failed messages and tasks, mail settings, the calendar: what the administrator sees and may set going again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tests.faces.seating import seated, text
from tests.foundation.conftest import Town
from tests.foundation.mailing import account
from zhiheng.faces.administration import health
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.notifications.models import Delivery, State
from zhiheng.foundation.notifications.onward import forward
from zhiheng.foundation.notifications.sending import Pass
from zhiheng.foundation.people.models import Account
from zhiheng.process.background import checks
from zhiheng.rules.lifecycle import Role

HEALTH, REDO, MAIL = (reverse(f"administration:{name}") for name in ("health", "redo", "mail"))


@pytest.fixture
def admin(town: Town) -> Acting:
    acting = town.acting(Role.ADMIN, person=town.person("钱管理"))
    assert acting.person is not None
    account(acting.person, email="admin@example.test")
    return acting


@pytest.fixture
def client(admin: Acting) -> Client:
    return seated(admin)


def signs() -> dict[str, tuple[str, str]]:
    return {sign.title: (sign.state, sign.word) for sign in health.signs()}


def failed(account_: Account, **changes: Any) -> Delivery:
    fresh: dict[str, Any] = {"channel": "mail", "kind": "once", "due_at": clock.now(), "state": State.FAILED, "done_at": clock.real()}
    return Delivery.objects.create(account=account_, **fresh | {"error": "550 no such user"} | changes)


def done(name: str, found: dict[str, Any], at: Any = None) -> None:
    checks.ask(name)
    row = DBTaskResult.objects.filter(task_path=checks.CHECKS[name].module_path).latest("enqueued_at")
    row.set_successful(found)
    DBTaskResult.objects.filter(pk=row.pk).update(finished_at=at or clock.real())


# ------------------------------------------------------------------ health


def test_a_healthy_installation(town: Town, client: Client) -> None:
    done("journal", {"chains": 2, "entries": 30, "faults": 0, "shown": []})
    done("files", {"files": 7, "faults": 0, "shown": []})
    found = signs()
    free = found.pop("磁盘空间")
    assert free[0] in {"good", "warn", "stop"}
    assert found == {
        "数据库": ("good", "正常"),
        "数据库结构": ("good", "与程序一致"),
        "缓存": ("good", "正常"),
        "后台任务": ("good", "正常"),
        "消息投递": ("good", "正常"),
        "评审日志核验": ("good", "完整无改动"),
        "文件完整性核验": ("good", "完整无改动"),
        "版本": ("good", "质衡 0.1.0"),
    }
    shown = text(client.get(HEALTH))
    assert "2 条日志链，30 条记录；核验于" in shown
    assert "7 个文件；核验于" in shown
    if free[0] == "good":
        assert "各项运行正常" in text(client.get(reverse("administration:home")))


def test_what_was_never_checked_or_long_ago_or_found_wrong(town: Town, client: Client) -> None:
    assert signs()["评审日志核验"] == ("warn", "尚未核验")
    done("journal", {"chains": 1, "entries": 1, "faults": 0, "shown": []}, clock.real() - timedelta(days=3))
    assert signs()["评审日志核验"] == ("warn", "超过两日未核验")
    done("journal", {"chains": 1, "entries": 9, "faults": 2, "shown": ["platform 第 3 条：记录内容与其摘要不符，已被改动"]})
    assert signs()["评审日志核验"] == ("stop", "发现 2 处问题")
    assert "platform 第 3 条：记录内容与其摘要不符，已被改动" in text(client.get(HEALTH))
    assert "发现 2 处问题" in text(client.get(reverse("administration:home")))


def test_a_check_is_asked_for_once(client: Client) -> None:
    url = reverse("administration:check")
    assert "已安排核验" in text(client.post(url, {"name": "journal"}, follow=True))
    assert "核验正在进行" in text(client.post(url, {"name": "journal"}, follow=True))
    assert DBTaskResult.objects.count() == 1
    for wrong in ("", "x", "__class__"):
        assert client.post(url, {"name": wrong}).status_code == 303
    assert DBTaskResult.objects.count() == 1


def test_a_queue_that_nobody_works_off(town: Town) -> None:
    forward.enqueue([1])
    assert signs()["后台任务"] == ("good", "正常")
    DBTaskResult.objects.update(enqueued_at=clock.real() - timedelta(minutes=3))
    assert signs()["后台任务"] == ("stop", "无人处理")
    assert "最早的已等待 3 分钟" in health.queue().text


def test_what_failed_and_what_cannot_leave(town: Town, admin: Acting) -> None:
    row = failed(Account.objects.get())
    assert signs()["消息投递"] == ("warn", "失败 1 条")
    Delivery.objects.filter(pk=row.pk).update(state=State.WAITING, error="ConnectionRefusedError：refused")
    assert signs()["消息投递"] == ("stop", "暂时无法发出")
    assert "ConnectionRefusedError" in health.deliveries().text


def test_migrations_that_were_not_run(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifications' AND name LIKE '0003%'")
    sign = health.migrations()
    assert (sign.state, sign.word, sign.shown) == ("stop", "有未执行的升级", ("notifications.0003_read_up_to",))


def test_a_cache_that_is_away_or_forgets(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(cache), "get", lambda *_: None, raising=False)
    assert health.shared_cache().word == "读写不一致"

    def away(*_: Any) -> None:
        raise ConnectionError("away")

    monkeypatch.setattr(type(cache), "set", away, raising=False)
    assert health.shared_cache().word == "无法使用"


@pytest.mark.parametrize(
    ("free", "total", "state"), [(500 * 2**20, 100 * 2**30, "stop"), (5 * 2**30, 100 * 2**30, "warn"), (50 * 2**30, 100 * 2**30, "good")]
)
def test_room_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, total: int, state: str) -> None:
    class Usage:
        def __init__(self) -> None:
            self.free, self.total = free, total

    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: Usage())
    assert health.disk(tmp_path / "not" / "yet").state == state


@pytest.mark.parametrize(("seconds", "said"), [(-1, "0 秒"), (59, "59 秒"), (60, "1 分钟"), (7200, "2 小时"), (200_000, "2 天")])
def test_ages_in_words(seconds: int, said: str) -> None:
    assert health.age(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(("size", "said"), [(0, "0 kB"), (2048, "2 kB"), (5 * 2**20, "5.0 MB"), (3 * 2**30, "3.0 GB")])
def test_sizes_in_words(size: int, said: str) -> None:
    assert health.amount(size) == said


# ------------------------------------------------------------------ once more


def test_a_failed_message_is_sent_again_once(client: Client, mailoutbox: list[Any]) -> None:
    row = failed(Account.objects.get(), kind="test")
    assert "钱管理" in text(client.get(HEALTH))
    assert "已办理" in text(client.post(REDO, {"delivery": row.pk}, follow=True))
    assert "未作改动" in text(client.post(REDO, {"delivery": row.pk}, follow=True))
    assert Pass("test").run().sent == 1
    assert len(mailoutbox) == 1


def test_a_failed_message_is_given_up(client: Client) -> None:
    row = failed(Account.objects.get())
    assert "已办理" in text(client.post(REDO, {"drop": row.pk}, follow=True))
    assert Delivery.objects.get().state == State.DROPPED
    assert "未作改动" in text(client.post(REDO, {"drop": row.pk}, follow=True))


@pytest.mark.parametrize("state", [State.SENT, State.WAITING, State.SENDING, State.DROPPED])
def test_what_is_not_failed_stays_as_it_is(client: Client, state: State) -> None:
    row = failed(Account.objects.get(), state=state)
    for name in ("delivery", "drop"):
        assert "未作改动" in text(client.post(REDO, {name: row.pk}, follow=True))
    assert Delivery.objects.get().state == state


def test_a_failed_task_is_run_again_and_its_error_is_shown_without_its_data(client: Client) -> None:
    forward.enqueue([7])
    row = DBTaskResult.objects.get()
    row.set_failed(ValueError("金丝雀"))
    shown = client.get(HEALTH).content.decode()
    assert "ValueError" in shown
    assert "金丝雀" not in shown
    assert signs()["后台任务"] == ("warn", "失败 1 项")
    assert "已办理" in text(client.post(REDO, {"task": str(row.pk)}, follow=True))
    assert "未作改动" in text(client.post(REDO, {"task": str(row.pk)}, follow=True))
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("READY", [])


@pytest.mark.parametrize(
    "data", [{}, {"delivery": "x"}, {"delivery": "9" * 30}, {"task": "x"}, {"task": "00000000-0000-0000-0000-000000000000"}, {"drop": "-1"}]
)
def test_nonsense_changes_nothing(client: Client, data: dict[str, str]) -> None:
    assert "未作改动" in text(client.post(REDO, data, follow=True))


def test_a_message_that_is_not_there(client: Client) -> None:
    assert client.post(REDO, {"delivery": "999999"}).status_code == 404


# ------------------------------------------------------------------ mail, calendar


def test_mail_settings_are_shown_without_secrets(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.test", 587
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "geheim-user", "geheim-word"
    shown = text(client.get(MAIL))
    assert "mail.example.test:587" in shown
    assert "使用账号登录" in shown
    assert "geheim" not in client.get(MAIL).content.decode()
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", "/srv/mail"
    assert "未设邮件服务器，写入文件" in text(client.get(MAIL))


def test_a_test_mail_goes_the_way_of_all_others_one_at_a_time(client: Client, mailoutbox: list[Any]) -> None:
    url = reverse("administration:test_mail")
    assert "测试邮件已排队" in text(client.post(url, follow=True))
    assert "上一封测试邮件尚未发出" in text(client.post(url, follow=True))
    assert Pass("test").run().sent == 1
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["admin@example.test"], "测试邮件")]
    assert "已发送" in text(client.get(MAIL))
    Account.objects.update(email="")
    assert "尚未登记邮箱" in text(client.post(url, follow=True))
    assert Delivery.objects.count() == 1


def test_the_calendar_says_which_year_is_missing(client: Client) -> None:
    shown = text(client.get(reverse("administration:calendar")))
    assert "2027 年放假安排尚未录入" in shown
    assert "国务院办公厅关于2026年部分节假日安排的通知" in shown
    assert "增补工作日历" in shown
