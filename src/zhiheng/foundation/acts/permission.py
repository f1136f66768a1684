"""One permission function: role, grant, stage, state, and the subject's own scope (L1, T1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from zhiheng.foundation.acts.context import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import OUTSIDE, SEALED, STAGE_TITLES, STATUS_TITLES, EntryStatus, Role, Stage

if TYPE_CHECKING:
    from zhiheng.foundation.acts.register import ActSpec


GRANTS = RoleGrant._meta.db_table


def cycle_of(subject: Any) -> Cycle | None:
    """The cycle that a subject belongs to; None for the platform."""
    return subject if isinstance(subject, Cycle) else getattr(subject, "cycle", None)


def ref(subject: Any) -> str:
    """How the journal names a subject: `entry:2026-O-0001`, `cycle:2026`; empty for the platform."""
    if subject is None:
        return ""
    key = getattr(subject, "code", None) or getattr(subject, "number", None) or subject.pk
    return f"{subject._meta.model_name}:{key}"


def holds(acting: Acting, cycle: Cycle | None) -> bool:
    """Whether the person holds the role now, for that unit, in that cycle. The public needs no grant.

    Asked at every act and never remembered, so that a role taken back is refused at once; in plain SQL, since every act passes here.
    """
    if acting.role == Role.PUBLIC:
        return acting.person is None and acting.unit is None
    if acting.person is None:
        return False
    unit, values = ("unit_id = %s", [acting.unit.pk]) if acting.unit else ("unit_id IS NULL", [])
    sql = f"SELECT 1 FROM {GRANTS} WHERE person_id = %s AND role = %s AND cycle IN ('', %s) AND revoked_at IS NULL AND {unit}"  # noqa: S608 - names of our own tables only
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(sql, [acting.person.pk, acting.role.value, cycle.code if cycle else "", *values])
        return cursor.fetchone() is not None


def fits_stage(spec: ActSpec, role: Role, stage: Stage | None) -> bool:
    """Whether the register lets this role do this act at this stage. The test of all acts asks exactly this."""
    return role in spec.roles and (not spec.stages or stage in spec.stages)


def permit(spec: ActSpec, acting: Acting, subject: Any, granted: bool | None = None) -> Decision[None]:
    """Whether `acting` may do the act on `subject` now; refusals say who may, or when (L1).

    granted: what `holds` has just said of this actor and the subject's cycle, for a page that asks about many acts at once. An act that is
    done never brings it.
    """
    cycle = cycle_of(subject)
    article, duty = spec.article, spec.duties[0]
    if acting.role not in spec.roles or not (holds(acting, cycle) if granted is None else granted):
        return no(f"您当前的身份不能办理“{spec.title}”", article=article, duty=duty, code="role")
    if spec.stages and (cycle is None or Stage(cycle.stage) not in spec.stages):
        when = "、".join(STAGE_TITLES[s] for s in Stage if s in spec.stages)
        now = STAGE_TITLES[Stage(cycle.stage)] if cycle else "未启动"
        return no(f"“{spec.title}”须在{when}阶段办理，当前为{now}阶段", article=article, duty=duty, code="stage")
    status = getattr(subject, "status", None) if spec.states else None
    if spec.states and status not in {s.value for s in spec.states}:
        if acting.role in OUTSIDE and status in SEALED:
            return no(f"按评审程序，现阶段不能办理“{spec.title}”", article=article, duty=duty, code="state")
        known = STATUS_TITLES[EntryStatus(status)] if status else "无状态"
        return no(f"当前状态为“{known}”，不能办理“{spec.title}”", article=article, duty=duty, code="state")
    if spec.scope is not None and not spec.scope(acting, subject):
        return no(f"“{spec.title}”只能由与该事项对应的单位或人员办理", article=article, duty=duty, code="scope")
    return yes()
