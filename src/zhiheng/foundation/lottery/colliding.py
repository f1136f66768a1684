"""When the needs of the panels cannot all be kept: what is gone without, which needs collide, and the smallest changes that would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from zhiheng.foundation.lottery.grid import Grid, Row
from zhiheng.foundation.lottery.solver import Line, Unknown, whole
from zhiheng.rules.decision import Reason
from zhiheng.rules.draw import title_of
from zhiheng.rules.draw_record import Frozen

#: What one step of each change weighs when the smallest changes are sought: a seat less, a kind less, one more of an employer.
_WEIGHTS = {"size": 5, "leader": 4, "house": 3}
#: What it weighs to let everybody sit on one panel more.
_LOAD = 6
#: So many panels are named; of more only their number.
_NAMED = 5


def least_short(grid: Grid, weights: Mapping[str, int]) -> dict[tuple[str, str], int] | None:
    """(panel, kind) → how many experts of a wanted kind it goes without, the weights' sum least; None when no seating is lawful even so."""
    wanted = {number: weights[row.about[0]] for number, row in enumerate(grid.rows) if row.about[0] in weights and row.least}
    found = _elastic(grid, wanted, range(len(grid.rows)))
    if found is None:
        return None
    return {(grid.rows[n].about[1], grid.rows[n].about[0]): by for n, by in found.items() if by}


def _elastic(grid: Grid, give: Mapping[int, int], kept: Collection[int], load: int = 0) -> dict[int, int] | None:
    """By how much each of the rows in `give` (→ weight of a step) gives way, least in total; None when even that does not do.

    Rows give way downwards, those of employers upwards. kept: the other rows that count. load: the weight of one panel more for everybody,
    0 when that is not asked; its answer stands under -1.
    """
    unknowns = [Unknown(0, int(cap)) for cap in grid.caps.tolist()]
    lines, places = [], {}
    if load:
        places[-1] = len(unknowns)
        unknowns.append(Unknown(0, len(grid.panels), -load))
    for number, row in enumerate(grid.rows):
        entries = dict.fromkeys(row.columns, 1.0)
        what, _panel, kind = row.about
        if load and what == "load":
            entries[places[-1]] = -float(len(grid.people[kind]))
        elif number in give:
            places[number] = len(unknowns)
            entries[places[number]] = -1.0 if what == "house" else 1.0
            unknowns.append(Unknown(0, max(row.least, len(row.columns)), -give[number]))
        elif number not in kept:
            continue
        lines.append(Line(entries, row.least, row.most))
    found = whole(unknowns, lines)
    return None if found is None else {number: int(found[place]) for number, place in places.items()}


def reasons(grid: Grid, frozen: Frozen, article: str, duty: str) -> list[Reason]:
    """The collision and the changes, in Chinese; changes are to be made together."""
    hard = [number for number, row in enumerate(grid.rows) if row.about[0] not in frozen.weights]
    give = {number: _WEIGHTS[grid.rows[number].about[0]] for number in hard if grid.rows[number].about[0] in _WEIGHTS}
    changes = _elastic(grid, give, (), _LOAD) or {}
    said = "；".join(_said(grid, frozen, [grid.rows[number] for number in collision(grid, hard)]))
    found = [Reason(False, f"以下要求不能同时满足：{said}", article, duty, "collision")]
    texts = "；".join(_changes(grid, frozen, {number: by for number, by in sorted(changes.items()) if by}))
    return [*found, Reason(False, f"作以下调整即可抽取：{texts}", article, duty, "relax")]


def collision(grid: Grid, hard: Sequence[int]) -> list[int]:
    """Rows that cannot be kept together: what could be left out without that changing is, first whole sorts of needs, then panels."""
    kept = set(hard)
    for by_panel in (False, True):
        groups: dict[str, set[int]] = defaultdict(set)
        for number in sorted(kept):
            what, panel, _kind = grid.rows[number].about
            groups[panel if by_panel else what].add(number)
        for name in sorted(groups, key=lambda group: (group == "", len(groups[group]), group)):
            rest = kept - groups[name]
            if rest and _elastic(grid, {}, rest) is None:
                kept = rest
    return sorted(kept)


def _said(grid: Grid, frozen: Frozen, rows: Collection[Row]) -> Iterator[str]:
    needs: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for spec in grid.panels:
        sorts = [row.about[0] for row in rows if row.about[1] == spec.code]
        said = [f"专家{spec.size}名"] if "size" in sorts else []
        said += [
            f"{title_of(sort)}至少{spec.least[sort]}名（可抽取的{_there(grid, spec.code, sort)}名）" for sort in sorts if sort in spec.least
        ]
        if said:
            needs[tuple(said)].append(spec.code)
    for texts, codes in needs.items():
        more = f"等{len(codes)}个专家组各" if len(codes) > _NAMED else "各" if len(codes) > 1 else ""
        yield f"专家组{'、'.join(codes[:_NAMED])}{more}须有{'、'.join(texts)}"
    if any(row.about[0] == "house" for row in rows):
        yield "同组专家不出自同一单位"
    if any(row.about[0] == "load" for row in rows):
        yield f"每名专家本轮至多参加{frozen.max_load}个专家组（可抽取的专家共{sum(map(len, grid.people))}名）"


def _there(grid: Grid, panel: str, kind: str) -> int:
    return sum(len(members) for members in grid.people if kind in members[0].panels.get(panel, ()))


def _changes(grid: Grid, frozen: Frozen, changes: Mapping[int, int]) -> Iterator[str]:
    """Each change once, with all panels that it is to be made for."""
    alike: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for number, by in changes.items():
        if number < 0:
            yield f"将每名专家本轮至多参加的专家组由{frozen.max_load}个提高到{frozen.max_load + by}个"
        else:
            row = grid.rows[number]
            alike[row.about[0], row.least, by].append(row.about[1])
    for (what, least, by), codes in alike.items():
        panels = f"专家组{'、'.join(codes[:_NAMED])}" + (f"等{len(codes)}个专家组" if len(codes) > _NAMED else "")
        if what == "size":
            yield f"将{panels}的人数由{least}名减为{least - by}名，或者每组补充{by}名可以参加该组的专家"
        elif what == "house":
            yield f"允许{panels}有{1 + by}名专家出自同一单位"
        else:
            yield f"将{panels}的{title_of(what)}由至少{least}名降为{least - by}名，或者每组补充{by}名可以参加该组的此类专家"


def given_up(short: Mapping[tuple[str, str], int], frozen: Frozen) -> list[str]:
    """What the lottery goes without, in Chinese."""
    least = {spec.code: spec.least for spec in frozen.panels}
    return [
        f"专家组{panel}应有{title_of(kind)}{least[panel][kind]}名，可抽取的不足，按{least[panel][kind] - by}名抽取"
        for (panel, kind), by in sorted(short.items())
    ]
