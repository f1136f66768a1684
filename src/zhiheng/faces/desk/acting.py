"""Who acts on a page: the signed-in account's person, in the role that they have chosen (L1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhiheng.faces.accounts import factor
from zhiheng.faces.desk.kept import to_sign_in
from zhiheng.faces.shared.private import private
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.foundation.question import Question
from zhiheng.rules.lifecycle import Role

P = ParamSpec("P")
CHOSEN = "zhiheng_grant"  # session key: the grant (pk) whose role is acted in
_held = Question(lambda person: RoleGrant.objects.filter(person=person, revoked_at=None).select_related("unit").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that a person holds now: the grant's pk, the role, for which unit, in which cycle ("": every cycle)."""

    pk: int
    role: Role
    unit: Unit | None
    cycle: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits here: `acting` as acts take it, the hat worn, and all hats of the person."""

    acting: Acting
    hat: Hat
    hats: tuple[Hat, ...]


class DeskRequest(HttpRequest):
    """A request that `desk` has let through."""

    desk: Desk


def hats(person: Person) -> tuple[Hat, ...]:
    """The roles that the person holds now, in the order granted. One query; asked at every request, so that a role taken back is gone."""
    return tuple(Hat(row.pk, Role(row.role), row.unit, row.cycle) for row in _held(person.pk))


def seat(request: HttpRequest) -> Desk | None:
    """The signed-in person in the chosen role, or in their first; None for an account without person or role."""
    person = getattr(request.user, "person", None)
    found = hats(person) if person else ()
    if not found:
        return None
    chosen = request.session.get(CHOSEN)
    hat = next((one for one in found if one.pk == chosen), found[0])
    return Desk(Acting(hat.role, person, hat.unit), hat, found)


def desk(
    *roles: Role,
) -> Callable[[Callable[Concatenate[DeskRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A page for who is signed in and acts in one of `roles` (none named: in any role); to others it does not exist (T1).

    Not signed in: to the sign-in page, and back to the form as it was filled. No answer is kept by a cache (T19).
    """

    def wrap(view: Callable[Concatenate[DeskRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return private(_answer(view, request, roles, *args, **kwargs))

        return guarded

    return wrap


def _answer(view: Callable[..., HttpResponse], request: HttpRequest, roles: tuple[Role, ...], *args: Any, **kwargs: Any) -> HttpResponse:
    if not request.user.is_authenticated:
        return to_sign_in(request)
    found = seat(request)
    if found is None:
        return render(request, "desk/no_role.html", status=403)
    if roles and found.hat.role not in roles:
        raise Http404
    if (first := factor.wanted(request, found.hat.role)) is not None:
        return first
    seated = cast("DeskRequest", request)
    seated.desk = found
    return view(seated, *args, **kwargs)
