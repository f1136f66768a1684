"""Declaring and running an act: lock, permit, decide, save, journal, tell, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction

from zhiheng.foundation import clock
from zhiheng.foundation.acts.context import Acting, Outcome, Receipt
from zhiheng.foundation.acts.durable import recorded
from zhiheng.foundation.acts.errors import ActError, NotPermitted, Refused
from zhiheng.foundation.acts.permission import cycle_of, permit, ref
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.services import send
from zhiheng.foundation.question import Question
from zhiheng.rules.decision import Decision
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage

_request = Question(lambda key: JournalEntry.objects.filter(request_id=key))
Body = Callable[..., Outcome]
Scope = Callable[[Acting, Any], bool]


@dataclass(frozen=True)
class ActSpec:
    """One act as declared: its id, title, duties, article, and who may do it when.

    stages: of the cycle (empty: any); states: of the subject entry (empty: any); scope: whether this actor and this subject
    belong together; kind: "act", or "look" for a recorded reading; foretold: whether it may be rehearsed. An act that lets chance speak
    or reveals a secret may not: who sees the result beforehand could wait for a better one.
    """

    id: str
    title: str
    duties: tuple[str, ...]
    article: str
    roles: frozenset[Role]
    stages: frozenset[Stage]
    states: frozenset[EntryStatus]
    scope: Scope | None
    body: Body
    kind: str = "act"
    foretold: bool = True
    do_not_call_in_templates: ClassVar[bool] = True  # a template that names an act reads of it and must never do it

    def __call__(self, acting: Acting, subject: Any = None, **details: Any) -> Receipt:
        """Do the act. Raises NotPermitted or Refused, both journalled; a repeated request gives the first receipt again.

        The act has one moment, that at which it came in, however long it waits for its turn: what is in time stays in time (X5).
        """
        with clock.travel(clock.now()):
            return self._done(acting, subject, details)

    def _done(self, acting: Acting, subject: Any, details: dict[str, Any]) -> Receipt:
        key = self._request(acting, subject)
        try:
            with recorded():
                head = journal.lock(_chain(subject))
                if earlier := self._given(key):
                    return earlier
                subject = _locked(subject)
                allowed = permit(self, acting, subject)
                if not allowed.ok:
                    raise NotPermitted(_cited(allowed, subject))
                outcome = self.body(acting, subject, **details)
                if not outcome.decision.ok:
                    raise Refused(_cited(outcome.decision, subject))
                entry = self._journal(acting, subject, self.kind, outcome.payload, outcome.subject, head, key)
                send(outcome.tell, cycle_of(subject), outcome.subject or ref(subject), entry.at)
        except ActError as error:
            self._journal_refusal(acting, subject, error)
            raise
        return Receipt(self.id, entry.chain, entry.seq, entry.hash, entry.at, outcome.decision, outcome.value)

    def rehearse(self, acting: Acting, subject: Any = None, **details: Any) -> Outcome:
        """What the act would decide at this moment and whom it would tell. Nothing is kept, journalled or sent.

        Raises ValueError for an act that may not be foretold.
        """
        if not self.foretold:
            raise ValueError(f"{self.id} may not be rehearsed")
        with clock.travel(clock.now()), transaction.atomic():
            try:
                subject = _locked(subject)
                allowed = permit(self, acting, subject)
                outcome = self.body(acting, subject, **details) if allowed.ok else Outcome(allowed)
            except ActError as error:
                outcome = Outcome(error.decision)
            transaction.set_rollback(True)
        return replace(outcome, decision=_cited(outcome.decision, subject))

    def earlier(self, acting: Acting, subject: Any) -> Receipt | None:
        """The receipt that this very request was given before, if it was."""
        return self._given(self._request(acting, subject))

    def _given(self, key: str) -> Receipt | None:
        entry = _request.first(key) if key else None
        return Receipt(self.id, entry.chain, entry.seq, entry.hash, clock.local(entry.at), repeated=True) if entry else None

    def _request(self, acting: Acting, subject: Any) -> str:
        """What the form's token stands for: this actor doing this act on this subject. Nobody meets another's receipt by a token."""
        if not acting.request_id:
            return ""
        unit = acting.unit.code if acting.unit else ""
        return digest_of([acting.request_id, self.id, acting.code, acting.role, unit, ref(subject)])

    def _journal(
        self,
        acting: Acting,
        subject: Any,
        kind: str,
        payload: Any,
        named: str = "",
        head: journal.Head | None = None,
        key: str = "",
    ) -> JournalEntry:
        return journal.append(
            journal.Record(
                chain=_chain(subject),
                kind=kind,
                act=self.id,
                duties=self.duties,
                articles=_articles(self, subject),
                actor=acting.code,
                role=acting.role.value,
                unit=acting.unit.code if acting.unit else "",
                subject=named or ref(subject),
                payload=payload,
                at=clock.now(),
                request_id=key,
            ),
            head,
        )

    def _journal_refusal(self, acting: Acting, subject: Any, error: ActError) -> None:
        reasons = [{"code": r.code, "duty": r.duty, "article": r.article, "text": r.text} for r in error.decision.refusals]
        with transaction.atomic():
            self._journal(acting, subject, "refusal", {"why": type(error).__name__, "reasons": reasons})


def _cited(decision: Decision[Any], subject: Any) -> Decision[Any]:
    """The same decision under the articles of the cycle's own pack, so that another award cites its own law."""
    cycle = cycle_of(subject)
    if cycle is None or not (own := rules_of(cycle).duty_articles):
        return decision
    return replace(decision, reasons=tuple(replace(r, article=own.get(r.duty, r.article)) for r in decision.reasons))


