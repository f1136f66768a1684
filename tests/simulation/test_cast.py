"""The fictional cast: valid numbers that belong to nobody, names that occur once, and the same people from the same seed."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from ruamel.yaml import YAML
from stdnum.cn import ric, uscc

from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.industries import divisions
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.bonus import BonusClaim, bonus
from zhiheng.rules.pack import Pack
from zhiheng.simulation.cast import Cast, Chance, OrganizationCast, cast
from zhiheng.simulation.cast.identity import credit_code
from zhiheng.simulation.cast.names import BLOCKED, BRAND_FIRST, BRAND_SECOND, Names, blocked
from zhiheng.simulation.cast.places import PLACES
from zhiheng.simulation.cast.trades import DIVISIONS, TRAITS

ROOT = Path(__file__).parents[2]
PACK = ROOT / "rulepacks" / "hebei-2022"
CATEGORIES = {"organization", "senior_leader", "middle_manager", "front_line", "other"}


@pytest.fixture(scope="module")
def hebei() -> Pack:
    """The real pack, whose codes the cast must use."""
    return load_pack(PACK)


def made(seed: int, organizations: int, persons: int, experts: int) -> Cast:
    return cast(Random(seed), organizations, persons, experts)


@pytest.fixture(scope="module")
def demo() -> Cast:
    """The size of the running demo cycle."""
    return made(2026, 40, 16, 120)


@pytest.fixture(scope="module")
def province() -> Cast:
    """Ten times the real size."""
    return made(7, 1500, 600, 3000)


def bodies(of: Cast) -> tuple[OrganizationCast, ...]:
    return of.organizations + of.employers


def people(of: Cast) -> Iterator[tuple[str, str]]:
    units = (*of.recommenders, *of.departments, of.office, of.agency, of.inspection, of.administration)
    for person in (*of.persons, *of.experts, *of.members, *(member for unit in units for member in unit.staff)):
        yield person.name, person.id_number


def test_sizes(province: Cast) -> None:
    assert (len(province.organizations), len(province.persons), len(province.experts)) == (1500, 600, 3000)
    assert len(province.members) == 25
    assert [member.seat for member in province.members if member.chair] == [1]
    assert (len(province.recommenders), len(province.departments)) == (14, 12)


def test_every_number_has_its_check_digit(province: Cast) -> None:
    for body in bodies(province):
        assert uscc.is_valid(body.credit_code), body
        assert body.credit_code[2:8] == body.region
        assert body.group_code == "" or uscc.is_valid(body.group_code)
    for _, id_number in people(province):
        assert ric.is_valid(id_number), id_number


def test_numbers_belong_to_nobody(province: Cast) -> None:
    assert {body.credit_code[8:10] for body in bodies(province)} == {"XX"}
    assert {id_number[:6] for _, id_number in people(province)} == {"130000"}
    assert {phone[:3] for phone in (*(p.phone for p in province.persons), *(o.phone for o in province.organizations))} == {"100"}


def test_a_credit_code_worked_by_hand() -> None:
    # GB 11714: X=33, weights 3 7 9 10 5 8 4 2: 33*3 + 33*7 + 1*2 = 332; 11 - 332 mod 11 = 9.
    assert credit_code("91", "130100", 1) == "91130100XX0000019" + uscc.calc_check_digit("91130100XX0000019")


def test_everything_occurs_once(province: Cast) -> None:
    names = [body.name for body in bodies(province)]
    codes = [body.credit_code for body in bodies(province)]
    persons = [name for name, _ in people(province)] + [body.contact for body in bodies(province)]
    ids = [id_number for _, id_number in people(province)]
    for values in (names, codes, persons, ids):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_the_same_seed_gives_the_same_cast() -> None:
    first = digest_of(made(5, 40, 16, 120))
    assert digest_of(made(5, 40, 16, 120)) == first
    assert digest_of(made(6, 40, 16, 120)) != first


def test_the_same_cast_in_any_process() -> None:
    """Not by the order of a set, which differs between processes."""
    program = (
        "from random import Random; from zhiheng.foundation.canonical import digest_of; from zhiheng.simulation.cast import cast;"
        "print(digest_of(cast(Random(5), 40, 16, 120)))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {f"{digest_of(made(5, 40, 16, 120))}\n".encode()}


def test_places_are_those_of_the_pack(hebei: Pack) -> None:
    for place, unit in zip(PLACES, hebei.recommenders, strict=True):
        assert (place.code, place.city, place.regulator) == (unit.code, unit.city, unit.name)
        assert place.regions == (unit.gbt2260,) or (unit.gbt2260 == "" and place.code == "xa")
    assert sum(place.weight for place in PLACES) == 100


def test_every_place_takes_part(demo: Cast) -> None:
    assert {body.recommender for body in demo.organizations} == {place.code for place in PLACES}
    for body in demo.organizations:
        place = next(place for place in PLACES if place.code == body.recommender)
        assert body.city == place.city
        assert body.region in place.regions
    assert [unit.code for unit in demo.recommenders] == [place.code for place in PLACES]


def test_three_in_five_are_manufacturers(demo: Cast, province: Cast) -> None:
    for of, twentieth in ((demo, 2), (province, 75)):
        kinds = Counter(body.kind for body in of.organizations)
        assert kinds == {
            "manufacturing": 12 * twentieth,
            "construction": 2 * twentieth,
            "service": 3 * twentieth,
            "farm": twentieth,
            "hospital": twentieth,
            "school": twentieth,
        }


def test_industries_are_divisions_of_the_standard(province: Cast) -> None:
    assert set(DIVISIONS) <= set(divisions())
    assert {body.industry for body in bodies(province)} <= set(DIVISIONS)
    for expert in province.experts:
        assert set(expert.industries) <= set(DIVISIONS)
        assert 2 <= len(expert.industries) <= 5


def test_traits_are_those_that_the_regulation_encourages(province: Cast) -> None:
    awards = {award["code"]: award["encouraged"] for award in YAML(typ="safe").load(PACK / "awards.yaml")}
    assert list(TRAITS) == awards["organization"]
    assert {trait for body in province.organizations for trait in body.traits} == set(TRAITS)
    assert {trait for person in province.persons for trait in person.traits} == set(awards["individual"])


def test_hospitals_and_schools_are_public_and_no_firms(province: Cast) -> None:
    for body in province.organizations:
        if body.kind in {"hospital", "school"}:
            assert body.credit_code.startswith("12")
            assert body.traits == ("公共服务",)
            assert body.name.startswith(body.city)
            assert "公司" not in body.name


def test_organizations_say_what_they_do(province: Cast) -> None:
    for body in province.organizations:
        assert 3 <= len(body.achievements) <= 5
        for sentence in (body.main_business, body.improvement, *body.achievements):
            assert sentence.endswith("。")
            assert "{" not in sentence
        assert 0 < body.ability < 100
        assert body.employees >= 20
        assert body.established_on <= date(2019, 12, 31)


def test_a_pair_of_sisters_to_twenty_five(demo: Cast, province: Cast) -> None:
    for of, pairs in ((demo, 1), (province, 60)):
        groups = Counter(body.group_code for body in of.organizations if body.group_code)
        assert list(groups.values()) == [2] * pairs
        assert not set(groups) & {body.credit_code for body in bodies(of)}


def test_claims_are_worth_what_they_say(province: Cast, hebei: Pack) -> None:
    """A sound claim earns the bonus at any deadline of the year once verified, another never does."""
    found = set()
    for award, applicants in (("organization", province.organizations), ("individual", province.persons)):
        points = hebei.award(award).bonus.points
        for applicant in applicants:
            for claim in applicant.claims:
                found.add((claim.kind, claim.sound))
                for deadline in (date(2026, 1, 15), date(2026, 12, 31)):
                    decision = bonus([BonusClaim(claim.kind, claim.granted_on, claim.valid_until, True)], hebei.award(award), deadline)
                    assert decision.value == (points if claim.sound else Fraction(0)), claim
    kinds = {kind.code for award in hebei.awards for kind in award.bonus.kinds}
    assert {kind for kind, sound in found if sound} == kinds
    assert {kind for kind, sound in found if not sound} == kinds - {"well_known_trademark"}


def test_persons_have_worked_long_enough(province: Cast) -> None:
    categories = Counter(person.category for person in province.persons)
    assert categories == {"senior_leader": 120, "middle_manager": 180, "front_line": 180, "other": 120}
    for person in province.persons:
        assert person.work_since <= date(2018, 12, 31)
        assert person.work_since <= person.local_work_since <= date(2022, 12, 31)
        assert person.work_since.year - int(person.id_number[6:10]) >= 20
        assert person.employer.kind == ("institute" if person.category == "other" else "manufacturing")
        assert 3 <= len(person.achievements) <= 4
        assert all("{" not in sentence for sentence in person.achievements)
        assert 0 < person.ability <= 100


def test_persons_come_from_applicants_and_from_others(province: Cast) -> None:
    applying = {body.credit_code for body in province.organizations}
    inside = [person for person in province.persons if person.employer.credit_code in applying]
    assert 0 < len(inside) < len(province.persons) // 2


def test_experts_cover_every_industry_and_category(demo: Cast) -> None:
    assert {body.industry for body in demo.organizations} <= {code for expert in demo.experts for code in expert.industries}
    assert {code for expert in demo.experts for code in expert.categories} == CATEGORIES
    assert sum(expert.leader for expert in demo.experts) == 40
    assert all(-8 <= expert.strictness <= 8 for expert in demo.experts)
    assert {expert.max_load for expert in demo.experts} == {2, 3, 4}


def test_experts_have_ties_to_find(province: Cast) -> None:
    applying = {body.credit_code: body.name for body in province.organizations}
    employed = [expert for expert in province.experts if expert.employer_code in applying]
    ended = [tie for expert in province.experts for tie in (*expert.past_employers, *expert.consulted) if tie.credit_code in applying]
    assert 0 < len(employed) < 300
    assert all(applying[expert.employer_code] == expert.employer for expert in employed)
    years = {tie.until.year for tie in ended if tie.until is not None}
    assert years == set(range(2020, 2026))
    busiest = Counter(expert.employer for expert in province.experts).most_common(1)[0][1]
    assert busiest <= 6


def test_no_name_of_a_real_firm(province: Cast) -> None:
    units = (*province.recommenders, *province.departments, province.agency)
    names = [body.name for body in bodies(province)] + [unit.name for unit in units]
    assert [name for name in names if any(word in name for word in BLOCKED)] == []


def test_a_blocked_name_is_asked_again() -> None:
    assert blocked("石家庄长城机械有限公司")
    assert not blocked("石家庄云岭精密制造有限公司")
    assert any(left + right in BLOCKED for left in BRAND_FIRST for right in BRAND_SECOND), "the block list could never bite"
    offered = iter(["唐山首钢特钢有限公司", "唐山云岭特钢有限公司", "唐山云岭特钢有限公司", "唐山澄川特钢有限公司"])
    names = Names(Random(1))
    assert [names.once(lambda: next(offered)) for _ in range(2)] == ["唐山云岭特钢有限公司", "唐山澄川特钢有限公司"]


def test_names_that_run_out_are_an_error() -> None:
    names = Names(Random(1))
    names.once(lambda: "云岭")
    with pytest.raises(ValueError, match="too many names"):
        names.once(lambda: "云岭")


@pytest.mark.parametrize("size", [(0, 0, 0), (1, 1, 1), (3, 3, 3)])
def test_small_casts(size: tuple[int, int, int]) -> None:
    rng: Chance = Random(3)
    small = cast(rng, *size, members=3, year=2024)
    assert (len(small.organizations), len(small.persons), len(small.experts), len(small.members)) == (*size, 3)
    assert small.year == 2024
    assert all(body.established_on.year <= 2017 for body in small.organizations)
