"""Storing packs and calendar years (A1, L2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from zhiheng.foundation import clock
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.packs.loader import load_calendars
from zhiheng.foundation.packs.models import CalendarYear, PackVersion
from zhiheng.rules.pack import Pack


class PackChanged(Exception):
    """A pack's files changed although its version did not: a new content needs a new version (A1)."""


def store(pack: Pack) -> PackVersion:
    """The stored form of a pack. Raises PackChanged when id and version are known with another content."""
    known = PackVersion.objects.filter(pack_id=pack.id, version=pack.version).first()
    if known is None:
        return PackVersion.objects.create(
            pack_id=pack.id, version=pack.version, digest=pack.digest, content=pack.canonical().decode(), stored_at=clock.now()
        )
    if known.digest != pack.digest:
        raise PackChanged(
            f"规则包 {pack.id} {pack.version} 的内容与已存入的不同。已启动的评审周期仍按原内容执行；如需采用新内容，请修改版本号后再载入。"
        )
    return known


def load_calendar_files(directory: Path) -> int:
    """Store the calendar years of `directory` that are not known yet; returns how many. Known years stay as they are."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    rows = [
        calendar_row(plan.year, sorted(plan.holidays), sorted(plan.workdays), source)
        for plan, source in load_calendars(directory).values()
        if plan.year not in known
    ]
    return len(CalendarYear.objects.bulk_create(rows))


def calendar_row(year: int, holidays: Sequence[date], workdays: Sequence[date], source: str) -> CalendarYear:
    """An unsaved calendar year with its digest."""
    days = [[d.isoformat() for d in dates] for dates in (holidays, workdays)]
    return CalendarYear(year=year, holidays=days[0], workdays=days[1], source=source, digest=digest_of(days))
