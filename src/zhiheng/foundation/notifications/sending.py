"""Sending what is due, each message exactly once, or visibly failed and sent again by hand (X3, X10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.db.models import Q

from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Channel, Delivery, Kind, Notification, State
from zhiheng.foundation.notifications.ports import Deferred, Down, Gateway, Rejected, gateway
from zhiheng.foundation.notifications.texts import write

MOST_TRIES = 6
#: Who claims a message and does not come back within this time is dead.
LEASE = timedelta(minutes=10)
LOST = "发送时中断，不能确认是否已经送达；核实后可重新发送"
UNSURE = "不能确认是否已经送达；核实后可重新发送"
log = structlog.get_logger(__name__)


@dataclass
class Pass:
    """One look at what is due: what became of it, and which ways were found shut. again: also try what was put off before."""

    worker: str
    again: bool = True
    sent: int = 0
    failed: int = 0
    shut: set[Channel] = field(default_factory=set)
    _tried: set[int] = field(default_factory=set)
    _gateways: dict[Channel, Gateway] = field(default_factory=dict)

    def run(self) -> Pass:
        """Send one after another until nothing is due; each is claimed first, so that no two workers send the same."""
        while (delivery := self._next()) is not None:
            self._tried.add(delivery.pk)
            claimed = {"state": State.SENDING, "gathering": False, "worker": self.worker, "claimed_at": clock.real()}
            if Delivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(**claimed):
                self._send(delivery)
        return self

    def _next(self) -> Delivery | None:
        due = Delivery.objects.filter(state=State.WAITING, due_at__lte=clock.now()).exclude(pk__in=self._tried)
        due = due.exclude(channel__in=self.shut)
        if not self.again:
            due = due.filter(tries=0)
        return due.select_related("account__person").order_by("due_at", "pk").first()

    def _send(self, delivery: Delivery) -> None:
        channel = Channel(delivery.channel)
        address = _address(delivery)
        rows = list(Notification.objects.filter(items__delivery=delivery).order_by("pk"))
        if not address or not (rows or delivery.kind == Kind.TEST):
            _settle(delivery, State.DROPPED, "账号已停用或未留接收地址")
            return
        written = write(channel, Kind(delivery.kind), rows)
        way = self._gateways.setdefault(channel, gateway(channel))
        try:
            way.send(address, written.text, written.title)
        except Down as error:  # not this message's fault: nothing is counted against it
            self.shut.add(channel)
            _settle(delivery, State.WAITING, str(error))
        except Deferred as error:
            last = delivery.tries + 1 >= MOST_TRIES
            self._failed(delivery, State.FAILED if last else State.WAITING, str(error))
        except Rejected as error:
            self._failed(delivery, State.FAILED, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, somebody has to look
            self._failed(delivery, State.FAILED, f"{UNSURE}（{type(error).__name__}）")
        else:
            self.sent += 1
            _settle(delivery, State.SENT, "")

    def _failed(self, delivery: Delivery, state: State, why: str) -> None:
        delivery.tries += 1
        self.failed += state == State.FAILED
        log.warning("message not sent", delivery=delivery.pk, channel=delivery.channel, state=state.value)
        _settle(delivery, state, why)


def _settle(delivery: Delivery, state: State, error: str) -> None:
    done = None if state == State.WAITING else clock.real()
    Delivery.objects.filter(pk=delivery.pk).update(state=state, error=error[:300], tries=delivery.tries, done_at=done)


def _address(delivery: Delivery) -> str:
    account = delivery.account
    if not account.is_active:
        return ""
    if delivery.channel == Channel.MAIL:
        return account.email
    wish = getattr(account, "preference", None)
    return str(getattr(wish, {Channel.SMS: "mobile", Channel.WECOM: "wecom"}[Channel(delivery.channel)], "")) if wish else ""


def recover(machine: str) -> int:
    """What a dead worker was sending is marked as failed, since nobody knows whether it arrived; returns how many there were.

    machine: the name with which the dead workers of this machine begin; nothing of it is alive. Others are dead after LEASE.
    """
    dead = Q(worker__startswith=machine) | Q(claimed_at__lt=clock.real() - LEASE)
    lost = Delivery.objects.filter(dead, state=State.SENDING)
    return lost.update(state=State.FAILED, error=LOST, done_at=clock.real())


def send_again(delivery: Delivery) -> bool:
    """Send a failed message again; False when it is not failed (any more): two clicks send it once."""
    fresh = {"state": State.WAITING, "tries": 0, "error": "", "done_at": None, "due_at": clock.now()}
    return bool(Delivery.objects.filter(pk=delivery.pk, state=State.FAILED).update(**fresh))


def drop(delivery: Delivery) -> bool:
    """Give a failed message up, so that it is no longer shown as failed; False when it is not failed (any more)."""
    return bool(Delivery.objects.filter(pk=delivery.pk, state=State.FAILED).update(state=State.DROPPED))
