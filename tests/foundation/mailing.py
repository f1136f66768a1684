"""What the tests of notifications share: accounts with an address, messages as acts send them, the queue worked off."""

from __future__ import annotations

from dataclasses import dataclass

from django_tasks_db.models import DBTaskResult

from zhiheng.foundation import clock
from zhiheng.foundation.acts import To
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Delivery, Notification, Preference
from zhiheng.foundation.notifications.sending import Pass
from zhiheng.foundation.notifications.services import send
from zhiheng.foundation.people.models import Account, Person


def account(person: Person, email: str = "", **wishes: str) -> Account:
    """An account for a person, with its wishes."""
    made = Account.objects.create_user(person.code, email=email or f"{person.code}@example.test", person=person)
    if wishes:
        Preference.objects.create(account=made, **wishes)
    return made


def tell(*to: str, cycle: Cycle | None = None, title: str = "请办理", text: str = "内容", subject: str = "") -> list[Notification]:
    """Send the message as an act does; returns what was saved."""
    before = set(Notification.objects.values_list("pk", flat=True))
    send([To(one, title, text) for one in to], cycle, subject, clock.now())
    return list(Notification.objects.exclude(pk__in=before).order_by("pk"))


def work_off() -> None:
    """Do what is queued, as the worker does; a task that fails fails the test."""
    for row in DBTaskResult.objects.ready():
        row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
        row.set_successful(None)


def deliver() -> Pass:
    """Work off the queue, then send what is due."""
    work_off()
    return Pass("test").run()


@dataclass(frozen=True)
class Sent:
    """One outgoing message, as tests compare it."""

    account: str
    channel: str
    kind: str
    state: str
    titles: tuple[str, ...]


def outgoing() -> list[Sent]:
    """Every outgoing message in order."""
    rows = Delivery.objects.order_by("pk").select_related("account")
    return [
        Sent(
            row.account.username,
            row.channel,
            row.kind,
            row.state,
            tuple(item.notification.title for item in row.items.order_by("notification_id").select_related("notification")),
        )
        for row in rows
    ]
