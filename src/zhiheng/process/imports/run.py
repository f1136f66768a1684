"""Bringing checked applications in: against what is known already, through the acts, in one transaction (D1)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from zhiheng.foundation.acts import ActError, Acting
from zhiheng.foundation.administration.people import register
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.documents.records import Problem
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.foundation.people.selectors import id_digest
from zhiheng.process.imports import applications
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.rules.pack import Pack
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.services import open_entry


def _identity(row: applications.ApplicationRow) -> str:
    return f"uscc:{row.number}" if row.kind == "organization" else f"id:{id_digest(row.number)}"


def known_applications(rows: Sequence[applications.ApplicationRow], cycle: Cycle) -> list[Problem]:
    """Rows whose party already applies in this cycle."""
    live = Entry.objects.filter(cycle=cycle).exclude(status=EntryStatus.WITHDRAWN.value)
    taken = {(identity, award): code for identity, award, code in live.values_list("party__identity", "award", "code")}
    problems = []
    for row in rows:
        code = taken.get((_identity(row), row.award)) if row.number else None
        if code:
            column = applications.USCC if row.kind == "organization" else applications.ID
            problems.append(row.record.problem(column, f"该申报主体本周期已有申报（{code}）", "请删去该行"))
    return problems


def import_applications(cycle: Cycle, pack: Pack, rows: Sequence[applications.ApplicationRow]) -> tuple[list[str], list[Problem]]:
    """Open a draft for every row, or none. Each applicant is registered, and opens the draft in their own name as by hand.

    Returns the codes of the entries in the order of the rows, or the faults.
    """
    problems = known_applications(rows, cycle)
    cities = {recommender.city: recommender.code for recommender in pack.recommenders}
    units = {unit.code: unit for unit in Unit.objects.filter(kind=Role.RECOMMENDER.value)}
    problems += [
        row.record.problem(applications.CITY, f"{row.city}的推荐单位尚未登记", "请先登记推荐单位")
        for row in rows
        if cities.get(row.city) not in units
    ]
    if problems:
        return [], sorted(problems)
    codes: list[str] = []
    with transaction.atomic():
        for row in rows:
            try:
                codes.append(_open(cycle, row, units[cities[row.city]]))
            except ActError as error:
                problems.append(row.record.problem("", error.decision.text(), "请更正后重新导入"))
        if problems:
            transaction.set_rollback(True)
    return ([], problems) if problems else (codes, [])


def _open(cycle: Cycle, row: applications.ApplicationRow, recommender: Unit) -> str:
    receipt = register(
        Acting(Role.PUBLIC), None, name=row.owner, id_number=row.owner_id, employer=row.employer or row.name, contact=row.contact
    )
    owner: Person = receipt.value
    party, _ = Party.objects.get_or_create(
        identity=_identity(row),
        defaults={
            "kind": row.kind,
            "name": row.name,
            "credit_code": row.number if row.kind == "organization" else "",
            "person": owner if row.kind == "person" else None,
            "employer": _employer(row),
            "group_code": row.group_code,
            "city": row.city,
            "industry": row.industry,
        },
    )
    opened = open_entry(
        Acting(Role.APPLICANT, owner),
        cycle,
        party=party,
        award=row.award,
        category=row.category,
        recommender=recommender,
        name=row.name,
        industry=row.industry,
        form=row.form,
    )
    entry: Entry = opened.value
    return entry.code


def _employer(row: applications.ApplicationRow) -> Party | None:
    """A person's employer as a party of its own, so that both applying in one cycle is noticed (Q11)."""
    if not row.employer_code:
        return None
    defaults = {"kind": "organization", "name": row.employer, "credit_code": row.employer_code, "city": row.city, "industry": row.industry}
    return Party.objects.get_or_create(identity=f"uscc:{row.employer_code}", defaults=defaults)[0]
