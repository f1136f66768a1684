"""Bringing experts in: new ones registered, known ones corrected, through the acts, all or nothing (F1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from zhiheng.foundation.acts import ActError, Acting
from zhiheng.foundation.documents.records import Problem
from zhiheng.foundation.people.models import Person
from zhiheng.foundation.people.selectors import id_digest, mask
from zhiheng.process.imports import experts
from zhiheng.process.imports.experts import ExpertRow
from zhiheng.stages.panel import profile
from zhiheng.stages.panel.library import amend_expert, approve_expert, register_expert, set_absences
from zhiheng.stages.panel.models import Expert

REASON = "表格导入"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: rows of new experts, rows that change a known one, rows that change nothing."""

    new: tuple[ExpertRow, ...]
    changed: tuple[tuple[ExpertRow, Expert], ...]
    same: int


def plan(rows: Sequence[ExpertRow]) -> tuple[Plan, list[Problem]]:
    """Each row against the library: new, changed or the same; and the rows that contradict it. Three queries, however many rows."""
    known = {e.code: e for e in Expert.objects.select_related("person").prefetch_related("absences")}
    people = {e.person.id_digest for e in known.values() if e.person.id_digest}
    new, changed, same, problems = [], [], 0, []
    for row in rows:
        expert = known.get(row.code)
        if expert is None:
            if not row.id_number:
                wrong = f"专家编号“{row.code}”不在库中，不能以掩码代替证件号码" if row.mask else "未填写"
                problems.append(row.record.problem(experts.ID, wrong, "请补填"))
            elif id_digest(row.id_number) in people:
                problems.append(row.record.problem(experts.ID, "该专家已在库中，编号与此不同", "请更正编号或删去该行"))
            new.append(row)
        elif fault := _stranger(row, expert.person):
            problems.append(fault)
        elif profile.changes(expert, _kept(row)) or _gone(row, expert) or _moved(row, expert):
            changed.append((row, expert))
        else:
            same += 1
    return Plan(tuple(new), tuple(changed), same), sorted(problems)


def _stranger(row: ExpertRow, person: Person) -> Problem | None:
    """The fault of a row that bears a known expert's code and is of somebody else."""
    if row.name != person.name:
        return row.record.problem(experts.NAME, f"专家编号“{row.code}”已在库中，姓名与此不同", "请核对编号和姓名")
    if (row.id_number and id_digest(row.id_number) != person.id_digest) or (row.mask and row.mask != person.id_mask):
        return row.record.problem(experts.ID, f"与专家编号“{row.code}”登记的证件号码不符", "请核对")
    return None


def _kept(row: ExpertRow) -> profile.Values:
    return profile.cleaned(row.given)[0]


def _gone(row: ExpertRow, expert: Expert) -> bool:
    """Whether the row has other absences than those noted."""
    return row.tells_absences and sorted((a.from_on, a.until_on, a.note) for a in expert.absences.all()) != sorted(row.periods)


def _moved(row: ExpertRow, expert: Expert) -> bool:
    return bool(row.contact) and row.contact != expert.person.contact


def import_experts(acting: Acting, rows: Sequence[ExpertRow], *, approve: bool = False, progress: Progress | None = None) -> list[Problem]:
    """Bring every row in, or none. Returns the faults. approve: take the new ones into the library at once (the office only)."""
    found, problems = plan(rows)
    if problems:
        return problems
    total = len(found.new) + len(found.changed)
    with transaction.atomic():
        for number, row in enumerate(found.new, 1):
            problems += _registered(acting, row, approve=approve)
            if progress:
                progress(number, total)
        for number, (row, expert) in enumerate(found.changed, len(found.new) + 1):
            problems += _corrected(acting, row, expert)
            if progress:
                progress(number, total)
        if problems:
            transaction.set_rollback(True)
    return problems


def _registered(acting: Acting, row: ExpertRow, *, approve: bool) -> list[Problem]:
    defaults = {"name": row.name, "id_mask": mask(row.id_number), "employer": row.values["employer"], "contact": row.contact}
    person, _ = Person.objects.get_or_create(id_digest=id_digest(row.id_number), defaults=defaults)
    if person.name != row.name:
        return [row.record.problem(experts.NAME, "与该证件号码已登记的姓名不一致", "请核对")]
    try:
        expert = register_expert(acting, None, person=person, code=row.code, **row.values).value
        if approve:
            approve_expert(acting, expert)
        if row.periods:
            set_absences(acting, expert, periods=row.periods)
    except ActError as error:
        return [row.record.problem("", error.decision.text(), "请更正后重新导入")]
    return []


def _corrected(acting: Acting, row: ExpertRow, expert: Expert) -> list[Problem]:
    try:
        if profile.changes(expert, _kept(row)) or _moved(row, expert):
            amend_expert(acting, expert, reason=REASON, contact=row.contact or None, **row.given)
        if _gone(row, expert):
            set_absences(acting, expert, periods=row.periods)
    except ActError as error:
        return [row.record.problem("", error.decision.text(), "请更正后重新导入")]
    return []
