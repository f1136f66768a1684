"""Who comes into which room; what is not theirs does not exist for them (T1)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process import reach
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee.models import Meeting, Motion

P = ParamSpec("P")
#: Who may be in the room: the committee, the office as its secretariat, and who oversees it.
ROOM = (Role.OFFICE, Role.CHAIR, Role.MEMBER, Role.INSPECTOR)
VOTING = (Role.CHAIR, Role.MEMBER)


def cycle_of(acting: Acting, code: str) -> Cycle:
    """The cycle by its code. Raises Http404 for one out of reach; to a chair or a member also where they do not sit."""
    cycle = reach.cycles(acting).filter(code=code).first()
    if cycle is None or (acting.role in VOTING and not cycle.members.filter(person=acting.person, ended_at=None).exists()):
        raise Http404
    return cycle


def meeting_of(acting: Acting, pk: int) -> Meeting:
    """The meeting. Raises Http404 for one out of reach."""
    meeting = reach.meetings(acting).select_related("cycle").filter(pk=pk).first()
    if meeting is None:
        raise Http404
    return meeting


def motion_of(acting: Acting, pk: int) -> Motion:
    """The ballot. Raises Http404 for one out of reach."""
    motion = reach.motions(acting).select_related("cycle", "meeting__cycle", "entry").defer("entry__form").filter(pk=pk).first()
    if motion is None:
        raise Http404
    return motion


def unkept(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A form that is never kept for after the sign-in: a choice would lie in the session beside who made it (T13)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.unkept = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped
