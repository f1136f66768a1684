"""Final scores and ranking of 10 000 organizations in rules/: five sheets an entry, 23 items a sheet, exact arithmetic throughout.

Run by hand: .venv/bin/python bench/rules.py [ENTRIES]. Prints a table; the exit code is 1 when the whole takes longer than its goal.
"""

import random
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.final import final_score
from zhiheng.rules.ranking import Standing, candidates, rank
from zhiheng.rules.scoring import Marks, material_total, section_points

T = TypeVar("T")
HEBEI = Path(__file__).resolve().parents[1] / "rulepacks" / "hebei-2022"
SHEETS, SEED, ENTRIES = 5, 2022, 10_000
GOAL = 2  # seconds for 10 000 entries


def timed(rows: list[tuple[str, float]], name: str, work: Callable[[], T]) -> T:
    """Runs one part and notes how long it took, in seconds."""
    start = perf_counter()
    result = work()
    rows.append((name, perf_counter() - start))
    return result


def main(entries: int) -> int:
    """Builds the sheets, times the parts, prints the table. Returns the exit code."""
    pack = load_pack(HEBEI)
    award, scheme = pack.award("organization"), pack.scheme("organization", "organization")
    dice = random.Random(SEED)
    grid = [Fraction(5 * step) for step in range(21)]
    codes = [f"Z{number:05}" for number in range(entries)]

    def sheet() -> Marks:
        return {code: dice.choice(grid) for code in scheme.item_points}

    material = [[sheet() for _ in range(SHEETS)] for _ in codes]
    consensus = [sheet() for _ in codes]
    rows: list[tuple[str, float]] = []

    totals = timed(rows, f"material: mean of {SHEETS} sheets", lambda: [material_total(sheets, scheme, "mean") for sheets in material])
    sections = timed(rows, "site: points by chapter", lambda: [section_points(marks, scheme) for marks in consensus])
    sites = timed(rows, "site: total", lambda: [sum(points.values(), Fraction(0)) for points in sections])
    finals = timed(
        rows,
        "final scores, with reasons",
        lambda: [final_score(award, total, site, None, Fraction(0)).value for total, site in zip(totals, sites, strict=True)],
    )
    standings = [
        Standing(code, award.code, final.total, total, site, None, points)
        for code, final, total, site, points in zip(codes, finals, totals, sites, sections, strict=True)
        if final is not None
    ]
    ranked = timed(rows, "ranking", lambda: rank(standings, award))
    whole = sum(seconds for _, seconds in rows)
    extra: list[tuple[str, float]] = []
    chosen = timed(extra, "candidate list, a reason an entry", lambda: candidates(standings, [award], pack.parameters).value)
    for method in ("median", "trimmed_mean"):
        timed(extra, f"material: {method} of {SHEETS} sheets", lambda m=method: [material_total(sheets, scheme, m) for sheets in material])  # type: ignore[misc]

    print(f"{entries} entries × {len(scheme.items)} items × {SHEETS} sheets\n")
    for name, seconds in rows:
        print(f"  {name:<40}{seconds:8.3f} s")
    print(f"  {'together':<40}{whole:8.3f} s   goal: under {GOAL} s for {ENTRIES}\n\n  beside it")
    for name, seconds in extra:
        print(f"  {name:<40}{seconds:8.3f} s")
    print(f"\n  first of {len(ranked)}: {ranked[0].standing.entry}; candidates: {len(chosen.chosen) if chosen else 0}")
    return int(entries == ENTRIES and whole >= GOAL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES))
