"""Charts as data for ECharts: series, a Chinese description for who cannot see them, and nothing that the table beside does not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhiheng.faces.office.figures import Line, Step
from zhiheng.rules.lifecycle import STATUS_TITLES, EntryStatus

Chart = dict[str, Any]
AWARDED = STATUS_TITLES[EntryStatus.AWARDED]  # drawn in the award's own red
MOST_SPOKEN = 8  # bars that a description names one by one


def funnel(steps: Sequence[Step], title: str) -> Chart:
    """How many entries passed each stage, from the top down."""
    return _bars("funnel", title, [step.title for step in steps], [(_("通过数量"), [step.count for step in steps])])


def compared(chart: str, title: str, lines: Sequence[Line], heads: Sequence[str], columns: Sequence[int]) -> Chart:
    """Lines of a table as bars side by side; columns: which counts are drawn."""
    series = [(heads[number], [line.counts[number] for line in lines]) for number in columns]
    return _bars(chart, title, [line.title or _("未填写行业") for line in lines], series)


def _bars(chart: str, title: str, names: list[str], series: list[tuple[str, list[int]]]) -> Chart:
    return {
        "id": chart,
        "names": names,
        "series": [{"name": name, "data": counts, "award": name == AWARDED} for name, counts in series],
        "description": _described(title, names, series),
    }


def _described(title: str, names: list[str], series: list[tuple[str, list[int]]]) -> str:
    """The chart in one sentence; the largest bars by name, the whole in the table beside it."""
    parts = []
    for number, name in enumerate(names):
        counts = _("、").join(_("%(series)s%(count)s项") % {"series": label, "count": data[number]} for label, data in series)
        parts.append(_("%(name)s：%(counts)s") % {"name": name, "counts": counts})
    spoken = _("；").join(parts[:MOST_SPOKEN])
    more = _("；其余%(count)s项见旁边的表格") % {"count": len(parts) - MOST_SPOKEN} if len(parts) > MOST_SPOKEN else ""
    return _("柱状图：%(title)s。%(spoken)s%(more)s。") % {"title": title, "spoken": spoken, "more": more}
