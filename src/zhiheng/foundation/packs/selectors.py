"""Reading pinned packs and the calendar."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache

from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.packs.models import CalendarYear, PackVersion
from zhiheng.rules.calendar import WorkCalendar, YearPlan
from zhiheng.rules.pack import Pack


@lru_cache(maxsize=16)
def _parsed(digest: str) -> Pack:
    pack = Pack.model_validate(json.loads(PackVersion.objects.get(digest=digest).content))
    if pack.digest != digest:  # raised in here, so that a content that was mended is read again
        raise ValueError(f"规则包 {pack.id} {pack.version} 的内容与锁定的摘要不符，请停止使用并核查数据库")
    return pack


def pack_of(digest: str) -> Pack:
    """The pack stored under this digest. Raises ValueError when its content no longer has it (X12)."""
    return _parsed(digest)


def newest() -> Pack | None:
    """The pack stored last, by which what belongs to no cycle goes; None on an empty platform."""
    digest = PackVersion.objects.order_by("-stored_at", "-pk").values_list("digest", flat=True).first()
    return pack_of(digest) if digest else None


@lru_cache(maxsize=8)
def _calendar(years: tuple[tuple[int, str], ...]) -> WorkCalendar:
    plans = {}
    for row in CalendarYear.objects.filter(year__in=[year for year, _ in years]):
        if digest_of([row.holidays, row.workdays]) != row.digest:
            raise ValueError(f"{row.year} 年工作日历的内容与其摘要不符，请停止使用并核查数据库")
        holidays, workdays = (frozenset(date.fromisoformat(d) for d in days) for days in (row.holidays, row.workdays))
        plans[row.year] = YearPlan(row.year, holidays, workdays)
    return WorkCalendar(plans)


def calendar() -> WorkCalendar:
    """The working-day calendar as known now. Raises ValueError when a year's content no longer has its digest (X12)."""
    return _calendar(tuple(CalendarYear.objects.order_by("year").values_list("year", "digest")))
