"""Fair lotteries of 1 000 tickets over 150, 500 and 2 000 people with four features, over 500 of whom hardly two are alike, and over a
whole round: 40 panels of 5 from 300 experts with recusals, houses, loads and leaders.

Run by hand: .venv/bin/python bench/draw.py. Prints tables; the exit code is 1 when a lottery takes longer than its goal.
"""

import random
import sys
from collections import Counter
from datetime import date
from fractions import Fraction
from time import perf_counter

from zhiheng.foundation.lottery import joint
from zhiheng.foundation.lottery.build import build
from zhiheng.foundation.lottery.plainly import plain_chances
from zhiheng.rules.draw import broken, candidates
from zhiheng.rules.draw_record import Exclusion, Frozen, PanelSpec
from zhiheng.rules.lottery import Person, Quota
from zhiheng.rules.lottery_chances import evenness
from zhiheng.rules.recusal import ExpertFacts

SEED, TICKETS = 2022, 1000
#: People, size of a panel, values of each feature, goal in seconds.
CASES = [
    (150, 22, (2, 4, 5, 3), 2.0),
    (500, 50, (2, 5, 6, 4), 3.0),
    (2000, 200, (2, 5, 8, 4), 10.0),
    (500, 50, (8, 8, 8, 8), 10.0),
]


def pool(number: int, size: int, values: tuple[int, ...]) -> tuple[list[Person], list[Quota]]:
    """People with skewed features, and quotas that pull a panel towards even ones."""
    dice = random.Random(SEED)
    people = [
        Person(f"P{place:05}", {f"F{f}": str(min(int(dice.random() ** 1.6 * count), count - 1)) for f, count in enumerate(values)})
        for place in range(number)
    ]
    quotas = []
    for feature, count in enumerate(values):
        there = Counter(person.features[f"F{feature}"] for person in people)
        for value in map(str, range(count)):
            share = size * (0.4 * there[value] / number + 0.6 / count)
            quotas.append(Quota(f"F{feature}", value, min(int(share * 0.85), there[value]), int(share * 1.1) + 1))
    return people, quotas


def main() -> int:
    """Builds each lottery once. Returns the exit code."""
    late = False
    print(f"{'people':>6} {'panel':>5} {'types':>5} {'seconds':>8} {'goal':>5}")
    for number, size, values, goal in CASES:
        people, quotas = pool(number, size, values)
        start = perf_counter()
        found = build(people, quotas, size, TICKETS).value
        took = perf_counter() - start
        types = len(found.pool.people) if found else 0
        late |= took > goal or found is None
        print(f"{number:>6} {size:>5} {types:>5} {took:>8.2f} {goal:>5.1f}{'' if took <= goal else '  missed'}")
    return int(rounds() or late)


def round_of(experts: int, panels: int, size: int) -> Frozen:
    """A round: three employers for four experts, three in ten can lead, two industries each, one pair in twenty recused."""
    dice, fields = random.Random(SEED), [str(number) for number in range(30)]
    pool = [
        ExpertFacts(
            f"E{n:04}", f"key-{n}", f"单位{dice.randrange(experts * 3 // 4)}", (), frozenset(dice.sample(fields, 2)), frozenset({"o"}), "",
            frozenset(), frozenset(), (), dice.random() < 0.3, 0, active=True, assessor=dice.random() < 0.6,
        )
        for n in range(experts)
    ]  # fmt: skip
    specs = [
        PanelSpec(f"P{n:02}", size, (), frozenset(dice.sample(fields, 2)), frozenset({"o"}), {"leader": 1, "field": 1, "assessor": 1})
        for n in range(panels)
    ]
    out = [Exclusion(spec.code, one.code, "回避") for spec in specs for one in pool if dice.random() < 0.05]
    return Frozen("site", 1, date(2026, 7, 1), 1, True, {"field": 10, "assessor": 1}, tuple(pool), tuple(specs), tuple(out))


def rounds() -> bool:
    """Builds the lottery of a round, and says how even it is beside a plain draw; whether it took too long."""
    frozen, goal = round_of(300, 40, 5), 30.0
    start = perf_counter()
    found = joint.build(frozen, TICKETS).value
    took = perf_counter() - start
    assert found is not None
    known = {one.code: one for one in candidates(frozen)}
    assert not any(broken(seating, frozen, known, found.short) for seating in found.tickets)
    seats = Counter(code for seating in found.tickets for members in seating.values() for code in members)
    plain = plain_chances(list(known.values()), frozen.panels, found.short, "bench")
    even, by_chance = evenness({code: Fraction(seats[code], TICKETS) for code in known}), evenness(plain)
    print(f"\n40 panels of 5 from 300: {took:.1f} s (goal {goal:.0f}){'' if took <= goal else '  missed'}")
    for name, one in (("lottery", even), ("plain draw", by_chance)):
        print(f"{name:>12}: least {float(one.minimum):.3f}, Gini {float(one.gini):.4f}, geometric mean {float(one.geometric_mean):.4f}")
    return took > goal


if __name__ == "__main__":
    sys.exit(main())
