"""Fair lotteries of 1 000 tickets over 150, 500 and 2 000 people with four features, and over 500 of whom hardly two are alike.

Run by hand: .venv/bin/python bench/draw.py. Prints a table; the exit code is 1 when a lottery takes longer than its goal.
"""

import random
import sys
from collections import Counter
from time import perf_counter

from zhiheng.foundation.lottery.build import build
from zhiheng.rules.lottery import Person, Quota

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
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
