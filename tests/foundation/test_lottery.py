"""Fair lotteries: against the enumeration of all panels, tickets exact, draws as probable as shown, collisions explained."""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from zhiheng.foundation.lottery import build as building
from zhiheng.foundation.lottery.build import Lottery, build
from zhiheng.foundation.lottery.leximin import Hull
from zhiheng.foundation.lottery.relaxing import collision, relaxations
from zhiheng.foundation.lottery.solver import Line, Linear, Unknown, whole
from zhiheng.rules.lottery import Person, Quota, broken_rules, is_lawful, pool_of
from zhiheng.rules.lottery_chances import by_tickets, drawn_ticket, evenness
from zhiheng.rules.lottery_split import Bundle

TICKETS = 1000


def small_case(seed: int) -> tuple[list[Person], list[Quota], int]:
    """Up to ten people with up to four features, quotas near their shares; by no means always feasible."""
    dice = random.Random(seed)
    number = dice.randint(5, 10)
    size, features = dice.randint(2, number - 2), dice.randint(1, 4)
    kinds = [dice.choice(("ab", "abc")) for _ in range(features)]
    people = [Person(f"P{place:02}", {f"F{f}": dice.choice(kinds[f]) for f in range(features)}) for place in range(number)]
    quotas = []
    for feature in range(features):
        for value, there in sorted(Counter(person.features[f"F{feature}"] for person in people).items()):
            middle = max(0, round(there * size / number + dice.choice((-0.6, 0, 0, 0.6))))
            quotas.append(Quota(f"F{feature}", value, max(0, middle - dice.randint(0, 1)), middle + dice.randint(0, 1)))
    return people, quotas, size


def all_panels(people: Sequence[Person], quotas: Sequence[Quota], size: int) -> list[tuple[int, ...]]:
    """Every lawful panel of named people."""
    codes = [person.code for person in people]
    chosen = itertools.combinations(range(len(people)), size)
    return [panel for panel in chosen if broken_rules([codes[place] for place in panel], people, quotas, size) == []]


def highest(panels: Sequence[tuple[int, ...]], floors: dict[int, float], people: int, raised: Sequence[int]) -> float:
    """The highest level that `raised` reach together in a mixture of panels that gives everyone their floor."""
    program = Linear([(floors.get(place, 0.0), float("inf")) for place in range(people)] + [(1.0, 1.0)])
    level = program.column(0, 1, dict.fromkeys(raised, -1.0), 1.0)
    for panel in panels:
        program.column(0, 1, dict.fromkeys((*panel, people), 1.0))
    found = program.solve()
    assert found is not None
    return found.values[level]


def fairest_of_all(panels: Sequence[tuple[int, ...]], people: int) -> list[float]:
    """Leximin person by person over all panels: no types, no columns left out, each person asked alone."""
    floors: dict[int, float] = {}
    while len(floors) < people:
        still = [place for place in range(people) if place not in floors]
        level = highest(panels, floors, people, still)
        others = {**floors, **dict.fromkeys(still, level - 1e-9)}
        for place in still:
            if highest(panels, {key: value for key, value in others.items() if key != place}, people, [place]) < level + 1e-6:
                floors[place] = level - 1e-9
    return [floors[place] for place in range(people)]


def gini(values: Sequence[float]) -> float:
    return sum(abs(one - other) for one in values for other in values) / (2 * len(values) * sum(values))


def geometric(values: Sequence[float]) -> float:
    product = 1.0
    for value in values:
        product *= value
    return product ** (1 / len(values))


