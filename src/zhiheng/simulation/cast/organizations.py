"""Fictional organizations, mixed as in a real province: three in five are manufacturers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhiheng.rules.clocks import add_years
from zhiheng.simulation.cast import identity
from zhiheng.simulation.cast.achievements import achievements, improvement, main_business
from zhiheng.simulation.cast.chance import Chance, day_between, one_in
from zhiheng.simulation.cast.identity import Identities
from zhiheng.simulation.cast.model import Claim, OrganizationCast
from zhiheng.simulation.cast.names import Names
from zhiheng.simulation.cast.places import Place, spread_over
from zhiheng.simulation.cast.trades import ADVANCED, BY_KIND, MOVED, NEW_SERVICE, SPECIALIZED, TRAITS, Trade

#: Of twenty organizations.
MIX = ("manufacturing",) * 12 + ("construction",) * 2 + ("service",) * 3 + ("farm", "hospital", "school")
#: One pair of sister firms to so many organizations.
GROUP_EVERY = 25
_SECTIONS = {"hospital": identity.INSTITUTION, "school": identity.INSTITUTION, "institute": identity.INSTITUTION}
_EMPLOYEES = {"hospital": (180, 2600), "school": (90, 900), "farm": (20, 400), "institute": (40, 700), "construction": (150, 3200)}
_NEAR_BEIJING = ("lf", "bd", "xa", "cz", "ts", "zjk")


@dataclass(frozen=True, slots=True)
class Casting:
    """What every part of the cast is made with."""

    rng: Chance
    names: Names
    identities: Identities
    year: int


def organizations(casting: Casting, count: int) -> tuple[OrganizationCast, ...]:
    """`count` applicants over all places and kinds, some of them sisters in a group."""
    kinds = [MIX[index % len(MIX)] for index in range(count)]
    casting.rng.shuffle(kinds)
    made: list[OrganizationCast] = []
    for kind, place in zip(kinds, spread_over(casting.rng, count), strict=True):
        made.append(_organization(casting, casting.rng.choice(BY_KIND[kind]), place))
    return _grouped(casting, made)


def institutes(casting: Casting, count: int) -> tuple[OrganizationCast, ...]:
    """Bodies of research, testing, teaching and quality promotion that employ people and do not apply."""
    places = spread_over(casting.rng, count)
    trades = BY_KIND["institute"]
    return tuple(_organization(casting, trades[index % len(trades)], place) for index, place in enumerate(places))


def firms(casting: Casting, count: int) -> tuple[OrganizationCast, ...]:
    """Enterprises that employ people and do not apply themselves."""
    trades = BY_KIND["manufacturing"] + BY_KIND["service"]
    return tuple(_organization(casting, casting.rng.choice(trades), place) for place in spread_over(casting.rng, count))


def _organization(casting: Casting, trade: Trade, place: Place) -> OrganizationCast:
    rng, region = casting.rng, casting.rng.choice(place.regions)
    low, high = _EMPLOYEES.get(trade.kind, (60, 4200))
    employees = rng.randint(low, rng.randint(low, high))
    name = casting.names.once(lambda: _name(casting, trade, place))
    section = identity.COOPERATIVE if name.endswith("合作社") else _SECTIONS.get(trade.kind, identity.ENTERPRISE)
    if trade.division == "95":
        section = identity.ASSOCIATION
    return OrganizationCast(
        name=name,
        credit_code=casting.identities.next_credit_code(section, region),
        kind=trade.kind,
        city=place.city,
        region=region,
        recommender=place.code,
        industry=trade.division,
        established_on=day_between(rng, date(1986, 1, 1), date(casting.year - 7, 12, 31)),
        employees=employees,
        main_business=main_business(rng, trade),
        achievements=achievements(rng, trade, casting.year),
        traits=_traits(rng, trade, place, employees),
        group_code="",
        contact=casting.names.person(),
        phone=casting.identities.phone(),
        # Three dice: most lie near 50 %, where the threshold of the material review is; few lie above 65 %.
        ability=24 + sum(rng.randint(0, 17) for _ in range(3)),
        claims=_claims(rng, trade, casting.year),
        improvement=improvement(rng, casting.year),
    )


def _name(casting: Casting, trade: Trade, place: Place) -> str:
    rng, names, word = casting.rng, casting.names, casting.rng.choice(trade.words)
    if trade.kind in {"hospital", "school"}:
        return f"{place.city}{names.virtue()}{word}"
    if trade.kind == "institute":
        return f"{rng.choice(('河北', place.short))}{names.brand()}{word}"
    if trade.kind == "farm" and one_in(rng, 3):
        return f"{place.short}{names.brand()}{word}专业合作社"
    form = rng.choice(("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司"))
    return f"{rng.choice((place.short, place.short, '河北'))}{names.brand()}{word}{form}"


def _traits(rng: Chance, trade: Trade, place: Place, employees: int) -> tuple[str, ...]:
    traits = set(trade.traits)
    if trade.kind == "manufacturing":
        if employees < 1000 and rng.randint(1, 5) <= 2:
            traits.add(SPECIALIZED)
        if one_in(rng, 4):
            traits.add(ADVANCED)
        if place.code in _NEAR_BEIJING and one_in(rng, 6):
            traits.add(MOVED)
    return tuple(trait for trait in TRAITS if trait in traits)


def _claims(rng: Chance, trade: Trade, year: int) -> tuple[Claim, ...]:
    """Grounds for the bonus: about half claim one; one claim in twelve is out of date and fails when staff check it."""
    claims: list[Claim] = []
    sound = not one_in(rng, 12)
    within = day_between(rng, date(year - 4, 3, 1), date(year - 1, 12, 20))
    before = day_between(rng, date(year - 9, 3, 1), date(year - 6, 12, 20))
    granted = within if sound else before
    if trade.kind == "construction" and one_in(rng, 3):
        kind, title = ("dayu", "大禹水利科学技术奖") if trade.division == "48" else ("luban", "中国建筑工程鲁班奖")
        claims.append(Claim(kind, title, granted, None, sound))
    if (trade.kind == "manufacturing" or NEW_SERVICE in trade.traits) and rng.randint(1, 20) <= 9:
        # A certificate runs three years: one of the last two years lasts beyond this one, one of four years ago has run out.
        issued = day_between(rng, date(year - 2, 1, 5), date(year - 1, 12, 20)) if sound else date(year - 4, 11, 15)
        claims.append(Claim("high_tech", "高新技术企业证书", issued, add_years(issued, 3), sound))
    if trade.kind in {"manufacturing", "farm"} and one_in(rng, 12):
        claims.append(Claim("well_known_trademark", "中国驰名商标", date(year - 8, 5, 20), date(year + 1, 5, 19)))
    if one_in(rng, 14):
        claims.append(Claim("national_quality_award", "行业管理部门颁发的质量奖励", granted, None, sound))
    return tuple(claims)


def _grouped(casting: Casting, made: Sequence[OrganizationCast]) -> tuple[OrganizationCast, ...]:
    """Some pairs of enterprises belong to one group, whose code is that of a parent which does not apply."""
    grouped = list(made)
    firms = [index for index, made_one in enumerate(made) if made_one.kind in {"manufacturing", "construction", "service"}]
    for pair in range(len(made) // GROUP_EVERY):
        code = casting.identities.next_credit_code(identity.ENTERPRISE, grouped[firms[2 * pair]].region)
        for member in firms[2 * pair : 2 * pair + 2]:
            grouped[member] = replace(grouped[member], group_code=code)
    return tuple(grouped)
