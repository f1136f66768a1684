"""Doing an act on a page: the form, what would happen, the act itself, and what is shown of each. One flow for every act of the register.

A form is examined, then rehearsed: the page says what the act would decide and whom it would tell, and asks. Only then is it done, once,
whatever is sent twice (X6). What happened to the subject meanwhile is shown first (X7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, QueryDict

from zhiheng.faces.desk.forms import register_all
from zhiheng.faces.desk.forms.base import ActForm, form_of
from zhiheng.faces.desk.links import title_of
from zhiheng.faces.shared.official_text import article_text
from zhiheng.foundation.acts import REGISTER, ActError, Acting, ActSpec, Outcome, Receipt, To
from zhiheng.foundation.acts.permission import cycle_of, permit, ref
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.process import reach
from zhiheng.process.line import takes
from zhiheng.process.roles import ROLES
from zhiheng.rules.decision import Decision, Reason

register_all()


@dataclass
class Doing:
    """One act by one actor on one subject, as far as it has come."""

    spec: ActSpec
    acting: Acting
    subject: Any
    address: str
    allowed: Decision[Any]
    form: ActForm | None = None
    outcome: Outcome | None = None  # of the rehearsal
    refusals: list[Reason] = field(default_factory=list)  # that belong to no single field
    meanwhile: list[JournalEntry] = field(default_factory=list)  # what others did to the subject while the form was being filled

    @property
    def cycle(self) -> Any:
        """The cycle that the subject belongs to, or None."""
        return cycle_of(self.subject)

    @property
    def title_of_subject(self) -> str:
        """The subject as a heading names it."""
        return title_of(self.subject)

    @property
    def article(self) -> str:
        """The article that the act rests on, in the cycle's own law."""
        return rules_of(self.cycle).article(self.spec.duties[0], self.spec.article) if self.cycle else self.spec.article

    @property
    def official_text(self) -> tuple[str, ...]:
        """What the article says, word for word, in the rules that bind the cycle."""
        return article_text(rules_of(self.cycle).text, self.article) if self.cycle else ()

    @property
    def told(self) -> list[str]:
        """Whom the act would tell, by name."""
        return names(self.outcome.tell if self.outcome else ())

    @property
    def notes(self) -> list[Reason]:
        """What the rehearsal says beside refusing: findings and warnings."""
        return [r for r in self.outcome.decision.reasons if r.text and (r.ok or r.warning)] if self.outcome else []


def begin(acting: Acting, act: str, address: str) -> Doing:
    """The act named in an address on the subject named there.

    Raises Http404 for what does not exist, is not for this role or is out of reach.
    """
    spec = REGISTER.get(act)
    if spec is None or acting.role not in spec.roles:
        raise Http404
    try:
        subject: Any = reach.found(acting, address)
    except reach.Unreachable:
        raise Http404 from None
    kind: Any = takes(spec.body)
    if not isinstance(subject, kind):
        raise Http404
    allowed = permit(spec, acting, subject)
    if any(reason.code in ("role", "scope") for reason in allowed.refusals):
        raise Http404
    return Doing(spec, acting, subject, reach.address(subject), allowed)


def fill(doing: Doing, data: QueryDict | None = None, files: Any = None, address: Mapping[str, str] | None = None) -> ActForm:
    """The act's form: empty but for what its start and the page's address say, or with what was sent."""
    cls = form_of(doing.spec)
    given = {name: address[name][:200] for name in cls.given if name in address} if address else {}
    initial = {**cls.start(doing.acting, doing.subject), **given} if data is None else None
    doing.form = cls(data, files, initial=initial, acting=doing.acting, subject=doing.subject)
    return doing.form


def rehearse(doing: Doing) -> bool:
    """Whether the filled form would be accepted now; refusals are laid at their fields. Acts that may not be foretold pass."""
    assert doing.form is not None
    if not doing.form.is_valid():
        return False
    if not doing.spec.foretold:
        return True
    doing.outcome = doing.spec.rehearse(doing.acting, doing.subject, **doing.form.details())
    _lay(doing, doing.outcome.decision)
    return doing.outcome.decision.ok


def finish(doing: Doing) -> Receipt | None:
    """Do the act. None when it was refused: the reasons then stand at their fields or in `refusals`."""
    assert doing.form is not None
    if not doing.form.is_valid():
        return None
    for file in doing.form.stored_files():
        if file.owner.startswith("draft:"):  # from now on the rights of the subject govern it (T6)
            file.owner = ref(doing.subject) or f"person:{doing.acting.code}"
            file.save(update_fields=["owner"])
    try:
        return doing.spec(doing.acting, doing.subject, **doing.form.details())
    except ActError as error:
        _lay(doing, error.decision)
        return None


def _lay(doing: Doing, decision: Decision[Any]) -> None:
    """Each refusal at the field that it is about; what is about none stands above the form."""
    assert doing.form is not None
    places = doing.form.reasons_at()
    for reason in decision.refusals:
        doing.form.on_refused(reason)
        name = places.get(reason.code, reason.code.removeprefix("form."))
        if name in doing.form.fields:
            doing.form.add_error(name, reason.text)
        else:
            doing.refusals.append(reason)


def last_seen(subject: Any) -> int:
    """The journal's last place that concerns the subject: what a form was filled in view of (X7)."""
    rows = JournalEntry.objects.filter(subject=ref(subject), kind="act") if subject is not None else JournalEntry.objects.none()
    return rows.order_by("-seq").values_list("seq", flat=True).first() or 0


def since(subject: Any, seen: int) -> list[JournalEntry]:
    """Acts on the subject after that place."""
    if subject is None:
        return []
    return list(JournalEntry.objects.filter(subject=ref(subject), kind="act", seq__gt=seen).order_by("seq")[:20])


def names(messages: Sequence[To]) -> list[str]:
    """Recipients by name, each once, in the order told."""
    codes = dict.fromkeys(message.to for message in messages)
    kinds: dict[str, list[str]] = {"person": [], "unit": [], "role": []}
    for to in codes:
        kind, _, code = to.partition(":")
        kinds.setdefault(kind, []).append(code)
    people = dict(Person.objects.filter(code__in=kinds["person"]).values_list("code", "name")) if kinds["person"] else {}
    units = dict(Unit.objects.filter(code__in=kinds["unit"]).values_list("code", "name")) if kinds["unit"] else {}
    known = {f"person:{c}": n for c, n in people.items()} | {f"unit:{c}": n for c, n in units.items()}
    known |= {f"role:{role}": title for role, title in ROLES.items()}
    return list(dict.fromkeys(known.get(to, to) for to in codes))


__all__ = ["Doing", "begin", "fill", "finish", "form_of", "last_seen", "names", "rehearse", "since"]
