"""Lotteries in whole numbers: types, lawful panels, splitting, seats, probabilities, evenness, the ticket drawn."""

import hashlib
import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.rules.lottery import Person, Pool, Quota, broken_rules, is_lawful, pool_of
from zhiheng.rules.lottery_chances import by_bundles, by_tickets, drawn_ticket, evenness
from zhiheng.rules.lottery_split import expected, is_splittable, seat, times, window, without

PEOPLE = [
    Person("A1", {"行业": "制造业", "地区": "石家庄"}),
    Person("A2", {"行业": "制造业", "地区": "石家庄"}),
    Person("A3", {"行业": "制造业", "地区": "唐山"}),
    Person("B1", {"行业": "服务业", "地区": "石家庄"}),
    Person("B2", {"行业": "服务业", "地区": "唐山"}),
]
QUOTAS = [Quota("行业", "制造业", 1, 2), Quota("行业", "服务业", 1, 1)]
#: Types by the quotas they count for: services (B1, B2), manufacturing (A1, A2, A3).
POOL = pool_of(PEOPLE, QUOTAS, 3)


def test_people_whom_no_quota_tells_apart_are_of_one_type() -> None:
    assert POOL.people == (("B1", "B2"), ("A1", "A2", "A3"))
    assert POOL.counts == (2, 3)
    assert [(bound.members, bound.least, bound.most) for bound in POOL.bounds] == [((1,), 1, 2), ((0,), 1, 1), ((0, 1), 3, 3)]
    assert pool_of(reversed(PEOPLE), QUOTAS, 3) == POOL
    assert len(pool_of(PEOPLE, [*QUOTAS, Quota("地区", "唐山", 0, 3)], 3).people) == 4
    assert pool_of(PEOPLE, [], 2).people == (("A1", "A2", "A3", "B1", "B2"),)


@pytest.mark.parametrize(("panel", "lawful"), [((1, 2), True), ((2, 1), False), ((0, 3), False), ((1, 1), False), ((-1, 4), False)])
def test_a_lawful_panel(panel: tuple[int, int], lawful: bool) -> None:
    assert is_lawful(panel, POOL) is lawful


def test_broken_rules_are_named() -> None:
    assert broken_rules(["A1", "A2", "B1"], PEOPLE, QUOTAS, 3) == []
    assert broken_rules(["A1", "A2", "A3"], PEOPLE, QUOTAS, 3) == [
        "“行业=制造业”应为1至2人，现为3人",
        "“行业=服务业”应为1至1人，现为0人",
    ]
    assert broken_rules(["A1", "A1", "B1"], PEOPLE, QUOTAS, 3)[0] == "应为3名不同的人员，现为2名"
    assert broken_rules(["A1", "X9", "B1"], PEOPLE, QUOTAS, 3) == ["X9不在名单中"]


def test_a_total_is_split_in_whole_numbers() -> None:
    wide = pool_of(PEOPLE, [Quota("行业", "服务业", 1, 2)], 3)
    assert wide.counts == (3, 2)
    total = [6 * 2 - 2, 2 + 6]
    assert is_splittable(total, 6, wide)
    assert not is_splittable([11, 6], 6, wide)
    where = window(total, 6, wide)
    assert where.types == ((0, 3), (0, 2))
    assert where.bounds == ((1, 2), (3, 3))
    assert times(total, 6, (2, 1), wide) == 4
    assert without(total, (2, 1), 4) == [2, 4]
    assert is_splittable([2, 4], 2, wide)
    assert not is_splittable(without(total, (2, 1), 5), 1, wide)
    assert times([2, 4], 2, (2, 1), wide) == 0


def test_seats_go_round_within_a_type() -> None:
    bundles = [((1, 2), 5)]
    tickets = seat(bundles, POOL)
    assert tickets[:2] == (("A1", "A2", "B1"), ("A1", "A3", "B2"))
    assert Counter(code for ticket in tickets for code in ticket) == {"A1": 4, "A2": 3, "A3": 3, "B1": 3, "B2": 2}
    assert all(broken_rules(ticket, PEOPLE, QUOTAS, 3) == [] for ticket in tickets)


def test_probabilities_before_and_after() -> None:
    bundles = [((1, 2), 5)]
    assert expected(bundles) == (1, 2)
    assert by_bundles(bundles, POOL) == {
        code: Fraction(2 if code < "B" else 1, 3 if code < "B" else 2) for code in ("A1", "A2", "A3", "B1", "B2")
    }
    after = by_tickets(seat(bundles, POOL), ["A1", "A2", "A3", "B1", "B2", "C1"])
    assert after == {
        "A1": Fraction(4, 5),
        "A2": Fraction(3, 5),
        "A3": Fraction(3, 5),
        "B1": Fraction(3, 5),
        "B2": Fraction(2, 5),
        "C1": 0,
    }


def test_evenness_is_exact() -> None:
    same = evenness({"A": Fraction(1, 3), "B": Fraction(1, 3), "C": Fraction(1, 3)})
    assert (same.minimum, same.gini, same.geometric_mean) == (Fraction(1, 3), 0, Decimal("0.333333333333333"))
    apart = evenness({"A": Fraction(1, 4), "B": Fraction(1)})
    # Mean absolute difference 3/8 over twice the mean 5/8.
    assert (apart.minimum, apart.gini, apart.geometric_mean) == (Fraction(1, 4), Fraction(3, 10), Decimal("0.500000000000000"))
    assert evenness({"A": Fraction(0), "B": Fraction(1)}).geometric_mean == 0


@settings(derandomize=True, deadline=None)
@given(st.lists(st.fractions(Fraction(1, 1000), 1, max_denominator=1000), min_size=1, max_size=12))
def test_evenness_is_what_its_definitions_say(values: list[Fraction]) -> None:
    found = evenness({str(place): value for place, value in enumerate(values)})
    mean = sum(values) / len(values)
    apart = sum(abs(one - other) for one in values for other in values)
    assert found.gini == apart / (2 * len(values) ** 2 * mean)
    assert math.isclose(float(found.geometric_mean), math.prod(float(value) for value in values) ** (1 / len(values)), rel_tol=1e-9)


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_people_of_a_type_differ_by_one_ticket_at_most(counts: list[int], data: st.DataObject) -> None:
    people = tuple(tuple(f"{place}-{number}" for number in range(count)) for place, count in enumerate(counts))
    pool = Pool(people, (), 0)
    panels = st.tuples(st.tuples(*(st.integers(0, count) for count in counts)), st.integers(1, 9))
    tickets = seat(data.draw(st.lists(panels, min_size=1, max_size=5)), pool)
    seats = Counter(code for ticket in tickets for code in ticket)
    for codes in people:
        taken = [seats[code] for code in codes]
        assert max(taken) - min(taken) <= 1
        assert all(one >= other for one, other in pairwise(taken))
    assert all(len(set(ticket)) == len(ticket) for ticket in tickets)


def test_the_ticket_a_seed_draws() -> None:
    digest = hashlib.sha256(b"\0\0" + b"9319./2.5.8./" + b"\0\0").digest()
    assert drawn_ticket(["9319", "8 2 5"], 1000).value == int.from_bytes(digest, "big") % 1000 + 1
    assert not drawn_ticket([], 1000).ok
    assert not drawn_ticket(["9319"], 0).ok
