"""The joint lottery's program: columns (type of expert, panel) and rows (what panels need, what experts can take), as arrays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhiheng.foundation.lottery.solver import Sparse
from zhiheng.rules.draw import Candidate
from zhiheng.rules.draw_record import PanelSpec

#: No panel and no expert counts as many.
MANY = 10**6


@dataclass(frozen=True, slots=True)
class Row:
    """Of the columns named, at least `least` and at most `most` are taken. about: ("size" | kind | "house" | "load", panel, type)."""

    columns: tuple[int, ...]
    least: int
    most: int
    about: tuple[str, str, int]


class Grid:
    """The program of one draw. Experts whom nothing tells apart are one type; within a type they take turns."""

    def __init__(self, known: Sequence[Candidate], panels: Sequence[PanelSpec]) -> None:
        import numpy as np

        self.np = np
        self.panels = sorted(panels, key=lambda spec: spec.code)
        self.people = _types(known)
        firsts = [members[0] for members in self.people]
        self.cells: list[tuple[int, int]] = [
            (kind, place) for kind, one in enumerate(firsts) for place, spec in enumerate(self.panels) if spec.code in one.panels
        ]
        #: The most of a type that one panel takes.
        self.caps = np.array([min(len(self.people[kind]), self.panels[place].size) for kind, place in self.cells], "int64")
        self.rows = list(self._rows(firsts))
        self.matrix = Sparse([row.columns for row in self.rows], len(self.cells))
        self.least = np.array([row.least for row in self.rows], "int64")
        self.most = np.array([row.most for row in self.rows], "int64")
        #: The rows of the types' loads come last, one a type, in order.
        self.loads = len(self.rows) - len(self.people)

    def _rows(self, firsts: Sequence[Candidate]) -> list[Row]:
        at: dict[int, list[int]] = defaultdict(list)
        of: dict[int, list[int]] = defaultdict(list)
        houses: dict[tuple[int, str], list[int]] = defaultdict(list)
        for column, (kind, place) in enumerate(self.cells):
            at[place].append(column)
            of[kind].append(column)
            if firsts[kind].house:
                houses[place, firsts[kind].house].append(column)
        rows = []
        for place, spec in enumerate(self.panels):
            rows.append(Row(tuple(at[place]), spec.size, spec.size, ("size", spec.code, -1)))
            for need, least in sorted(spec.least.items()):
                if least:
                    members = tuple(c for c in at[place] if need in firsts[self.cells[c][0]].panels[spec.code])
                    rows.append(Row(members, least, MANY, (need, spec.code, -1)))
        for (place, _house), same in sorted(houses.items()):
            if sum(len(self.people[self.cells[column][0]]) for column in same) > 1:
                rows.append(Row(tuple(same), 0, 1, ("house", self.panels[place].code, -1)))
        loads = [sum(one.seats for one in members) for members in self.people]
        return rows + [Row(tuple(of[kind]), 0, most, ("load", "", kind)) for kind, most in enumerate(loads)]

    def relax(self, short: Mapping[tuple[str, str], int]) -> None:
        """Ask less where the lottery goes without."""
        for number, row in enumerate(self.rows):
            self.least[number] = max(row.least - short.get((row.about[1], row.about[0]), 0), 0)

    def activity(self, columns: Any, values: Any) -> Any:
        """What the rows count when the columns have the values."""
        return self.matrix.activity(columns, values)


def _types(known: Sequence[Candidate]) -> list[list[Candidate]]:
    """The people by type, codes ascending; an employer tells apart only where the pool has it more than once."""
    often = Counter(one.house for one in known)
    types: dict[Any, list[Candidate]] = defaultdict(list)
    for one in sorted(known, key=lambda candidate: candidate.code):
        house = one.house if often[one.house] > 1 else ""
        plain = Candidate(one.code, house, one.seats, one.panels)
        types[house, one.seats, tuple(sorted((panel, tuple(sorted(kinds))) for panel, kinds in one.panels.items()))].append(plain)
    return [types[key] for key in sorted(types)]