def _articles(spec: ActSpec, subject: Any) -> tuple[str, ...]:
    cycle = cycle_of(subject)
    return (rules_of(cycle).article(spec.duties[0], spec.article) if cycle else spec.article,)


def _chain(subject: Any) -> str:
    cycle = cycle_of(subject)
    return cycle.chain if cycle else journal.PLATFORM


def _locked(subject: Any) -> Any:
    """The subject read again under a row lock, so that no other act changes it meanwhile (X7)."""
    if not isinstance(subject, models.Model) or subject.pk is None:
        return subject
    row = _turn_of(type(subject)).first(subject.pk)
    if row is None:
        raise ObjectDoesNotExist(ref(subject))
    return row


@cache
def _turn_of(kind: type[models.Model]) -> Question[Any]:
    """A row of the kind under its lock, with the rows that acts on it read."""
    rows = kind._default_manager.select_for_update(of=("self",)).select_related(*getattr(kind, "READ_WITH", ()))
    return Question(lambda pk: rows.filter(pk=pk))


#: Every act by its id: the one register from which permissions, journal types, pages, the API and docs/law.md come.
REGISTER: dict[str, ActSpec] = {}


def act(
    id: str,  # noqa: A002 - the register's own word
    title: str,
    *,
    duty: str | Iterable[str],
    article: str,
    roles: Iterable[Role],
    stages: Iterable[Stage] = (),
    states: Iterable[EntryStatus] = (),
    scope: Scope | None = None,
    kind: str = "act",
    foretold: bool = True,
) -> Callable[[Body], ActSpec]:
    """Register a service function as an act. The body takes (acting, subject, **details) and returns an Outcome."""

    def register(body: Body) -> ActSpec:
        if id in REGISTER:
            raise ValueError(f"act {id} is declared twice")
        duties = (duty,) if isinstance(duty, str) else tuple(duty)
        spec = ActSpec(id, title, duties, article, frozenset(roles), frozenset(stages), frozenset(states), scope, body, kind, foretold)
        REGISTER[id] = spec
        return spec

    return register


def refused(decision: Decision[Any]) -> Outcome:
    """An outcome that refuses."""
    return Outcome(decision)
