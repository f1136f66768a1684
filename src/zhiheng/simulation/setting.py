"""Setting up a platform for a play: calendar, units, staff, experts, committee persons (by acts where there are acts)."""

from __future__ import annotations

from django.conf import settings

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.administration import people
from zhiheng.foundation.packs.services import load_calendar_files
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.foundation.people.selectors import id_digest, mask
from zhiheng.process.register import panel
from zhiheng.rules.lifecycle import Role
from zhiheng.simulation import roster
from zhiheng.simulation.cast.model import StaffCast, Tie, UnitCast
from zhiheng.simulation.world import World

PUBLIC = Acting(Role.PUBLIC)


def install(world: World) -> None:
    """Everything that is there before a cycle begins."""
    load_calendar_files(settings.RULEPACKS_DIR / "calendars")
    admin = people.install(world.cast.administration.staff[0].name)
    world.people["admin"] = admin
    cast = world.cast
    units = (cast.office, cast.agency, *cast.recommenders, *cast.departments)
    for number, unit in enumerate(units, 1):
        _staff(world, unit, Role(unit.role))
        world.progress("登记单位和工作人员", number, len(units))
    inspector = _person(cast.inspection.staff[0])
    world.do(people.grant_role, "admin", person=inspector, role=Role.INSPECTOR)
    world.people["inspector"] = Acting(Role.INSPECTOR, inspector)
    for number, member in enumerate(cast.members, 1):
        person = _person(StaffCast(member.name, member.id_number, member.position, ""))
        role = Role.CHAIR if member.chair else Role.MEMBER
        world.do(people.grant_role, "admin", person=person, role=role)
        world.people["chair" if member.chair else f"member{number}"] = Acting(role, person)
    if cast.members and "chair" in world.people:
        world.people["member1"] = world.people["chair"]


def _person(staff: StaffCast) -> Person:
    key = id_digest(staff.id_number)
    fields = {"name": staff.name, "id_mask": mask(staff.id_number), "contact": staff.phone}
    return Person.objects.get_or_create(id_digest=key, defaults=fields)[0]


def _staff(world: World, cast: UnitCast, role: Role) -> None:
    contact = f"{cast.staff[0].position}，电话 {cast.staff[0].phone}（虚构）" if cast.staff else ""
    unit = Unit.objects.create(code=cast.code, kind=role.value, name=cast.name, city=cast.city, contact=contact)
    for number, staff in enumerate(cast.staff):
        person = _person(staff)
        world.do(people.grant_role, "admin", person=person, role=role, unit=unit)
        world.people[cast.code if number == 0 else f"{cast.code}{number + 1}"] = Acting(role, person, unit)


def library(world: World) -> None:
    """Put the experts into the library: proposed by the agency, approved by the office."""
    groups = {body.credit_code: body.group_code for body in (*world.cast.organizations, *world.cast.employers)}
    for number, expert in enumerate(world.cast.experts, 1):
        code = f"ZJ{number:04d}"
        person = _person(StaffCast(expert.name, expert.id_number, expert.title, expert.phone))
        row = world.do(
            panel.register_expert,
            world.cast.agency.code,
            person=person,
            code=code,
            title=expert.title,
            employer=expert.employer,
            employers=[_tie(t) for t in expert.past_employers],
            consulted=[_tie(t) for t in expert.consulted],
            industries=expert.industries,
            categories=expert.categories,
            city=expert.city,
            leader=expert.leader,
            max_load=expert.max_load,
            **roster.particulars(number, expert, groups, world.cast.year),
        ).value
        world.do(panel.approve_expert, "office", row)
        world.people[code] = Acting(Role.EXPERT, person)
        world.strictness[code] = expert.strictness
        roster.settle(world, number, row)
        if number % 20 == 0 or number == len(world.cast.experts):
            world.progress("专家入库", number, len(world.cast.experts))


def _tie(tie: Tie) -> dict[str, str | None]:
    return {"employer": tie.name, "until": tie.until.isoformat() if tie.until else None, "code": tie.credit_code}
