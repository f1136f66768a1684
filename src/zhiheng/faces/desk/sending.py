"""What every form of the working place sends along: the token that makes it one act however often it is sent, and numbers (X6)."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest

from zhiheng.faces.desk.acting import DeskRequest
from zhiheng.foundation import entropy
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry

LONGEST = 14  # digits: more than any number that a form of ours carries


def sent(request: DeskRequest) -> Acting:
    """Who acts by this form, with the form's own token: sent twice it does one act."""
    return replace(request.desk.acting, request_id=request.POST.get("token", "")[:64])


def token(request: HttpRequest) -> str:
    """A token for a form; a form that is shown again keeps its own."""
    given = request.POST.get("token", "")[:64]
    return given if given.isalnum() else entropy.token()


def whole(text: str) -> int | None:
    """The whole number that a hidden field or an address carries; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None


def revision(request: HttpRequest) -> int:
    """The draft's revision that this window has read; 0 where it had read none."""
    return whole(request.POST.get("draft_revision", "")) or 0


def receipt(request: DeskRequest, cycle: Cycle) -> JournalEntry | None:
    """What this person has just done, as `?done=` names it; None for anybody else's."""
    seq = whole(request.GET.get("done", ""))
    if seq is None:
        return None
    return JournalEntry.objects.filter(chain=cycle.chain, seq=seq, actor=request.desk.acting.code, kind="act").first()
