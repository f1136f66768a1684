"""Who can be drawn at all: each reason by itself, to the exact day."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.worked import with_parameters
from zhiheng.rules.fitness import Standing, add_months, confirm_by, unfit
from zhiheng.rules.pack import Pack

ON, UNTIL = date(2026, 6, 30), date(2026, 7, 10)
FIT = Standing("active", date(2025, 1, 1), date(2027, 12, 31), date(2025, 7, 1), date(2025, 12, 1))


@pytest.mark.duty("F1")
def test_who_is_in_service_confirmed_and_present_can_be_drawn(hebei: Pack) -> None:
    assert unfit(FIT, ON, UNTIL, hebei.parameters) == ""
    assert unfit(Standing("active", confirmed_on=ON), ON, None, hebei.parameters) == ""  # no term set: none that ends


@pytest.mark.duty("F1")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "proposed"}, "尚未审核入库"),
        ({"status": "suspended"}, "已暂停参加评审"),
        ({"status": "removed"}, "已移出专家库"),
        ({"status": "?"}, "不在库"),
        ({"term_from": date(2026, 7, 1)}, "聘期自2026年7月1日起，尚未开始"),
        ({"term_until": date(2026, 6, 29)}, "聘期已于2026年6月29日届满"),
        ({"term_until": date(2026, 7, 9)}, "聘期将于2026年7月9日届满，早于本轮评审结束"),
        ({"confirmed_on": date(2025, 6, 29), "approved_on": None}, "本人信息应于2026年6月29日前确认，至今未确认"),
        ({"confirmed_on": None, "approved_on": None}, "本人信息尚未确认"),
        ({"absences": ((date(2026, 7, 10), date(2026, 7, 20)),)}, "2026年7月10日至2026年7月20日不能参加评审"),
        ({"absences": ((date(2026, 6, 30), date(2026, 6, 30)),)}, "2026年6月30日不能参加评审"),
    ],
)
def test_each_reason(hebei: Pack, change: dict[str, object], why: str) -> None:
    assert unfit(replace(FIT, **change), ON, UNTIL, hebei.parameters) == why


@pytest.mark.duty("F1")
@pytest.mark.parametrize(
    "change",
    [
        {"term_from": ON, "term_until": UNTIL},
        {"confirmed_on": date(2025, 6, 30), "approved_on": None},
        {"confirmed_on": None, "approved_on": date(2025, 6, 30)},
        {"absences": ((date(2026, 6, 1), date(2026, 6, 29)), (date(2026, 7, 11), date(2026, 7, 12)))},
    ],
)
def test_the_day_beside_it_does_not_count(hebei: Pack, change: dict[str, object]) -> None:
    assert unfit(replace(FIT, **change), ON, UNTIL, hebei.parameters) == ""


@pytest.mark.duty("F1")
def test_a_pack_may_ask_for_no_confirmation(hebei: Pack) -> None:
    never = replace(FIT, approved_on=None, confirmed_on=None)
    assert unfit(never, ON, None, with_parameters(hebei.parameters, confirm_months=0)) == ""
    earlier = hebei.parameters.model_copy(update={"confirm_months": None})
    assert (unfit(never, ON, None, earlier), confirm_by(never, earlier)) == ("", None)


@pytest.mark.duty("F1")
def test_the_last_day_of_a_confirmation(hebei: Pack) -> None:
    assert confirm_by(FIT, hebei.parameters) == date(2026, 12, 1)
    assert [add_months(date(2025, 8, 31), n) for n in (1, 4, 6, 30)] == [
        date(2025, 9, 30), date(2025, 12, 31), date(2026, 2, 28), date(2028, 2, 29),
    ]  # fmt: skip
