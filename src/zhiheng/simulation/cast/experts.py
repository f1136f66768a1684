"""Fictional experts of the library, with ties to applicants, so that recusal has something to find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhiheng.simulation.cast.chance import Chance, day_between, one_in, some
from zhiheng.simulation.cast.model import ExpertCast, OrganizationCast, Tie
from zhiheng.simulation.cast.organizations import Casting
from zhiheng.simulation.cast.trades import BY_KIND

PERSON_CATEGORIES = ("senior_leader", "middle_manager", "front_line", "other")
_TITLES = ("高级工程师", "正高级工程师", "教授", "副教授", "研究员", "副研究员", "高级质量工程师", "高级经济师", "注册审核员")
#: The divisions that applicants come from, so that every industry finds experts.
_WANTED = tuple(trade.division for kind, trades in BY_KIND.items() if kind != "institute" for trade in trades)


def experts(
    casting: Casting, applicants: Sequence[OrganizationCast], employers: Sequence[OrganizationCast], count: int
) -> tuple[ExpertCast, ...]:
    """`count` experts: each division known by some, one in three fit to lead a panel, a few tied to an applicant."""
    return tuple(_expert(casting, applicants, employers, index) for index in range(count))


def _expert(casting: Casting, applicants: Sequence[OrganizationCast], employers: Sequence[OrganizationCast], index: int) -> ExpertCast:
    rng, year = casting.rng, casting.year
    # One in twenty works for an applicant; the others are spread evenly, since a panel takes one from each employer.
    inside = bool(applicants) and one_in(rng, 20)
    employer = rng.choice(applicants) if inside else employers[index % len(employers)]
    industries = _industries(rng, index)
    return ExpertCast(
        name=casting.names.person(),
        id_number=casting.identities.next_id_number(38, 68),
        title="主任医师" if "84" in industries and one_in(rng, 2) else rng.choice(_TITLES),
        employer=employer.name,
        employer_code=employer.credit_code,
        past_employers=_ties(rng, applicants if one_in(rng, 5) else employers, employer, year, chance=5),
        consulted=_ties(rng, applicants, employer, year, chance=12),
        industries=industries,
        categories=_categories(rng),
        city=employer.city,
        phone=casting.identities.phone(),
        leader=index % 3 == 0,
        strictness=sum(rng.randint(-2, 2) for _ in range(4)),
        max_load=rng.choice((2, 3, 3, 4)),
    )


def _ties(rng: Chance, bodies: Sequence[OrganizationCast], employer: OrganizationCast, year: int, chance: int) -> tuple[Tie, ...]:
    """One tie in `chance` cases, ended up to six years ago: some still count as an interest, some no longer."""
    if not bodies or not one_in(rng, chance):
        return ()
    body = rng.choice(bodies)
    if body.credit_code == employer.credit_code:
        return ()
    return (Tie(body.name, body.credit_code, day_between(rng, date(year - 6, 1, 1), date(year - 1, 12, 31))),)


def _industries(rng: Chance, index: int) -> tuple[str, ...]:
    """Two to five divisions near each other in the classification; the first goes round, so that all are covered evenly."""
    start = index % len(_WANTED)
    near = [_WANTED[(start + step) % len(_WANTED)] for step in range(1, 7)]
    return tuple(sorted({_WANTED[start], *some(rng, near, 1, 4)}))


def _categories(rng: Chance) -> tuple[str, ...]:
    """What an expert may judge: half judge both awards, a quarter organizations only, a quarter individuals only."""
    scope = rng.randint(1, 4)
    if scope == 1:
        return ("organization",)
    persons = tuple(some(rng, PERSON_CATEGORIES, 2, 4))
    return persons if scope == 2 else ("organization", *persons)
