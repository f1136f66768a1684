"""The expert library as a workbook: taken out on record, brought in all or nothing. No uploaded file is kept: it holds ID numbers."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.experts import choosing, listing
from zhiheng.faces.desk.experts.words import book
from zhiheng.faces.desk.views.experts import READERS
from zhiheng.faces.shared.official import day
from zhiheng.foundation import clock
from zhiheng.foundation.acts import ActError
from zhiheng.foundation.documents.reading import ReadLimits, read_stream
from zhiheng.foundation.documents.records import Problem
from zhiheng.foundation.packs.selectors import newest
from zhiheng.process import reach
from zhiheng.process.imports import expert_run
from zhiheng.process.imports import experts as columns
from zhiheng.process.register import library
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import Pack

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200  # faults on a page


@require_POST
@desk(*READERS)
def export(request: DeskRequest) -> HttpResponse:
    """The experts that the filter leaves, in the columns of the form; recorded before it is made."""
    pack, acting = newest(), request.desk.acting
    whole = reach.experts(acting)
    if pack is None or not whole.exists():
        return HttpResponseRedirect(reverse("desk:experts"), status=303)
    offered = choosing.offer(whole, book(pack))
    choice = choosing.choose(request.POST, offered)
    rows = list(choosing.chosen(whole, choice, pack).select_related("person").prefetch_related("absences"))
    try:
        library.export_experts(acting, None, count=len(rows), narrowed=choice.narrowed)
    except ActError as error:
        messages.warning(request, error.decision.text())
        return HttpResponseRedirect(reverse("desk:experts"), status=303)
    told = f"{day(clock.today())}导出，共{len(rows)}名。"
    if choice.narrowed:
        told += f"筛选条件：{'、'.join(word.strip() for word in offered.words(choice))}。"
    return _file(columns.sheet(pack, listing.sheet_rows(rows, pack), told, clock.now()), f"{pack.award_name}评审专家名单.xlsx")


@require_safe
@desk(Role.OFFICE, Role.AGENCY)
def template(_request: DeskRequest) -> HttpResponse:
    """The empty form."""
    pack = newest()
    if pack is None:
        return HttpResponseRedirect(reverse("desk:experts"), status=303)
    return _file(columns.template(pack, clock.now()), "评审专家登记表模板.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.OFFICE, Role.AGENCY)
def bring_in(request: DeskRequest) -> HttpResponse:
    """Check a workbook, or check it and bring it in."""
    pack, upload = newest(), request.FILES.get("file")
    if request.method != "POST" or pack is None:
        return render(request, "desk/expert_import.html", {"ready": pack is not None})
    if upload is None:
        return _answer(request, [], error=_("请选择按模板填写的xlsx文件"))
    read = read_stream(str(upload.name or ""), cast("BinaryIO", upload), ReadLimits())
    if read.value is None:
        return _answer(request, [], error=read.text())
    return _brought(request, pack, read.value)


def _brought(request: DeskRequest, pack: Pack, grids: Any) -> HttpResponse:
    rows, problems = columns.read(grids, pack, clock.today())
    found, more = expert_run.plan(rows) if not problems else (None, [])
    problems = problems or more
    if problems or found is None:
        return _answer(request, problems)
    counts = {"new": len(found.new), "changed": len(found.changed), "same": found.same}
    if request.POST.get("step") != "import":
        return _answer(request, [], plan=counts)
    approve = request.POST.get("approve") == "1" and request.desk.acting.role == Role.OFFICE
    problems = expert_run.import_experts(request.desk.acting, rows, approve=approve)
    if problems:
        return _answer(request, problems)
    said = _("导入完成：新登记 %(new)s 名，更新 %(changed)s 名，无变化 %(same)s 名") % counts
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:experts"), status=303)


def _answer(request: DeskRequest, problems: list[Problem], *, error: str = "", plan: dict[str, int] | None = None) -> HttpResponse:
    wrong = bool(problems or error)
    context = {"ready": True, "problems": problems[:MOST_SHOWN], "count": len(problems), "error": error, "plan": plan}
    return render(request, "desk/expert_import.html", context, status=422 if wrong else 200)


def _file(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
