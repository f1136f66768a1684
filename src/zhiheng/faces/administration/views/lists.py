"""Units, people, roles, and who may do what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.faces.accounts.opening import deliver
from zhiheng.faces.administration import selectors
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.foundation import clock
from zhiheng.foundation.people.invitations import standing
from zhiheng.foundation.people.models import Account
from zhiheng.process import reach
from zhiheng.rules.lifecycle import Role

PAGE = 50


def _listed(request: DeskRequest, rows: QuerySet[Any], names: tuple[str, ...]) -> dict[str, Any]:
    """A page of rows, the filters as they are set, and the query that keeps them on the next page."""
    query = request.GET.copy()
    query.pop("page", None)
    wanted = {name: request.GET.get(name, "")[:100] for name in names}
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {"page": page, "wanted": wanted, "filtered": any(wanted.values()), "query": query.urlencode()}


@require_safe
@desk(Role.ADMIN)
def units(request: DeskRequest) -> HttpResponse:
    """All units."""
    context = _listed(request, selectors.units(request.desk.acting, _clean(request)), ("q", "kind", "state"))
    return render(request, "administration/units.html", {**context, "kinds": selectors.UNIT_KINDS})


@require_safe
@desk(Role.ADMIN)
def unit(request: DeskRequest, code: str) -> HttpResponse:
    """One unit, and who acts for it."""
    row = get_object_or_404(reach.units(request.desk.acting), code=code)
    held = row.grants.filter(revoked_at=None).select_related("person__account").order_by("person__name", "pk")
    return render(request, "administration/unit.html", {"unit": row, "held": held})


@require_safe
@desk(Role.ADMIN)
def people(request: DeskRequest) -> HttpResponse:
    """All people, with their accounts and roles."""
    context = _listed(request, selectors.people(request.desk.acting, _clean(request)), ("q", "role", "state"))
    return render(request, "administration/people.html", {**context, "roles": selectors.GRANTED})


@require_safe
@desk(Role.ADMIN)
def person(request: DeskRequest, code: str) -> HttpResponse:
    """One person: the account, the roles held and those taken back."""
    row = reach.people(request.desk.acting).select_related("account").filter(code=code).first()
    if row is None:
        raise Http404
    account: Account | None = getattr(row, "account", None)
    held = list(row.grants.select_related("unit").order_by("revoked_at", "pk"))
    context = {
        "person": row,
        "account": account,
        "held": [grant for grant in held if grant.revoked_at is None],
        "former": [grant for grant in held if grant.revoked_at is not None],
        "own": row == request.desk.acting.person,
    }
    return render(request, "administration/person.html", context)


@require_safe
@desk(Role.ADMIN)
def roles(request: DeskRequest) -> HttpResponse:
    """All roles held now."""
    context = _listed(request, selectors.grants(request.desk.acting, _clean(request)), ("q", "role"))
    return render(request, "administration/roles.html", {**context, "roles": selectors.GRANTED})


@require_safe
@desk(Role.ADMIN)
def rights(request: DeskRequest) -> HttpResponse:
    """Who may do what: the register, act by role."""
    role = request.GET.get("role", "")
    return render(request, "administration/rights.html", {"rights": selectors.rights(role), "role": role, "roles": selectors.ANYBODY})


@require_safe
@desk(Role.ADMIN)
def invitations(request: DeskRequest) -> HttpResponse:
    """Invitations to an account: those that wait, and what became of the others."""
    context = _listed(request, selectors.invitations(_clean(request)), ("q", "state"))
    return render(request, "administration/invitations.html", {**context, "states": selectors.INVITED.items()})


@require_POST
@desk(Role.ADMIN)
def resend(request: DeskRequest) -> HttpResponse:
    """An invitation's mail once more, with the same link; only while it can be taken up."""
    pk = request.POST.get("invitation", "")
    row = standing(clock.now()).filter(pk=pk).first() if pk.isascii() and pk.isdecimal() and len(pk) <= 15 else None
    if row is None:
        messages.warning(request, _("该邀请已被接受、撤回或已过期"))
    elif deliver(row):
        messages.success(request, _("邀请邮件已重新发出"))
    else:
        messages.error(request, _("邮件未能发出，请稍后再试，或检查邮件设置"))
    return HttpResponseRedirect(reverse("administration:invitations"), status=303)


def _clean(request: DeskRequest) -> dict[str, str]:
    """The filters as typed, without what no column can hold."""
    return {name: request.GET.get(name, "")[:100] for name in request.GET}
