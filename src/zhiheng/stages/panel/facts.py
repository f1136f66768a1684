"""Experts, entries and panels as frozen facts for recusal and the draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.fitness import Standing
from zhiheng.rules.recusal import EntryFacts, ExpertFacts, Tie
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Conflict, Expert, Revision


def _ties(rows: Iterable[Mapping[str, Any]]) -> tuple[Tie, ...]:
    """Each body by its name and, where that is known, by its credit code."""
    found: list[Tie] = []
    for row in rows:
        until = date.fromisoformat(row["until"]) if row.get("until") else None
        found += [(str(name), until) for name in (row["employer"], row.get("code")) if name]
    return tuple(found)


def standing(e: Expert) -> Standing:
    """How an expert stands in the library. Their absences are read; fetch them ahead for many."""
    away = tuple((a.from_on, a.until_on) for a in e.absences.all())
    return Standing(e.status, e.term_from, e.term_until, e.approved_on, e.confirmed_on, away)


def pool(cycle: Cycle) -> list[ExpertFacts]:
    """Every active expert of the library as the draw sees them, with their standing conflicts in this cycle."""
    declared: dict[int, set[str]] = defaultdict(set)
    kin: dict[int, set[str]] = defaultdict(set)
    standing = Conflict.objects.filter(entry__cycle=cycle, status="standing").exclude(kind="requested").select_related("entry")
    for conflict in standing:
        assert conflict.person_id  # a standing one names somebody
        (kin if conflict.kind == "kin" else declared)[conflict.person_id].add(conflict.entry.code)
    asked = Prefetch("revisions", Revision.objects.filter(status="pending"), to_attr="asked")
    experts = Expert.objects.filter(status="active").select_related("person").prefetch_related(asked).order_by("code")
    return [expert(e, frozenset(declared[e.person_id]), frozenset(kin[e.person_id])) for e in experts]


def scorers(rows: Sequence[Entry]) -> dict[int, frozenset[str]]:
    """Entry pk → codes of the experts who ever scored its materials, voided sheets included (Q16).

    The sheets belong to the next stage and are reached from the expert's side: a draw that trusted its caller for them could be talked
    into seating somebody again.
    """
    found: dict[int, set[str]] = defaultdict(set)
    scored = Expert.objects.filter(sheets__entry__in=[e.pk for e in rows], sheets__round="material")
    for entry, code in scored.values_list("sheets__entry", "code"):
        found[entry].add(code)
    return {entry: frozenset(codes) for entry, codes in found.items()}


def _asked_ties(e: Expert) -> tuple[Tie, ...]:
    """Ties that the expert has told of and the office has not looked at yet: they bar at once, though nothing else of a change counts."""
    asked: list[Revision] = e.asked if hasattr(e, "asked") else list(e.revisions.filter(status="pending"))
    found: list[Tie] = []
    for change in asked:
        after = change.after
        names = (after.get("employer"), after.get("credit_code"), after.get("group_code"))
        found += [(str(name), None) for name in names if name]
        found += _ties((*after.get("employers", ()), *after.get("consulted", ())))
    return tuple(found)


def expert(e: Expert, declared: frozenset[str] = frozenset(), kin: frozenset[str] = frozenset()) -> ExpertFacts:
    """One expert; the person appears only by their pseudonymous code."""
    return ExpertFacts(
        code=e.code,
        name_key=e.person.code,
        employer=e.employer,
        employers=_ties(e.employers) + _asked_ties(e),
        industries=frozenset(e.industries),
        categories=frozenset(e.categories),
        city=e.city,
        declared=declared,
        kin_of=kin,
        consulted=_ties(e.consulted),
        leader=e.leader,
        load=0,
        active=e.status == "active",
        credit_code=e.credit_code,
        group_code=e.group_code,
        main=frozenset(e.main_industries),
        criteria=frozenset(e.criteria),
        assessor=e.kind == "assessor",
    )


def entries(rows: Sequence[Entry], scorers: Mapping[int, frozenset[str]] | None = None) -> list[EntryFacts]:
    """Entries as the draw sees them. scorers: entry pk → codes of the experts who scored its materials (Q16)."""
    requested: dict[int, set[str]] = defaultdict(set)
    upheld = Conflict.objects.filter(entry__in=[e.pk for e in rows], status="standing", kind="requested")
    for entry_id, code in upheld.values_list("entry_id", "person__expert__code"):
        if code:
            requested[entry_id].add(code)
    return [
        EntryFacts(
            code=e.code,
            award=e.award,
            category=e.category,
            employer=e.name if e.party.kind == "organization" else (e.party.employer.name if e.party.employer else ""),
            industry=e.industry,
            city=e.party.city,
            requested_out=frozenset(requested[e.pk]),
            earlier_scorers=(scorers or {}).get(e.pk, frozenset()),
            applicant_key=e.party.person.code if e.party.person else "",
            credit_code=body.credit_code if (body := e.party if e.party.kind == "organization" else e.party.employer) else "",
            group_code=body.group_code if body else "",
        )
        for e in rows
    ]
