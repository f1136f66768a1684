"""What a plain random draw would give: shuffle, and seat whoever comes next and may. Shown beside the lottery, never drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from zhiheng.foundation import entropy
from zhiheng.rules.draw import Candidate
from zhiheng.rules.draw_record import PanelSpec

#: As many as there are tickets, so that both are counted alike.
TIMES = 1000


def plain_chances(
    known: Sequence[Candidate], panels: Sequence[PanelSpec], short: Mapping[tuple[str, str], int], seed: str
) -> dict[str, Fraction]:
    """Each candidate's share of TIMES plain draws, by code; the same seed gives the same. A panel that such a draw cannot fill stays short:
    it looks at no other panel and takes nothing back."""
    source = entropy.repeatable(seed)
    free = {spec.code: [one for one in known if spec.code in one.panels] for spec in panels}
    order = sorted(panels, key=lambda spec: (len(free[spec.code]) - spec.size, spec.code))
    count: Counter[str] = Counter()
    for _ in range(TIMES):
        seats = {one.code: one.seats for one in known}
        drawn: set[str] = set()
        for spec in order:
            needs = [kind for kind in spec.least for _ in range(spec.least[kind] - short.get((spec.code, kind), 0))]
            for code in _seated(free[spec.code], spec, needs, seats, source):
                seats[code] -= 1
                drawn.add(code)
        count.update(drawn)
    return {one.code: Fraction(count[one.code], TIMES) for one in known}


def _seated(
    free: Sequence[Candidate], spec: PanelSpec, needs: Sequence[str], seats: Mapping[str, int], source: entropy.Repeatable
) -> list[str]:
    """First somebody for each kind that is needed, then anybody."""
    lots = source.sample(free, len(free))
    chosen: list[Candidate] = []
    for kind in (*needs, *[""] * spec.size):
        if len(chosen) == spec.size:
            break
        if kind and sum(kind in one.panels[spec.code] for one in chosen) >= needs.count(kind):
            continue
        houses = {one.house for one in chosen if one.house}
        for one in lots:
            if seats[one.code] > 0 and one.house not in houses and one not in chosen and (not kind or kind in one.panels[spec.code]):
                chosen.append(one)
                break
    return [one.code for one in chosen]
