"""The bonus: once, verified, within its years or valid on the reference date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.rules.bonus import BonusClaim, bonus
from zhiheng.rules.clocks import add_years
from zhiheng.rules.pack import Pack

DEADLINE = date(2026, 6, 30)


def claim(
    kind: str = "luban", granted: date | None = date(2024, 1, 1), until: date | None = None, verified: bool | None = True
) -> BonusClaim:
    return BonusClaim(kind, granted, until, verified)


@pytest.mark.duty("H1")
@pytest.mark.parametrize(
    ("claims", "points"),
    [
        ([], 0),
        ([claim()], 10),
        ([claim(), claim("dayu"), claim("high_tech", until=date(2027, 1, 1))], 10),
        ([claim(verified=False), claim("dayu")], 10),
        ([claim(verified=False)], 0),
        ([claim(verified=None)], 0),
        ([claim(granted=date(2021, 6, 30))], 10),
        ([claim(granted=date(2021, 6, 29))], 0),
        ([claim(granted=DEADLINE)], 10),
        ([claim(granted=DEADLINE + timedelta(days=1))], 0),
        ([claim(granted=None)], 0),
        ([claim("high_tech", until=DEADLINE)], 10),
        ([claim("high_tech", until=DEADLINE - timedelta(days=1))], 0),
        ([claim("high_tech", granted=None, until=DEADLINE)], 10),
        ([claim("high_tech", granted=DEADLINE + timedelta(days=1), until=date(2029, 1, 1))], 0),
        ([claim("high_tech", granted=date(2010, 1, 1), until=date(2029, 1, 1))], 10),
        ([claim("high_tech")], 0),
    ],
)
def test_organizations(claims: list[BonusClaim], points: int, hebei: Pack) -> None:
    decision = bonus(claims, hebei.award("organization"), DEADLINE)
    assert decision.ok
    assert decision.value == points


@pytest.mark.duty("H2")
def test_individuals_get_two(hebei: Pack) -> None:
    decision = bonus([claim("provincial_commendation")], hebei.award("individual"), DEADLINE)
    assert decision.value == 2
    assert [reason.duty for reason in decision.reasons] == ["H2", "H2"]


@pytest.mark.duty("H1")
def test_what_is_not_examined_is_a_warning(hebei: Pack) -> None:
    decision = bonus([claim(verified=None)], hebei.award("organization"), DEADLINE)
    assert [reason.text for reason in decision.warnings] == ["“中国建筑工程鲁班奖”证明材料尚未核实，核实前不计加分，请工作人员核实"]


@pytest.mark.duty("H1")
def test_each_ground_says_why(hebei: Pack) -> None:
    claims = [claim(granted=date(2021, 6, 29)), claim("high_tech", until=date(2026, 5, 1)), claim("dayu")]
    decision = bonus(claims, hebei.award("organization"), DEADLINE)
    assert [reason.text for reason in decision.reasons] == [
        "“中国建筑工程鲁班奖”于2021年6月29日取得，至2026年6月30日已超过5年，不计加分",
        "“有效期内的高新技术企业”有效期至2026年5月1日，在2026年6月30日已失效，不计加分",
        "“大禹水利科学技术奖”于2024年1月1日取得，在近5年之内，已核实",
        "加10分（符合一项及以上只加一次）",
    ]


@pytest.mark.duty("H1")
def test_an_unknown_ground_refuses(hebei: Pack) -> None:
    decision = bonus([claim(), claim("nobel")], hebei.award("organization"), DEADLINE)
    assert decision.value is None
    assert decision.text() == "“nobel”不是组织奖规定的加分情形，请更正加分申报（《细则》四（六）1）"


def test_a_leap_day_counts_until_28_february(hebei: Pack) -> None:
    award, leap = hebei.award("organization"), [claim(granted=date(2024, 2, 29))]
    assert bonus(leap, award, date(2029, 2, 28)).value == 10
    assert bonus(leap, award, date(2029, 3, 1)).value == 0


@pytest.mark.duty("H1")
@given(granted=st.dates(date(2015, 1, 1), date(2030, 1, 1)), reference=st.dates(date(2020, 1, 1), date(2029, 1, 1)), more=st.integers(0, 4))
def test_never_more_than_once(hebei: Pack, granted: date, reference: date, more: int) -> None:
    value = bonus([claim(granted=granted)] * (more + 1), hebei.award("organization"), reference).value
    assert value == (10 if granted <= reference <= add_years(granted, 5) else 0)
