"""Recusal: each ground by itself, and the harmless twin of each."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.worked import with_parameters
from zhiheng.rules.pack import Pack
from zhiheng.rules.recusal import EntryFacts, ExpertFacts, conflicts, employer_key

ON = date(2026, 6, 30)
NOBODY: frozenset[str] = frozenset()
EXPERT = ExpertFacts(
    code="E001",
    name_key="key-1",
    employer="91130100000000001A",
    employers=(),
    industries=frozenset({"26"}),
    categories=frozenset({"organization"}),
    city="石家庄市",
    declared=NOBODY,
    kin_of=NOBODY,
    consulted=(),
    leader=False,
    load=0,
    active=True,
)
ENTRY = EntryFacts(
    code="2026-Z-0001",
    award="organization",
    category="organization",
    employer="91130200000000002B",
    industry="C26",
    city="唐山市",
    requested_out=NOBODY,
    earlier_scorers=NOBODY,
)


def codes(pack: Pack, expert: ExpertFacts = EXPERT, entry: EntryFacts = ENTRY, **values: object) -> list[str]:
    params = with_parameters(pack.parameters, **values)
    return [reason.code for reason in conflicts(expert, entry, params, ON, "material").refusals]


@pytest.mark.duty("K7")
def test_no_interest_no_recusal(hebei: Pack) -> None:
    answer = conflicts(EXPERT, ENTRY, hebei.parameters, ON, "material")
    assert answer.ok
    assert answer.text() == "未发现应当回避的情形（《细则》七（七））"


@pytest.mark.duty("K7")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"employer": "91130200000000002B"}, "employer"),
        ({"employer": " ９１１３０２００００００００００２b "}, "employer"),
        ({"employers": (("91130200000000002B", None),)}, "former_employer"),
        ({"employers": (("91130200000000002B", date(2023, 6, 30)),)}, "former_employer"),  # three years to the day
        ({"consulted": (("91130200000000002B", None),)}, "consulting"),
        ({"consulted": (("91130200000000002B", date(2023, 6, 30)),)}, "consulting"),
        ({"kin_of": frozenset({"2026-Z-0001"})}, "kinship"),
        ({"kin_of": frozenset({"91130200000000002b"})}, "kinship"),
        ({"declared": frozenset({"2026-Z-0001"})}, "declared"),
    ],
)
def test_each_ground_of_the_expert(change: dict[str, object], code: str, hebei: Pack) -> None:
    assert codes(hebei, replace(EXPERT, **change)) == [code]


@pytest.mark.duty("K7")
@pytest.mark.parametrize(
    "change",
    [
        {"employers": (("91130200000000002B", date(2023, 6, 29)),)},  # one day more than three years
        {"consulted": (("91130200000000002B", date(2023, 6, 29)),)},
        {"employers": (("91130300000000003C", None),)},
        {"kin_of": frozenset({"2026-Z-0002"})},
        {"declared": frozenset({"2026-Z-0002"})},
        {"city": "唐山市"},
    ],
)
def test_what_is_no_ground(change: dict[str, object], hebei: Pack) -> None:
    assert codes(hebei, replace(EXPERT, **change)) == []


#: The same bodies with name, credit code and the code of their group.
HOME = replace(EXPERT, employer="冀东某研究院", credit_code="91130200000000002B", group_code="91130000000000009X")
BODY = replace(ENTRY, employer="冀东装备", credit_code="91130200000000007G", group_code="91130000000000009X")


@pytest.mark.duty("K7")
@pytest.mark.parametrize(
    ("expert", "entry", "code", "said"),
    [
        ({"credit_code": BODY.credit_code}, {}, "employer", "现为该单位人员"),
        ({}, {}, "group", "工作单位与该单位同属一个集团"),
        ({"group_code": ""}, {"group_code": HOME.credit_code}, "group", "工作单位与该单位同属一个集团"),
        ({"group_code": BODY.credit_code}, {"group_code": ""}, "group", "工作单位与该单位同属一个集团"),
        ({"group_code": "", "employers": ((BODY.credit_code, None),)}, {}, "former_employer", "近3年内曾在该单位任职"),
        ({"group_code": "", "employers": ((BODY.group_code, None),)}, {}, "former_employer", "近3年内曾在该单位所属集团任职"),
        ({"group_code": "", "consulted": ((BODY.group_code, None),)}, {}, "consulting", "近3年内为该单位所属集团提供过有偿咨询"),
    ],
)
def test_a_body_is_known_by_name_code_and_group(
    expert: dict[str, object], entry: dict[str, object], code: str, said: str, hebei: Pack
) -> None:
    answer = conflicts(replace(HOME, **expert), replace(BODY, **entry), hebei.parameters, ON, "material")
    assert [(reason.code, said in reason.text) for reason in answer.refusals] == [(code, True)]


@pytest.mark.duty("K7")
def test_bodies_without_codes_or_of_other_groups_have_nothing_in_common(hebei: Pack) -> None:
    assert codes(hebei, replace(HOME, group_code=""), replace(BODY, group_code="")) == []
    assert codes(hebei, HOME, replace(BODY, group_code="91130000000000008Y")) == []
    assert codes(hebei, replace(HOME, credit_code="", group_code=""), replace(BODY, credit_code="", group_code="")) == []


@pytest.mark.duty("K7")
def test_the_same_city_bars_only_where_the_pack_says_so(hebei: Pack) -> None:
    near = replace(EXPERT, city=ENTRY.city)
    assert (codes(hebei, near), codes(hebei, near, same_city_barred=True)) == ([], ["city"])
    assert codes(hebei, EXPERT, same_city_barred=True) == []
    assert codes(hebei, replace(EXPERT, city=""), replace(ENTRY, city=""), same_city_barred=True) == []
    earlier = hebei.parameters.model_copy(update={"same_city_barred": None})
    assert conflicts(near, ENTRY, earlier, ON, "material").ok


@pytest.mark.duty("K7")
def test_the_years_are_the_packs(hebei: Pack) -> None:
    former = replace(EXPERT, employers=(("91130200000000002B", date(2023, 6, 30)),))
    assert codes(hebei, former, conflict_years=2) == []
    assert codes(hebei, replace(former, employers=(("91130200000000002B", date(2024, 6, 30)),)), conflict_years=2) == ["former_employer"]


@pytest.mark.duty("K7")
def test_an_upheld_request_of_the_applicant(hebei: Pack) -> None:
    assert codes(hebei, entry=replace(ENTRY, requested_out=frozenset({"E001"}))) == ["requested"]
    assert codes(hebei, entry=replace(ENTRY, requested_out=frozenset({"E002"}))) == []


@pytest.mark.duty("K7")
def test_nobody_judges_themselves(hebei: Pack) -> None:
    assert codes(hebei, entry=replace(ENTRY, applicant_key="key-1")) == ["self"]
    assert codes(hebei, replace(EXPERT, name_key=""), replace(ENTRY, applicant_key="")) == []


@pytest.mark.duty("G1")
def test_who_scored_the_materials_does_not_visit(hebei: Pack) -> None:
    scored = replace(ENTRY, earlier_scorers=frozenset({"E001"}))
    answer = conflicts(EXPERT, scored, hebei.parameters, ON, "site")
    assert [(reason.code, reason.article, reason.duty) for reason in answer.refusals] == [("scored_materials", "四(五)1", "G1")]
    assert conflicts(EXPERT, scored, hebei.parameters, ON, "material").ok
    assert conflicts(EXPERT, scored, with_parameters(hebei.parameters, separate_site_experts=False), ON, "site").ok
    assert conflicts(EXPERT, replace(scored, earlier_scorers=frozenset({"E002"})), hebei.parameters, ON, "site").ok


@pytest.mark.duty("K7")
def test_every_ground_is_named(hebei: Pack) -> None:
    expert = replace(EXPERT, employer=ENTRY.employer, kin_of=frozenset({ENTRY.code}), declared=frozenset({ENTRY.code}))
    answer = conflicts(expert, ENTRY, hebei.parameters, ON, "material")
    assert [reason.code for reason in answer.refusals] == ["employer", "kinship", "declared"]
    assert answer.refusals[0].text == "专家E001应当回避2026-Z-0001：现为该单位人员，请另行抽取或改派"


@pytest.mark.duty("K7")
def test_unknown_employers_are_nobodys(hebei: Pack) -> None:
    assert codes(hebei, replace(EXPERT, employer="", kin_of=frozenset({""})), replace(ENTRY, employer="")) == []
    assert employer_key(" 河北 某某（集团）公司") == employer_key("河北某某(集团)公司")
