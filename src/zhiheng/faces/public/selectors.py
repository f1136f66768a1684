"""What is public, and nothing else: notices that have been posted, and what they say; cycles that have been called; certificates
by their number (T1, T2, K2, K6). Every page of the public site reads through here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from zhiheng.faces.public.kinds import COMMENDATION, COUNTED, REVOCATION, Kind, kind_of
from zhiheng.faces.public.periods import Period, period_of
from zhiheng.faces.public.published import Listed, listed
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.calendar import WorkCalendar
from zhiheng.stages.commendation.models import Certificate

NUMBER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice with its kind and its clock."""

    notice: Notice
    kind: Kind
    period: Period


@dataclass(frozen=True, slots=True)
class Event:
    """One notice in an entry's history and what it said of the entry."""

    shown: Shown
    listed: Listed


@dataclass(frozen=True, slots=True)
class Winner:
    """A winner as the commendation named it; revoked_on from the day the award was taken back (K2, K3)."""

    listed: Listed
    cycle: Cycle
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries the published lists of one kind name; None while none has been published."""

    title: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a certificate number stands for."""

    certificate: Certificate
    holder: str
    award: str
    revoked: bool


def cycles() -> QuerySet[Cycle]:
    """Cycles whose call has been issued, newest first; one that is still being planned is not public."""
    return Cycle.objects.filter(pinned_at__lte=clock.now()).select_related("pack").defer("pack__content").order_by("-year", "-pk")


def notices() -> QuerySet[Notice]:
    """Notices posted by now, newest first, without their long texts."""
    posted = Notice.objects.filter(posted_at__lte=clock.now()).select_related("cycle", "unit")
    return posted.defer("body", "items").order_by("-posted_at", "-pk")


def full_notices() -> QuerySet[Notice]:
    """The same, oldest first, with text and list."""
    return notices().defer(None).order_by("posted_at", "pk")


def running() -> QuerySet[Notice]:
    """Notices that take objections today, those that end first on top."""
    return notices().filter(days__gt=0, ends_on__gte=clock.today()).order_by("ends_on", "-posted_at", "-pk")


def ended() -> QuerySet[Notice]:
    """Notices whose last day is over."""
    return notices().filter(days__gt=0, ends_on__lt=clock.today())


def announcements() -> QuerySet[Notice]:
    """Notices without a clock."""
    return notices().filter(days=0)


def show(notice: Notice, days: WorkCalendar | None = None) -> Shown:
    """A notice with its clock now. days: the calendar, when several are shown."""
    counts = rules_of(notice.cycle).parameters.posting_day_counts.value
    return Shown(notice, kind_of(notice.kind), period_of(notice, clock.now(), days or calendar(), counts))


def show_all(found: QuerySet[Notice] | list[Notice]) -> list[Shown]:
    """Several notices with their clocks."""
    days = calendar()
    return [show(notice, days) for notice in found]


def counts(cycle: Cycle) -> list[Count]:
    """How many entries the published lists of the cycle name, kind by kind."""
    named: dict[str, set[str]] = {}
    for kind, items in Notice.objects.filter(cycle=cycle, posted_at__lte=clock.now()).values_list("kind", "items"):
        named.setdefault(kind, set()).update(str(item["code"]) for item in items if item.get("code"))
    return [Count(str(title), len(named[kind]) if kind in named else None) for kind, title in COUNTED]


def history(code: str) -> list[Event]:
    """Every notice that named the entry, in time order; empty for an entry that no notice has named yet."""
    # The text search is a sieve that works alike on SQLite and PostgreSQL; what counts is the comparison of codes below.
    sieve = full_notices().annotate(text=Cast("items", TextField())).filter(text__contains=code)
    days = calendar()
    events = []
    for notice in sieve:
        events += [Event(show(notice, days), one) for one in listed(notice, rules_of(notice.cycle)) if one.code == code]
    return events


def winners(cycle: Cycle | None = None) -> list[Winner]:
    """Whom the commendations named, newest cycle first, within a cycle in neutral order. Revoked ones stay and are marked (K2)."""
    commended = full_notices().filter(kind=COMMENDATION)
    if cycle:
        commended = commended.filter(cycle=cycle)
    rows = [(one, notice.cycle) for notice in commended for one in listed(notice, rules_of(notice.cycle))]
    revoked = revocations()
    found = {one.code: Winner(one, cycle_, revoked.get(one.code)) for one, cycle_ in rows}
    return sorted(found.values(), key=lambda winner: (-winner.cycle.year, -winner.cycle.pk))


def revocations() -> dict[str, date]:
    """Entry code → the day on which its award was taken back."""
    rows = Certificate.objects.filter(revoked_on__lte=clock.today()).values_list("entry__code", "revoked_on")
    return {code: on for code, on in rows if on}


def was_commended(events: list[Event]) -> bool:
    """Whether a commendation is among what was published."""
    return any(event.shown.notice.kind == COMMENDATION for event in events)


def revocation_notice(code: str) -> Notice | None:
    """The notice that made the revocation of this entry public, if posted."""
    events = [event.shown.notice for event in history(code) if event.shown.notice.kind == REVOCATION]
    return events[-1] if events else None


def tidy_number(typed: str) -> str:
    """A certificate number as people type it (full-width signs, spaces, small letters) in its written form."""
    plain = unicodedata.normalize("NFKC", typed[: 2 * NUMBER_LENGTH]).upper()
    return "".join(sign for sign in plain if sign.isprintable() and not sign.isspace())[:NUMBER_LENGTH]


def check_certificate(number: str) -> Checked | None:
    """The certificate issued under this number by today; None if there is none (K6)."""
    issued = Certificate.objects.filter(number=number, issued_on__lte=clock.today())
    found = issued.select_related("entry", "cycle").defer("entry__form").first()
    if found is None:
        return None
    award = rules_of(found.cycle).award(found.entry.award).title
    return Checked(found, found.entry.name, award, bool(found.revoked_on and found.revoked_on <= clock.today()))
