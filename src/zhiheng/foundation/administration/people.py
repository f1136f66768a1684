"""Granting and taking back roles, and registering to apply (L1)."""

from __future__ import annotations

from django.db import transaction

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.canonical import salted
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.foundation.people.selectors import id_digest, mask
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role

#: Roles that stand for a unit: a grant of one names the unit.
OF_A_UNIT = frozenset({Role.OFFICE, Role.RECOMMENDER, Role.DEPARTMENT, Role.AGENCY})
#: Roles that may not be held together with any other by one person in one cycle.
APART = frozenset({Role.INSPECTOR, Role.ADMIN})


@transaction.atomic
def install(name: str) -> Acting:
    """Register the first system administrator of an empty installation. Raises ValueError when there is one already."""
    if RoleGrant.objects.filter(role=Role.ADMIN.value).exists():
        raise ValueError("系统管理员已存在，新的管理员须由现任管理员授权")
    person = Person.objects.create(name=name)
    RoleGrant.objects.create(person=person, role=Role.ADMIN.value, granted_at=clock.now())
    payload = {"person": person.code}
    journal.append(
        journal.Record(
            journal.PLATFORM,
            "act",
            "people.install",
            ("L1",),
            ("四",),
            "",
            Role.ADMIN.value,
            "",
            f"person:{person.code}",
            payload,
            clock.now(),
        )
    )
    return Acting(Role.ADMIN, person)


@act("people.grant_role", "授予角色", duty=["L1"], article="四", roles=[Role.ADMIN])
def grant_role(acting: Acting, subject: None, *, person: Person, role: Role, unit: Unit | None = None, cycle: str = "") -> Outcome:
    """Grant a role to another person. Nobody grants to themselves; inspector and administrator stay apart from the rest."""
    if person == acting.person:
        return Outcome(no("不得为本人授予角色，请由其他管理员办理", duty="L1"))
    if role in OF_A_UNIT and unit is None:
        return Outcome(no("该角色须对应具体单位，请选择单位", duty="L1"))
    held = {Role(r) for r in person.grants.filter(revoked_at=None).values_list("role", flat=True)}
    if (held - {role}) and (role in APART or held & APART):
        return Outcome(no("纪检监督、系统管理员与其他角色不得由同一人兼任", article="七(七)", duty="K7"))
    grant, _ = RoleGrant.objects.get_or_create(
        person=person, role=role.value, unit=unit, cycle=cycle, revoked_at=None, defaults={"granted_at": clock.now()}
    )
    payload = {"person": person.code, "role": role, "unit": unit.code if unit else "", "cycle": cycle}
    return Outcome(yes("角色已授予", duty="L1"), payload, subject=f"person:{person.code}", value=grant)


@act("people.revoke_role", "收回角色", duty=["L1"], article="四", roles=[Role.ADMIN])
def revoke_role(acting: Acting, subject: None, *, grant: RoleGrant, reason: str) -> Outcome:
    """Take a role back; it is refused from the next request on."""
    if not reason.strip():
        return Outcome(no("请填写收回角色的理由", duty="L1"))
    if grant.revoked_at:
        return Outcome(no("该角色此前已收回", duty="L1"))
    grant.revoked_at = clock.now()
    grant.save(update_fields=["revoked_at"])
    payload = {"person": grant.person.code, "role": grant.role, "reason": reason}
    return Outcome(yes("角色已收回", duty="L1"), payload, subject=f"person:{grant.person.code}")


@act("people.register", "申报用户注册", duty=["D1"], article="四(二)", roles=[Role.PUBLIC])
def register(acting: Acting, subject: None, *, name: str, id_number: str, employer: str = "", contact: str = "") -> Outcome:
    """Register a natural person who will apply or sign for an applicant; the ID number itself is not kept."""
    key = id_digest(id_number)
    person, fresh = Person.objects.get_or_create(
        id_digest=key, defaults={"name": name, "id_mask": mask(id_number), "employer": employer, "contact": contact}
    )
    RoleGrant.objects.get_or_create(person=person, role=Role.APPLICANT.value, revoked_at=None, defaults={"granted_at": clock.now()})
    payload = {"person": person.code, "identity": salted(person.salt, key), "fresh": fresh}
    return Outcome(yes("注册成功", duty="D1"), payload, subject=f"person:{person.code}", value=person)
