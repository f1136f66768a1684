"""A panel agrees: the sheets side by side, where they lie too far apart, the marks agreed on and why (F2, G3, Q2)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.faces.desk import drafts
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import receipt, sent
from zhiheng.faces.expert.access import AGREE, entry_of, leads, panel_of
from zhiheng.faces.expert.marking import Form, laid
from zhiheng.faces.expert.sheets import Table, table
from zhiheng.faces.expert.writing import Desk
from zhiheng.foundation.acts import ActError, Acting
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import reach
from zhiheng.rules.compose import panel_title
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.marks import right_marks
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.panel.selectors import STAGE_OF
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.scoring import missing_sheets, open_to


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.EXPERT, Role.AGENCY)
def consensus(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """GET: the table. POST: `step` is preview, edit, draft, drop or confirm."""
    acting = request.desk.acting
    panel, entry = place(acting, pk, code)
    paper = Desk(request, AGREE[panel.round].id, f"{reach.address(panel)}/{entry.code}")
    one = _One(request, panel, entry, table(acting, panel, entry, rules_of(entry.cycle)), paper)
    if request.method != "POST":
        return one.show()
    if one.why:
        return one.show(status=409)
    step = "draft" if "_draft" in request.POST else request.POST.get("step", "preview")
    steps = {"draft": paper.keep, "drop": paper.drop, "edit": lambda: one.show(request.POST), "confirm": one.confirm}
    return steps.get(step, one.preview)()


def place(acting: Acting, pk: int, code: str) -> tuple[Panel, Entry]:
    """A panel and an entry that it judges. Raises Http404 where either is out of reach, or the entry is another panel's."""
    panel, entry = panel_of(acting, pk), entry_of(acting, code)
    if not panel.entries.filter(pk=entry.pk).exists():
        raise Http404
    return panel, entry


def about(panel: Panel, entry: Entry) -> dict[str, Any]:
    """What the head of a panel's page names."""
    name = panel_title(panel, rules_of(panel.cycle))
    return {"panel": panel, "panel_name": name, "entry": entry, "on_site": panel.round == "site"}


class _One:
    """The consensus on one entry, as far as it has come."""

    def __init__(self, request: DeskRequest, panel: Panel, entry: Entry, found: Table, paper: Desk) -> None:
        self.request, self.panel, self.entry, self.table, self.paper = request, panel, entry, found, paper
        self.acting = request.desk.acting
        self.owing = missing_sheets(panel, entry, panel.round)
        self.hidden = not found.sheets and Sheet.objects.filter(panel=panel, entry=entry, voided_at=None).exists()
        self.why = self._why_not()

    def _why_not(self) -> str:
        """Why nothing can be agreed on here now; "" when it can."""
        stage = STAGE_OF[self.panel.round]
        if Stage(self.entry.cycle.stage) != stage or not open_to(self.entry, self.panel.round):
            return _("该申报目前不在本轮评审中。")
        if self.hidden or (self.acting.role == Role.EXPERT and not self.table.sheets):
            return _("您尚未提交本人的评分表。为保证独立评分，提交之后才能看到组内其他专家的评分。")
        if self.owing:
            return _("专家%(codes)s尚未提交独立评分，合议须在独立评分之后进行。") % {"codes": "、".join(self.owing)}
        if self.panel.round == "site" and not leads(self.acting, self.panel):
            return _("现场评审的合议评分由组长记录。")
        return ""

    def show(
        self,
        data: QueryDict | None = None,
        *,
        errors: dict[str, str] | None = None,
        refusals: list[Reason] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The table, with the form where there is something to agree on."""
        draft, restored = None, False
        if data is None and not self.why:
            data, draft, restored = self.paper.load()
        typed = self.table.typed(data)
        context = self._about() | {
            "lines": self.table.lines(typed, errors or {}),
            "reason": data.get("reason", "") if data is not None else "",
            "draft": draft,
            "restored": restored,
            "refusals": refusals or [],
            "receipt": receipt(self.request, self.entry.cycle),
            **self.paper.envelope(draft),
        }
        return render(self.request, "expert/consensus.html", context, status=status)

    def _about(self) -> dict[str, Any]:
        return about(self.panel, self.entry) | {"table": self.table, "why": self.why, "owing": self.owing}

    def _details(self) -> dict[str, Any]:
        marks = self.table.typed(self.request.POST) or {}
        return {"entry": self.entry, "marks": marks, "reason": self.request.POST.get("reason", "")[:20_000]}

    def _refused(self, decision: Any, status: int) -> HttpResponse:
        form = Form(self.table.pack, self.table.scheme, {}, {}, {})
        return self.show(self.request.POST, refusals=laid(form, decision), errors=form.errors, status=status)

    def preview(self) -> HttpResponse:
        """What would be recorded."""
        details = self._details()
        found = AGREE[self.panel.round].rehearse(self.acting, self.panel, **details)
        if not found.decision.ok:
            return self._refused(found.decision, 422)
        return self._asked(details)

    def _asked(self, details: dict[str, Any], newer: str = "") -> HttpResponse:
        exact = right_marks(details["marks"], self.table.scheme, self.table.pack.parameters)
        context = self._about() | {
            "lines": self.table.lines(details["marks"], {}),
            "reason": details["reason"],
            "total": self.table.total(exact),
            "newer": newer,
            **self.paper.envelope(),
        }
        return render(self.request, "expert/agree.html", context, status=409 if newer else 200)

    def confirm(self) -> HttpResponse:
        """Record the agreement, once; a newer draft of another window is shown first."""
        details = self._details()
        if newer := self.paper.conflict(self.paper.draft()):
            return self._asked(details, newer) if self._complete(details) else self.show(self.request.POST, status=409)
        acting = sent(self.request)
        try:
            done = AGREE[self.panel.round](acting, self.panel, **details)
        except ActError as error:
            return self._refused(error.decision, 422)
        drafts.drop(acting, self.paper.act, self.paper.subject)
        return HttpResponseRedirect(f"{reverse('expert:consensus', args=[self.panel.pk, self.entry.code])}?done={done.seq}", status=303)

    def _complete(self, details: dict[str, Any]) -> bool:
        exact = right_marks(details["marks"], self.table.scheme, self.table.pack.parameters)
        return len(exact) == len(self.table.scheme.items)
