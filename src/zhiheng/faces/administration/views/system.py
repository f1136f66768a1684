"""How the installation is, how it sends mail, which years its calendar knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.faces.administration import health, selectors
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Channel, Delivery, Kind, State
from zhiheng.foundation.notifications.sending import drop, send_again
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.foundation.people.models import Account
from zhiheng.process.background import checks
from zhiheng.rules.lifecycle import Role

SHOWN = 50


@require_safe
@desk(Role.ADMIN)
def home(request: DeskRequest) -> HttpResponse:
    """What needs the administrator now, and how much there is of everything."""
    bad = [sign for sign in health.pressing() if sign.state != health.GOOD]
    return render(request, "administration/home.html", {"bad": bad, "counts": selectors.counts(request.desk.acting)})


@require_safe
@desk(Role.ADMIN)
def health_page(request: DeskRequest) -> HttpResponse:
    """Everything looked at, and what failed."""
    failed = Delivery.objects.filter(state=State.FAILED).select_related("account__person").order_by("-pk")
    signs = health.signs()
    context = {
        "signs": signs,
        "worst": health.worst(signs),
        "failed": failed[:SHOWN],
        "failed_count": failed.count(),
        "tasks": health.failed_tasks(),
        "now": clock.real(),
    }
    return render(request, "administration/health.html", context)


@require_POST
@desk(Role.ADMIN)
def check(request: DeskRequest) -> HttpResponse:
    """Ask for a check now: the worker does it, the page shows it when it is done."""
    name = request.POST.get("name", "")
    if name in checks.CHECKS:
        fresh = checks.ask(name)
        messages.success(request, _("已安排核验，完成后在本页显示结果") if fresh else _("核验正在进行，请稍后刷新"))
    return _back("administration:health")


@require_POST
@desk(Role.ADMIN)
def redo(request: DeskRequest) -> HttpResponse:
    """Once more: a message (`delivery`, or `drop` for giving it up) or a task (`task`) that failed. What is not failed stays as it is."""
    done = False
    if (pk := request.POST.get("delivery", "")) and _number(pk):
        done = send_again(get_object_or_404(Delivery, pk=int(pk)))
    elif (pk := request.POST.get("drop", "")) and _number(pk):
        done = drop(get_object_or_404(Delivery, pk=int(pk)))
    elif pk := request.POST.get("task", ""):
        done = health.rerun(pk)
    if done:
        messages.success(request, _("已办理"))
    else:
        messages.warning(request, _("该项状态已经变化，未作改动"))
    return _back("administration:health")


@require_safe
@desk(Role.ADMIN)
def mail(request: DeskRequest) -> HttpResponse:
    """How mail, SMS and WeCom leave, and what became of the last test mails."""
    account = _account(request)
    tests = Delivery.objects.filter(account=account, kind=Kind.TEST).order_by("-pk")[:5] if account else []
    return render(request, "administration/mail.html", {"mail": _mail(), "account": account, "tests": tests})


@require_POST
@desk(Role.ADMIN)
def test_mail(request: DeskRequest) -> HttpResponse:
    """A test mail to oneself, by the same way that all others go; one at a time."""
    account = _account(request)
    if account is None or not account.email:
        messages.warning(request, _("您的账号尚未登记邮箱，请先登记"))
        return _back("administration:mail")
    waiting = Delivery.objects.filter(account=account, kind=Kind.TEST, state__in=(State.WAITING, State.SENDING))
    if waiting.exists():
        messages.warning(request, _("上一封测试邮件尚未发出，请稍后查看结果"))
        return _back("administration:mail")
    Delivery.objects.create(account=account, channel=Channel.MAIL, kind=Kind.TEST, due_at=clock.now())
    messages.success(request, _("测试邮件已排队，数秒后刷新本页查看结果"))
    return _back("administration:mail")


@require_safe
@desk(Role.ADMIN)
def calendar(request: DeskRequest) -> HttpResponse:
    """The years that the calendar knows, and the first that it does not."""
    years = list(CalendarYear.objects.order_by("-year"))
    wanted = (years[0].year if years else clock.today().year - 1) + 1
    return render(request, "administration/calendar.html", {"years": years, "wanted": wanted})


def _account(request: DeskRequest) -> Account | None:
    account = request.user
    return account if isinstance(account, Account) else None


def _mail() -> dict[str, Any]:
    """What is configured, without any secret."""
    return {
        "smtp": settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"),
        "folder": settings.EMAIL_FILE_PATH if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") else "",
        "backend": settings.EMAIL_BACKEND,
        "host": settings.EMAIL_HOST,
        "port": settings.EMAIL_PORT,
        "secure": _("TLS") if settings.EMAIL_USE_SSL else _("STARTTLS") if settings.EMAIL_USE_TLS else _("不加密"),
        "user": bool(settings.EMAIL_HOST_USER),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "site": settings.ZHIHENG_SITE_URL,
        "hour": settings.DIGEST_HOUR,
        "sms": settings.GATEWAYS["sms"],
        "wecom": settings.GATEWAYS["wecom"],
        "outbox": settings.OUTBOX_DIR,
    }


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 15


def _back(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name), status=303)