def test_small_lotteries_are_as_fair_as_the_fairest_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    searched, infeasible = [], 0

    class Watched(Hull):
        def __init__(self, *arguments: Any) -> None:
            searched.append(1)
            super().__init__(*arguments)

    monkeypatch.setattr(building, "Hull", Watched)
    for seed in range(150):
        people, quotas, size = small_case(seed)
        panels = all_panels(people, quotas, size)
        decision = build(people, quotas, size, TICKETS)
        if not panels:
            infeasible += 1
            assert decision.value is None
            continue
        lottery = decision.value
        assert lottery is not None
        best = fairest_of_all(panels, len(people))
        exact, after = lottery.exact_chances(), lottery.ticket_chances()
        before, rounded = evenness(exact), evenness(after)
        assert [float(exact[person.code]) for person in people] == pytest.approx(best, abs=1e-6)
        assert float(before.minimum) == pytest.approx(min(best), abs=1e-6)
        assert float(before.gini) == pytest.approx(gini(best), abs=1e-6)
        assert float(before.geometric_mean) == pytest.approx(geometric([max(0.0, p) for p in best]) if min(best) > 1e-8 else 0, abs=1e-6)
        assert abs(before.minimum - rounded.minimum) <= Fraction(1, TICKETS)
        assert abs(before.gini - rounded.gini) <= Fraction(1, TICKETS)
        assert abs(before.geometric_mean - rounded.geometric_mean) <= Fraction(1, TICKETS)
        assert max(abs(exact[code] - after[code]) for code in exact) < Fraction(1, TICKETS)
        check(lottery, people, quotas, size)
    assert infeasible > 10
    assert searched, "no case needed the search among the mixtures themselves"


def check(lottery: Lottery, people: Sequence[Person], quotas: Sequence[Quota], size: int) -> None:
    """Panels and tickets are lawful, and the probabilities shown are those of the tickets."""
    assert sum(count for _, count in lottery.exact) == building.PARTS
    assert all(is_lawful(panel, lottery.pool) for panel, _ in lottery.exact)
    assert len(lottery.tickets) == TICKETS
    assert all(broken_rules(ticket, people, quotas, size) == [] for ticket in set(lottery.tickets))
    assert lottery.ticket_chances() == by_tickets(lottery.tickets, [person.code for person in people])
    assert sum(lottery.ticket_chances().values()) == size


def larger(number: int = 60, size: int = 12) -> tuple[list[Person], list[Quota], int]:
    dice = random.Random(60)
    people = [
        Person(f"P{place:03}", {"性别": dice.choice("男女"), "地区": dice.choice("甲乙丙丁"), "年龄": dice.choice("老中青")})
        for place in range(number)
    ]
    quotas = [
        Quota("性别", "女", 5, 7),
        Quota("地区", "甲", 2, 4),
        Quota("地区", "乙", 4, 5),
        Quota("年龄", "青", 5, 6),
        Quota("年龄", "老", 2, 3),
    ]
    return people, quotas, size


def test_a_larger_lottery_is_lawful_and_the_same_each_time() -> None:
    people, quotas, size = larger()
    lottery = build(people, quotas, size, TICKETS).value
    assert lottery is not None
    check(lottery, people, quotas, size)
    assert build(people[::-1], quotas, size, TICKETS).value == lottery
    exact, after = lottery.exact_chances(), lottery.ticket_chances()
    assert max(abs(exact[code] - after[code]) for code in exact) < Fraction(1, TICKETS)


def test_one_person_one_ticket_and_three() -> None:
    one = build([Person("A", {})], [], 1, 1).value
    assert one is not None
    assert one.tickets == (("A",),)
    three = build([Person(code, {}) for code in "ABC"], [], 1, 3).value
    assert three is not None
    assert sorted(three.tickets) == [("A",), ("B",), ("C",)]


def test_all_different_people_are_types_of_their_own() -> None:
    people = [Person(f"P{place:03}", {"号": str(place), "组": "甲乙"[place % 2]}) for place in range(150)]
    quotas = [Quota("号", str(place), 0, 1) for place in range(150)] + [Quota("组", "甲", 5, 5), Quota("组", "乙", 7, 7)]
    lottery = build(people, quotas, 12, TICKETS).value
    assert lottery is not None
    assert len(lottery.pool.people) == 150
    exact = lottery.exact_chances()
    assert {round(float(exact[person.code]), 6) for person in people[::2]} == {round(5 / 75, 6)}
    assert {round(float(exact[person.code]), 6) for person in people[1::2]} == {round(7 / 75, 6)}
    check(lottery, people, quotas, 12)


