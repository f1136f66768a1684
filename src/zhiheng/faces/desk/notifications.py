"""Messages of whoever sits here: to them, to their unit, to their role; and how they want to hear of them elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.faces.desk import kept
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.links import page_of
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification, Preference
from zhiheng.foundation.notifications.selectors import messages_for, preference_of, seen_among, unread
from zhiheng.foundation.notifications.services import mark_read
from zhiheng.process import reach

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the list shows it. link: where what it is about is read, empty where the reader has no such page."""

    row: Notification
    seen: bool
    cycle: str
    scope: str
    link: str


@require_safe
@desk()
def listing(request: DeskRequest) -> HttpResponse:
    """All messages or (?show=unread) the new ones, newest first, fifty a page."""
    acting = request.desk.acting
    new_only = request.GET.get("show") == "unread"
    page = Paginator(unread(acting) if new_only else messages_for(acting), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": _lines(acting, page), "new_only": new_only, "query": "show=unread" if new_only else ""}
    return render(request, "desk/notifications.html", context)


def _lines(acting: Acting, page: Page[Any]) -> list[Line]:
    rows = list(page)
    titles = dict(Cycle.objects.filter(code__in={row.cycle for row in rows}).values_list("code", "title"))
    links, seen = _links(acting, rows), seen_among(acting, rows)
    return [Line(row, row.pk in seen, titles.get(row.cycle, ""), _scope(row.to), links.get(row.subject, "")) for row in rows]


def _scope(to: str) -> str:
    return {"person": "", "unit": _("发给本单位"), "role": _("发给本角色")}.get(to.partition(":")[0], "")


def _links(acting: Acting, rows: Iterable[Notification]) -> dict[str, str]:
    """Subject → its page, for the subjects that the reader may reach now (T1): one query for the whole page."""
    codes = {row.subject.removeprefix("entry:") for row in rows if row.subject.startswith("entry:")}
    found = reach.entries(acting).filter(code__in=codes).only("code") if codes else []
    return {f"entry:{entry.code}": page_of(entry) for entry in found}


@require_POST
@desk()
def read(request: DeskRequest) -> HttpResponse:
    """Mark messages as read: `pk` (several), or `all`. With `go` on to what the message is about."""
    acting = request.desk.acting
    if "all" in request.POST:
        count = mark_read(acting)
        messages.success(request, _("已将 %(n)s 条消息标为已读") % {"n": count} if count else _("没有未读消息"))
    else:
        pks = [int(pk) for pk in request.POST.getlist("pk") if re.fullmatch(r"[0-9]{1,15}", pk)]
        mark_read(acting, pks)
        if "go" in request.POST and (link := _target(acting, pks)):
            return HttpResponseRedirect(link, status=303)
    back = "?show=unread" if request.POST.get("show") == "unread" else ""
    return HttpResponseRedirect(reverse("desk:notifications") + back, status=303)


def _target(acting: Acting, pks: list[int]) -> str:
    row = messages_for(acting).filter(pk__in=pks).first()
    if row is None:
        raise Http404
    return _links(acting, [row]).get(row.subject, "")


class PreferenceForm(forms.ModelForm[Preference]):
    """How to hear of messages outside the product."""

    mobile = forms.RegexField(
        r"^1[3-9][0-9]{9}$",
        label=gettext_lazy("接收短信的手机号码"),
        required=False,
        max_length=11,
        strip=True,
        error_messages={"invalid": gettext_lazy("请填写 11 位手机号码，例如 13800138000")},
        help_text=gettext_lazy("选填。仅在有发给您本人的消息时提醒，每日至多一次，短信不含具体内容。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "tel-national"}),
    )
    wecom = forms.RegexField(
        r"^[A-Za-z0-9_.@-]{1,64}$",
        label=gettext_lazy("企业微信账号"),
        required=False,
        max_length=64,
        error_messages={"invalid": gettext_lazy("企业微信账号只含字母、数字和 _ . @ -，请核对")},
        help_text=gettext_lazy("选填。提醒规则与短信相同。"),
    )

    class Meta:
        model = Preference
        fields = ("own", "shared", "mobile", "wecom")
        labels = {
            "own": gettext_lazy("发给我本人的消息，邮件提醒"),
            "shared": gettext_lazy("发给本单位、本角色的消息，邮件提醒"),
        }
        widgets = {"own": forms.RadioSelect, "shared": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hour = settings.DIGEST_HOUR
        choices = [("once", _("立即发送")), ("digest", _("每日%(hour)s时汇总发送一次") % {"hour": hour}), ("none", _("不发送邮件"))]
        for name in ("own", "shared"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].required = False  # one is always chosen

    def clean_own(self) -> str:
        """The choice, or what it was."""
        return self.cleaned_data["own"] or str(self.initial["own"])

    def clean_shared(self) -> str:
        """The choice, or what it was."""
        return self.cleaned_data["shared"] or str(self.initial["shared"])


@require_http_methods(["GET", "HEAD", "POST"])
@desk()
def preferences(request: DeskRequest) -> HttpResponse:
    """The person's wishes, the same in all their roles."""
    person = request.desk.acting.person
    account = getattr(person, "account", None)
    if person is None or account is None:
        raise Http404
    held = preference_of(account)
    sent = request.POST if request.method == "POST" else kept.taken(request, person.code)
    form = PreferenceForm(sent, instance=held)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("消息提醒方式已保存"))
        return HttpResponseRedirect(reverse("desk:notification_preferences"), status=303)
    context = {"form": form, "account": account, "kept_for": kept.owner_mark(person.code)}
    return render(request, "desk/notification_preferences.html", context, status=422 if request.method == "POST" else 200)
