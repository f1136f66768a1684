"""The list of a cycle's entries as a workbook: all its pages, as filtered and in the order asked for."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhiheng.faces.desk.acting import DeskRequest
from zhiheng.faces.office import listing
from zhiheng.faces.office.downloads import attachment
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.entries import Listed, listed
from zhiheng.faces.office.views.page import part
from zhiheng.faces.shared.official import day
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.documents.sheet import Cell, Column, Table, workbook
from zhiheng.foundation.documents.word import Properties

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@part(Tab.ENTRIES)
def sheet(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """The workbook. No cell of it is ever a formula (T7)."""
    asked = listed(request, cycle)
    rows = asked.rows(asked.found)
    submitted = dict(asked.found.order_by().values_list("code", "submitted_at"))
    body: list[list[Cell]] = []
    for number, row in enumerate(rows, 1):
        at = submitted[row.code]
        on = clock.local(at).date() if at else None
        body.append([number, row.code, row.name, row.employer, row.kind, row.city, row.industry, row.status, on, row.note])
    title = _("%(cycle)s申报名单") % {"cycle": cycle.title}
    made = _("%(day)s导出，共%(count)s项。") % {"day": day(clock.today()), "count": len(rows)}
    table = Table(_("申报名单"), title, _columns(), body, (made + _narrowed(asked),))
    data = workbook([table], Properties(title, asked.view.figures.pack.award_name, clock.now()))
    return attachment(f"{title}.xlsx", data, XLSX)


def _columns() -> tuple[Column, ...]:
    named = (_("申报编号"), _("名称"), _("所在单位"), _("奖项"), _("推荐单位"), _("行业"), _("状态"))
    return (Column(_("序号"), "integer"), *(Column(title) for title in named), Column(_("提交日期"), "date"), Column(_("提示")))


def _narrowed(asked: Listed) -> str:
    """The filter in words, so that a printed part is not taken for the whole."""
    chosen, choices = asked.chosen, asked.choices
    named = {
        _("状态"): _title(choices.statuses, chosen.status),
        _("奖项"): _title(choices.kinds, chosen.kind),
        _("推荐单位"): _title(choices.recommenders, chosen.unit),
        _("行业"): _title(choices.industries, chosen.industry),
        _("查找"): chosen.q,
        _("范围"): _("逾期或者期满待办") if chosen.late else "",
    }
    parts = [_("%(name)s“%(value)s”") % {"name": name, "value": value} for name, value in named.items() if value]
    return _("筛选条件：%(conditions)s。") % {"conditions": _("，").join(parts)} if parts else ""


def _title(choices: list[listing.Choice], value: str) -> str:
    """The title of what was chosen; what has no entries has none, and stands as it was asked for."""
    return next((choice.title for choice in choices if choice.value == value), value)
