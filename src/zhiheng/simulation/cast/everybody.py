"""The whole cast of a play from one seed."""

from __future__ import annotations

from zhiheng.simulation.cast import experts as expert_pool
from zhiheng.simulation.cast import institutions, organizations, persons
from zhiheng.simulation.cast.chance import Chance
from zhiheng.simulation.cast.identity import Identities
from zhiheng.simulation.cast.model import Cast
from zhiheng.simulation.cast.names import Names

#: Experts to one employer: few, since a panel takes at most one from each.
EXPERTS_AN_EMPLOYER = 3


def assemble(rng: Chance, organization_count: int, person_count: int, expert_count: int, member_count: int, year: int) -> Cast:
    """Everybody, with names and identity numbers that occur once. The same state of `rng` gives the same cast."""
    casting = organizations.Casting(rng, Names(rng), Identities(rng, year), year)
    applicants = organizations.organizations(casting, organization_count)
    bodies = max(12, expert_count // EXPERTS_AN_EMPLOYER, person_count // 4)
    institutes = organizations.institutes(casting, (bodies + 1) // 2)
    firms = organizations.firms(casting, bodies // 2)
    return Cast(
        year=year,
        organizations=applicants,
        employers=institutes + firms,
        persons=persons.persons(casting, applicants, firms, institutes, person_count),
        experts=expert_pool.experts(casting, applicants, institutes + firms, expert_count),
        members=institutions.members(casting, member_count),
        recommenders=institutions.recommenders(casting),
        departments=institutions.departments(casting),
        office=institutions.office(casting),
        agency=institutions.agency(casting),
        inspection=institutions.inspection(casting),
        administration=institutions.administration(casting),
    )
