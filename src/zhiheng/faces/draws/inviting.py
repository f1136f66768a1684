"""Invitations to review: links that need no sign-in, for those who were drawn (F1, G1, K7)."""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Notification
from zhiheng.rules.clocks import chinese_date
from zhiheng.stages.panel.models import Seat
from zhiheng.stages.panel.selectors import STAGE_OF

#: Under which title who was drawn is told of it.
TITLE = "受聘评审通知"
_TOKEN = re.compile(r"([1-9][0-9]{0,14})-([0-9a-f]{64})")


def token_of(seat: Seat) -> str:
    """The secret part of the link. Made anew whenever it is needed: a copy of the database without the server's key opens nothing."""
    key = f"invitation to review|{settings.SECRET_KEY}".encode()
    return f"{seat.pk}-{hmac.new(key, f'{seat.pk}|{seat.nonce}'.encode(), hashlib.sha256).hexdigest()}"


def link(seat: Seat) -> str:
    """Where the invited expert answers, under our own configured address (T10)."""
    return f"{settings.ZHIHENG_SITE_URL}{reverse('invited:link', args=[token_of(seat)])}"


def seat_of(token: str) -> Seat | None:
    """The seat that the link was made for, whether or not it still waits."""
    match = _TOKEN.fullmatch(token)
    seat = _seats().filter(pk=match[1]).first() if match else None
    return seat if seat is not None and hmac.compare_digest(token_of(seat), token) else None


def find(token: str) -> Seat | None:
    """The seat of this link, while it waits for an answer and its last day has not passed."""
    seat = seat_of(token)
    return seat if seat is not None and waits(seat) else None


def _seats() -> QuerySet[Seat]:
    return Seat.objects.select_related("panel__cycle__pack", "expert__person")


def waits(seat: Seat) -> bool:
    """Whether the seat waits for its expert's answer today."""
    if seat.answer or seat.vacated_at is not None or (seat.due is not None and seat.due < clock.today()):
        return False
    return bool(seat.panel.cycle.stage == STAGE_OF[seat.panel.round])


def lines(row: Notification) -> list[str]:
    """What the mail of this notification says beyond its title: a link for each seat that waits for the person."""
    kind, _, code = row.to.partition(":")
    if kind != "person":
        return []
    rows = _seats().filter(expert__person__code=code, panel__cycle__code=row.cycle, answer="", vacated_at=None).order_by("pk")
    return [f"答复链接{_until(seat)}：{link(seat)}" for seat in rows if waits(seat)]


def _until(seat: Seat) -> str:
    return f"（{chinese_date(seat.due)}前有效，无须登录，请勿转发）" if seat.due else "（无须登录，请勿转发）"
