"""Entries as frozen facts for the rules of eligibility and submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.parties import selectors as parties
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.eligibility import ApplicantFacts, Incident, InternalPublicity, SubmissionFacts
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application import forms
from zhiheng.stages.application.models import Entry


@dataclass(frozen=True, slots=True)
class Known:
    """What the facts of an entry are asked of other entries, where it was read for many at once: how often the party applied before, the
    applications that its organization handed in, and the findings of Q11.
    """

    attempts: int
    of_employer: Sequence[Entry]
    relations: tuple[str, ...]


def applicant(entry: Entry, known: Known | None = None) -> ApplicantFacts:
    """What is known of the applicant, from the form, the party's record and earlier cycles (B1–B5, K1, K2)."""
    form = forms.FORMS[entry.party.kind].model_validate(entry.form)
    record = _Record(form.abnormal_listed, form.dishonest_listed, tuple(form.violations), _incidents(form))
    if entry.party.kind == "person":
        record = _with_employer(entry, record, known) if answers_for_employer(entry) else _own(record)
    region = rules_of(entry.cycle).recommenders
    return ApplicantFacts(
        award=entry.award,
        category=entry.category,
        in_region=entry.party.city in {r.city for r in region},
        established_on=getattr(form, "established_on", None),
        work_since=getattr(form, "work_since", None),
        local_work_since=getattr(form, "local_work_since", None),
        abnormal_listed=record.abnormal,
        dishonest_listed=record.dishonest,
        violations=record.violations,
        incidents=record.incidents,
        past_award=parties.has_won(entry.party),
        past_attempts=known.attempts if known else earlier(entry).count(),
        improvement_statement=form.improvement,
        bans=parties.bans(entry.party),
    )


def earlier(entry: Entry) -> QuerySet[Entry]:
    """The party's applications of the cycles called before this one, the latest first: those that stood, not drafts or withdrawn (B5)."""
    called = entry.cycle.pinned_at
    if called is None:
        return Entry.objects.none()
    rows = Entry.objects.filter(party=entry.party, submitted_at__isnull=False, cycle__pinned_at__lt=called)
    return rows.exclude(status__in=[EntryStatus.WITHDRAWN.value, EntryStatus.DRAFT.value]).order_by("-cycle__pinned_at", "-pk")


def handed_in() -> QuerySet[Entry]:
    """Applications that were handed in, with their parties: what an organization disclosed."""
    return Entry.objects.filter(submitted_at__isnull=False).select_related("party")


def answers_for_employer(entry: Entry) -> bool:
    """Whether the organization's own record counts for this person: where a condition applies to the category apart (B4, 三(二)5)."""
    conditions = rules_of(entry.cycle).award(entry.award).conditions
    return any(entry.category in condition.applies_to for condition in conditions)


@dataclass(frozen=True, slots=True)
class _Record:
    """What speaks against an applicant."""

    abnormal: bool
    dishonest: bool
    violations: tuple[str, ...]
    incidents: tuple[Incident, ...]


def _incidents(form: forms.Form) -> tuple[Incident, ...]:
    return tuple(Incident(i.kind, i.major, i.on) for i in form.incidents)


def _own(record: _Record) -> _Record:
    """A person who does not answer for the organization: accidents and the list of businesses are the organization's, not theirs (B4)."""
    listed = ("本人被列入严重违法失信名单",) if record.dishonest else ()
    return _Record(False, False, (*record.violations, *listed), ())


def _with_employer(entry: Entry, record: _Record, known: Known | None) -> _Record:
    """The person's form with what the platform knows of the organization, which the person may have left out (B4, 三(二)5).

    Accidents are dated, so those of every application of the organization count; lists and violations may end, so only what it
    discloses in this cycle does; a running ban rests on false materials or deceit, which is a violation.
    """
    employer = entry.party.employer
    if employer is None:
        return record
    rows = known.of_employer if known else handed_in().filter(party=employer)
    said = [(row.cycle_id == entry.cycle_id, forms.FORMS[row.party.kind].model_validate(row.form)) for row in rows]
    now = [form for same, form in said if same]
    today = clock.today()
    banned = [b for b in parties.bans(employer) if b.from_on <= today <= b.until]
    violations = [*record.violations, *(f"所属组织{text}" for form in now for text in form.violations)]
    violations += [f"所属组织因{b.cause}，至{chinese_date(b.until)}不予受理其申报" for b in banned]
    return _Record(
        record.abnormal or any(form.abnormal_listed for form in now),
        record.dishonest or any(form.dishonest_listed for form in now),
        tuple(dict.fromkeys(violations)),
        tuple(dict.fromkeys([*record.incidents, *(i for _, form in said for i in _incidents(form))])),
    )


def submission(entry: Entry, known: Known | None = None) -> SubmissionFacts:
    """Everything that decides whether the entry may be submitted (D1–D3). known: read before, for many entries at once."""
    form = forms.FORMS[entry.party.kind].model_validate(entry.form)
    proven = [evidence.proves for evidence in entry.evidence.all() if evidence.removed_at is None]
    internal = None
    if entry.internal_from and entry.internal_until:
        proof = entry.internal_proof_id is not None
        internal = InternalPublicity(entry.internal_from, entry.internal_until, entry.internal_objections, proof)
    return SubmissionFacts(
        applicant=applicant(entry, known),
        declared=frozenset(entry.declared),
        evidenced=frozenset(p.removeprefix("condition:") for p in proven if p.startswith("condition:")),
        responsibility_signed_by=entry.signed_by,
        no_state_secrets=entry.no_state_secrets,
        internal_publicity=internal,
        fields_missing=forms.missing(form),
        warnings=known.relations if known else relations(entry),
        warnings_answered=bool(entry.warnings_answer.strip()),
    )


def relations(entry: Entry) -> tuple[str, ...]:
    """Findings of Q11 that staff must answer: a sister firm, or the unit and its person, in the same cycle (Chinese)."""
    others = Entry.objects.filter(cycle=entry.cycle).exclude(pk=entry.pk).exclude(status=EntryStatus.WITHDRAWN.value)
    party = entry.party
    found = []
    if party.group_code:
        sisters = others.filter(party__group_code=party.group_code).order_by("code")
        found += [f"与{other.name}（{other.code}）属于同一集团" for other in sisters]
    linked = Q(party__employer=party) | (Q(party=party.employer_id) if party.employer_id else Q(pk=None))
    found += [f"本单位及其人员同时申报：{other.name}（{other.code}）" for other in others.filter(linked).order_by("code")]
    return tuple(found)
