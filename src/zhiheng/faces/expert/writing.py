"""Forms that save themselves while they are written, on pages of their own: drafts, and what is kept over a sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from zhiheng.faces.desk import drafts, kept
from zhiheng.faces.desk.acting import DeskRequest
from zhiheng.faces.desk.models import Draft
from zhiheng.faces.desk.sending import revision, token
from zhiheng.foundation import clock


@dataclass(frozen=True, slots=True)
class Desk:
    """A form of one act on one subject, written by one person."""

    request: DeskRequest
    act: str
    subject: str

    def load(self) -> tuple[QueryDict | None, Draft | None, bool]:
        """What had been typed: over a sign-in, or the draft; and whether it was the former."""
        acting = self.request.desk.acting
        typed = kept.taken(self.request, acting.code)
        draft = self.draft()
        return typed or (drafts.typed(draft) if draft else None), draft, typed is not None

    def draft(self) -> Draft | None:
        """The draft as it is kept."""
        return drafts.load(self.request.desk.acting, self.act, self.subject)

    def conflict(self, draft: Draft | None) -> str:
        """What is said where another window saved the draft after this one had read it, with something else in it (X7); "" where not,
        or where its author wants this one anyway."""
        if draft is None or "anyway" in self.request.POST or draft.revision <= revision(self.request):
            return ""
        mine = {name: values for name, values in self.request.POST.lists() if name not in drafts.NOT_TYPED and any(values)}
        other = {name: values for name, values in draft.fields.items() if any(values)}
        return stale_text(draft) if other != mine else ""

    def keep(self) -> HttpResponse:
        """Keep what is typed: asked by the page itself, or by its button."""
        request, silent = self.request, "_draft" in self.request.POST
        try:
            draft = drafts.save(request.desk.acting, self.act, self.subject, request.POST, revision(request))
        except drafts.Stale as stale:
            text = stale_text(stale.draft)
            if silent:
                return JsonResponse({"stale": text}, status=409)
            messages.warning(request, text)
            return HttpResponseRedirect(request.get_full_path(), status=303)
        except ValueError as error:
            return JsonResponse({"stale": str(error)}, status=413)
        if silent:
            return JsonResponse({"saved": _at(draft), "revision": draft.revision})
        messages.success(request, _("草稿已于%(at)s保存") % {"at": _at(draft)})
        return HttpResponseRedirect(request.get_full_path(), status=303)

    def drop(self) -> HttpResponse:
        """Forget the draft and begin anew."""
        drafts.drop(self.request.desk.acting, self.act, self.subject)
        return HttpResponseRedirect(self.request.get_full_path(), status=303)

    def envelope(self, draft: Draft | None = None) -> dict[str, Any]:
        """The hidden fields of the form."""
        seen = draft.revision if draft else revision(self.request)
        return {"token": token(self.request), "kept_for": kept.owner_mark(self.request.desk.acting.code), "draft_revision": seen}


def stale_text(draft: Draft) -> str:
    """What is said of a newer draft elsewhere."""
    return _("另一窗口已于%(at)s保存了较新的草稿，本窗口的内容未覆盖它，请刷新后核对") % {"at": _at(draft)}


def _at(draft: Draft) -> str:
    return f"{clock.local(draft.saved_at):%H:%M}"
