"""Entries as frozen facts for the rules of eligibility and submission."""

from __future__ import annotations

from django.db.models import Q

from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.parties import selectors as parties
from zhiheng.rules.eligibility import ApplicantFacts, Incident, InternalPublicity, SubmissionFacts
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application import forms
from zhiheng.stages.application.models import Entry


def applicant(entry: Entry) -> ApplicantFacts:
    """What is known of the applicant, from the form, the party's record and earlier cycles (B1–B5, K1, K2)."""
    kind = entry.party.kind
    form = forms.FORMS[kind].model_validate(entry.form)
    earlier = Entry.objects.filter(party=entry.party, submitted_at__isnull=False).exclude(cycle=entry.cycle)
    attempts = earlier.exclude(status__in=[EntryStatus.WITHDRAWN.value, EntryStatus.DRAFT.value]).count()
    region = rules_of(entry.cycle).recommenders
    return ApplicantFacts(
        award=entry.award,
        category=entry.category,
        in_region=entry.party.city in {r.city for r in region},
        established_on=getattr(form, "established_on", None),
        work_since=getattr(form, "work_since", None),
        local_work_since=getattr(form, "local_work_since", None),
        abnormal_listed=form.abnormal_listed,
        dishonest_listed=form.dishonest_listed,
        violations=tuple(form.violations),
        incidents=tuple(Incident(i.kind, i.major, i.on) for i in form.incidents),
        past_award=parties.has_won(entry.party),
        past_attempts=attempts,
        improvement_statement=form.improvement,
        bans=parties.bans(entry.party),
    )


def submission(entry: Entry) -> SubmissionFacts:
    """Everything that decides whether the entry may be submitted (D1–D3)."""
    form = forms.FORMS[entry.party.kind].model_validate(entry.form)
    proven = entry.evidence.filter(removed_at=None).values_list("proves", flat=True)
    internal = None
    if entry.internal_from and entry.internal_until:
        proof = entry.internal_proof_id is not None
        internal = InternalPublicity(entry.internal_from, entry.internal_until, entry.internal_objections, proof)
    return SubmissionFacts(
        applicant=applicant(entry),
        declared=frozenset(entry.declared),
        evidenced=frozenset(p.removeprefix("condition:") for p in proven if p.startswith("condition:")),
        responsibility_signed_by=entry.signed_by,
        no_state_secrets=entry.no_state_secrets,
        internal_publicity=internal,
        fields_missing=forms.missing(form),
        warnings=relations(entry),
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