def test_draws_are_as_probable_as_shown() -> None:
    """A chi-square test over 100 000 fixed seeds: of the tickets, and of the people."""
    people, quotas, size = larger()
    lottery = build(people, quotas, size, TICKETS).value
    assert lottery is not None
    draws = 100_000
    drawn = Counter(drawn_ticket([str(seed)], TICKETS).value for seed in range(draws))
    assert set(drawn) <= set(range(1, TICKETS + 1))
    statistic = sum((drawn[number] - draws / TICKETS) ** 2 / (draws / TICKETS) for number in range(1, TICKETS + 1))
    # 999 degrees of freedom: mean 999, standard deviation about 45; the range is that of ±3.3.
    assert 999 - 148 < statistic < 999 + 148
    seats: Counter[str] = Counter()
    for number, times in drawn.items():
        assert number is not None
        for code in lottery.tickets[number - 1]:
            seats[code] += times
    for code, chance in lottery.ticket_chances().items():
        spread = (draws * float(chance) * (1 - float(chance))) ** 0.5
        assert abs(seats[code] - draws * float(chance)) < 4.5 * spread, code


# ------------------------------------------------------------------ collisions


def test_too_few_people_of_a_kind_are_named_with_the_change_that_would_do() -> None:
    people = [Person(f"P{place}", {"行业": "制造业" if place < 2 else "服务业"}) for place in range(8)]
    decision = build(people, [Quota("行业", "制造业", 3, 5), Quota("行业", "服务业", 0, 5)], 5, 10)
    assert [reason.text for reason in decision.refusals] == [
        "每组5人时，以下要求不能同时满足：“行业=制造业”至少3人",
        "“行业=制造业”至少3人，符合的仅有2人；可将下限降为2",
    ]


def test_colliding_quotas_are_named_without_the_others() -> None:
    people = [Person(f"P{place}", {"性别": "男女"[place % 2], "地区": "甲乙丙"[place % 3]}) for place in range(12)]
    quotas = [Quota("性别", "男", 3, 4), Quota("性别", "女", 3, 4), Quota("地区", "甲", 1, 3)]
    decision = build(people, quotas, 5, 10)
    clash, change = (reason.text for reason in decision.refusals)
    assert clash == "每组5人时，以下要求不能同时满足：“性别=男”至少3人；“性别=女”至少3人"
    assert change in [f"“性别={value}”至少3人，符合的有6人；可将下限降为2" for value in "男女"]


def test_too_few_people_altogether() -> None:
    assert build([Person("A", {})], [], 2, 10).refusals[0].text == "名单仅有1人，不足2人，请补充人员或减少每组人数"


def test_collisions_are_irreducible_and_changes_suffice() -> None:
    seen = 0
    for seed in range(120):
        people, quotas, size = small_case(seed)
        if all_panels(people, quotas, size):
            continue
        seen += 1
        pool = pool_of(people, quotas, size)
        sides = collision(pool)

        def kept(only: Sequence[tuple[int, bool]], quotas: list[Quota] = quotas, size: int = size) -> list[Quota]:
            return [
                Quota(q.feature, q.value, q.least if (n, True) in only else 0, q.most if (n, False) in only else size)
                for n, q in enumerate(quotas)
            ]

        assert all_panels(people, kept(sides), size) == []
        assert all(all_panels(people, kept([other for other in sides if other != side]), size) for side in sides)
        changes = dict(relaxations(pool))
        relaxed = [
            Quota(q.feature, q.value, q.least - changes.get((n, True), 0), q.most + changes.get((n, False), 0))
            for n, q in enumerate(quotas)
        ]
        assert all_panels(people, relaxed, size)
    assert seen > 10


# ------------------------------------------------------------------ the solver


def test_whole_numbers_are_told_from_none() -> None:
    lines = [Line({0: 2.0, 1: 3.0}, 7, 7)]
    assert whole([Unknown(0, 9, 1.0), Unknown(0, 9)], lines) == [2, 1]
    assert whole([Unknown(0, 1), Unknown(0, 1)], lines) is None
    assert whole([Unknown(2, 1)], []) is None


def test_a_splitting_takes_each_panel_a_whole_number_of_times() -> None:
    people, quotas, size = larger()
    pool = pool_of(people, quotas, size)
    bundles: list[Bundle] = building.fairest(pool, building.best_panel(pool, [0.0] * len(pool.counts)))
    assert sum(count for _, count in bundles) == building.PARTS
    assert all(count > 0 for _, count in bundles)
