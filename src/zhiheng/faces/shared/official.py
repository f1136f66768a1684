"""Template filters that write dates, numbers and citations as official documents do."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from django import template
from django.utils.dateformat import format as written
from django.utils.translation import get_language

from zhiheng.faces.shared import articles
from zhiheng.foundation.clock import SHANGHAI
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import cite

register = template.Library()
WEEKDAYS = "一二三四五六日"


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _local(moment: date | datetime) -> date:
    return moment.astimezone(SHANGHAI).date() if isinstance(moment, datetime) else moment


@register.filter
def day(moment: date | datetime | None) -> str:
    """A date, or a moment's date in Beijing: 2026年3月2日 (on an English page 2 March 2026); nothing for nothing."""
    if not moment:
        return ""
    return written(_local(moment), "j F Y") if _english() else chinese_date(_local(moment))


@register.filter
def weekday(moment: date | datetime | None) -> str:
    """The day with its weekday: 2026年3月2日（星期一）."""
    if not moment:
        return ""
    local = _local(moment)
    return written(local, "l, j F Y") if _english() else f"{chinese_date(local)}（星期{WEEKDAYS[local.weekday()]}）"


@register.filter
def iso(moment: date | datetime | None) -> str:
    """A date for machines, as in <time datetime>: 2026-03-02."""
    return _local(moment).isoformat() if moment else ""


@register.filter
def moment(at: datetime | None) -> str:
    """Day and minute in Beijing: 2026年3月2日 9时05分."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    if _english():
        return written(local, "j F Y, H:i")
    return f"{chinese_date(local.date())} {local.hour}时{local.minute:02d}分"


@register.filter
def exact(value: Fraction | int) -> str:
    """An exact number without loss: 110, 0.5, or 2/3 where no decimal ends."""
    number = Fraction(value)
    if number.denominator == 1:
        return str(number.numerator)
    for places in range(1, 7):
        shifted = number * 10**places
        if shifted.denominator == 1:
            digits = str(abs(shifted.numerator)).zfill(places + 1)
            return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"{number.numerator}/{number.denominator}"


@register.filter
def yuan(amount: int) -> str:
    """Prize money as people say it: 50万元, or 5000元 where it is no whole number of 万."""
    if _english():
        return f"CNY {amount:,}"
    return f"{amount // 10_000}万元" if amount % 10_000 == 0 else f"{amount}元"


@register.filter
def citation(article: str) -> str:
    """An article code as a citation: 《细则》四（二）."""
    return cite(article) if article else ""


@register.filter
def anchor(article: str) -> str:
    """The anchor of an article on a page that shows the regulation: 四(四)2 → art-4-(4)-2."""
    return articles.anchor_of(article)


@register.simple_tag
def criteria_url(scheme: str, item: str = "", cycle: Cycle | None = None) -> str:
    """Where an item of the criteria is read: {% criteria_url "organization" "4.6" cycle %}."""
    return articles.criteria_url(scheme, item, cycle or None)


@register.filter
def article_url(article: str, cycle: Cycle | None = None) -> str:
    """Where the article's official text is read: {{ article|article_url }}, or in the version that binds a cycle,
    {{ article|article_url:cycle }}."""
    return articles.article_url(article, cycle or None)
