"""Extending the calendar when the State Council publishes a year (L2, Q14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.foundation.packs.services import calendar_row
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role


@act("calendar.extend", "增补工作日历", duty="L2", article="四", roles=[Role.OFFICE])
def extend_calendar(
    acting: Acting, subject: None, *, year: int, holidays: Sequence[date], workdays: Sequence[date], source: str
) -> Outcome:
    """Add a year that the State Council has published. A known year is never changed: clocks run on it.

    A plan may reach into the December before its year (New Year's Day); running periods then only become longer.
    """
    if CalendarYear.objects.filter(year=year).exists():
        return Outcome(no(f"{year} 年工作日历已存在，正在执行的期限据此计算，不得改动", article="四", duty="L2"))
    if not 2000 <= year <= 2100:
        return Outcome(no(f"年份 {year} 不在可选范围内，请核对", article="四", duty="L2"))
    if not source.strip():
        return Outcome(no("请填写放假安排的文件名称和文号", article="四", duty="L2"))
    if len(source) > 200:
        return Outcome(no("文件名称和文号请控制在 200 字以内", article="四", duty="L2"))
    if not holidays:
        return Outcome(no("请录入放假日期：没有放假日的年份不能据以计算期限", article="四", duty="L2"))
    if stray := [d for d in (*holidays, *workdays) if d.year != year and (d.year, d.month) != (year - 1, 12)]:
        return Outcome(no(f"日期 {stray[0]} 不属于 {year} 年放假安排，请核对", article="四", duty="L2"))
    if weekdays := [d for d in workdays if d.weekday() < 5]:
        return Outcome(no(f"调休上班日 {weekdays[0]} 不是周末，请核对", article="四", duty="L2"))
    if both := set(holidays) & set(workdays):
        return Outcome(no(f"{min(both)} 既是放假日又是调休上班日，请核对", article="四", duty="L2"))
    row = calendar_row(year, sorted(holidays), sorted(workdays), source)
    row.save()
    return Outcome(yes(f"{year} 年工作日历已生效", duty="L2"), {"year": year, "digest": row.digest, "source": source}, value=row)
