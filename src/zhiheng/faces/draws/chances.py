"""Every expert's chance before the draw, how even the chances are, and the same of a plain random draw beside it (F1, G1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from zhiheng.foundation.lottery.plainly import TIMES

BINS = 10  # bars of the chart at most


@dataclass(frozen=True, slots=True)
class Line:
    """An expert: tickets that hold them, of how many; how often of as many plain draws; seats on average before rounding."""

    code: str
    tickets: int
    of: int
    plain: int
    expected: str
    name: str = ""
    employer: str = ""

    @property
    def percent(self) -> str:
        """The chance in percent, to one place."""
        return percent(Fraction(self.tickets, self.of))

    @property
    def plain_percent(self) -> str:
        """That of a plain draw."""
        return percent(Fraction(self.plain, TIMES))


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of evenness: its name, what it says, ours and that of a plain random draw."""

    title: str
    note: str
    ours: str
    plain: str


def percent(share: Fraction) -> str:
    """A share as 19.6%, half up."""
    tenths = int(share * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}%"


def measures(content: Mapping[str, Any]) -> list[Measure]:
    """The least chance, the Gini coefficient, the geometric mean."""
    ours, plain = content["evenness"]["tickets"], content["evenness"]["plain"]
    named = (
        ("minimum", _("最低入选机会"), _("机会最小的专家被抽中的概率，越高越公平")),
        ("gini", _("基尼系数"), _("0为人人相等，越低越公平")),
        ("geometric_mean", _("几何平均"), _("全体专家入选机会的几何平均，越高越公平")),
    )
    shown = {"minimum": lambda text: percent(Fraction(text)), "geometric_mean": lambda text: percent(Fraction(text))}
    return [
        Measure(title, note, shown.get(name, lambda text: text[:6])(ours[name]), shown.get(name, lambda text: text[:6])(plain[name]))
        for name, title, note in named
    ]


def lines(content: Mapping[str, Any]) -> list[Line]:
    """Everybody who can be drawn, the least likely first."""
    of = len(content["tickets"])
    found = [
        Line(code, content["chances"][code], of, content["plain"].get(code, 0), content["expected"].get(code, ""))
        for code in content["experts"]
    ]
    return sorted(found, key=lambda line: (line.tickets, line.code))


def chart(found: list[Line]) -> dict[str, Any]:
    """How many experts have which chance, ours and a plain draw's side by side."""
    if not found:
        return {}
    ours, plain = [Fraction(one.tickets, one.of) for one in found], [Fraction(one.plain, TIMES) for one in found]
    low, high = min(*ours, *plain), max(*ours, *plain)
    step = max(Fraction(-(-int((high - low) * 1000 + 1) // BINS), 1000), Fraction(1, 100))
    edges = [low + step * number for number in range(BINS) if low + step * number <= high]
    names = [f"{percent(edge)}–{percent(edge + step)}" for edge in edges]

    def counted(values: list[Fraction]) -> list[int]:
        places = [int((value - low) / step) for value in values]
        return [places.count(number) for number in range(len(edges))]

    series = [(_("本次抽签方案"), counted(ours)), (_("简单随机抽取"), counted(plain))]
    spoken = _("；").join(
        _("%(name)s：%(ours)s名，简单随机抽取%(plain)s名") % {"name": name, "ours": series[0][1][n], "plain": series[1][1][n]}
        for n, name in enumerate(names)
    )
    return {
        "id": "chances",
        "names": names,
        "series": [{"name": name, "data": data, "award": False} for name, data in series],
        "description": _("柱状图：各段入选机会的专家人数。%(spoken)s。") % {"spoken": spoken},
    }
