"""Drafts that save themselves: what was typed into an act's form, until the act is done or the draft is dropped."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.http import QueryDict

from zhiheng.faces.desk.models import Draft
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.question import Question

#: Fields that belong to the sending of a form and not to what was typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "step", "token", "seen", "kept_for", "draft_revision", "_draft"})
MOST = 300_000  # characters of one draft: more than any form of ours
_draft = Question(lambda person, role, act, subject: Draft.objects.filter(person=person, role=role, act=act, subject=subject))


class Stale(Exception):
    """The draft was saved elsewhere after this window had read it; `draft` is the newer one (X7)."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(str(draft.revision))
        self.draft = draft


def load(acting: Acting, act: str, subject: str) -> Draft | None:
    """The actor's draft of this act on this subject (its address), or None."""
    return _draft.first(acting.person.pk, acting.role.value, act, subject) if acting.person else None


def save(acting: Acting, act: str, subject: str, typed: QueryDict | Mapping[str, str], seen: int = 0) -> Draft:
    """Keep what was typed. seen: the revision that this window had read.

    Raises Stale when another window saved a newer one meanwhile, ValueError when it is too long to be kept.
    """
    fields = _fields(typed)
    if sum(len(text) for values in fields.values() for text in values) > MOST:
        raise ValueError("草稿内容过长，未能保存，请精简后再试")
    with transaction.atomic():
        key = {"person": acting.person, "role": acting.role.value, "act": act, "subject": subject}
        draft = Draft.objects.select_for_update().filter(**key).first() or Draft(**key)
        if draft.revision > seen and draft.fields != fields:
            raise Stale(draft)
        draft.fields, draft.revision, draft.saved_at = fields, draft.revision + 1, clock.now()
        draft.save()
    return draft


def drop(acting: Acting, act: str, subject: str) -> None:
    """Forget the draft: the act was done, or its author wants to begin anew."""
    Draft.objects.filter(person=acting.person, role=acting.role.value, act=act, subject=subject).delete()


def typed(draft: Draft) -> QueryDict:
    """A draft as a form would have sent it."""
    data = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        data.setlist(name, values)
    return data


def _fields(sent: QueryDict | Mapping[str, str]) -> dict[str, list[str]]:
    lists = sent.lists() if isinstance(sent, QueryDict) else ((name, [value]) for name, value in sent.items())
    return {name: [str(value) for value in values] for name, values in lists if name not in NOT_TYPED}
