"""HiGHS, held to what lotteries need: one thread, no output, no answer by the clock: the same question gets the same answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Everything within this of a whole number is one; the solver's own tolerance is a hundredth of it.
TOLERANCE = 1e-7
_FINE = 1e-9
#: Seconds after which one question is given up with an error. A limit that gave another answer would not be repeatable.
_PATIENCE = 300.0


def _new() -> Any:
    # The public class greets on standard output as soon as it is made; the one below it is silent.
    from highspy._core import _Highs

    highs: Any = _Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "time_limit": _PATIENCE,
        "primal_feasibility_tolerance": _FINE,
        "dual_feasibility_tolerance": _FINE,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    return highs


def _run(highs: Any) -> bool:
    """Solve; whether there is a solution. Raises ArithmeticError when the solver failed: that is no answer."""
    from highspy import HighsModelStatus, HighsStatus

    done = highs.run()
    status = highs.getModelStatus()
    if done != HighsStatus.kError:
        if status == HighsModelStatus.kOptimal:
            return True
        if status in (HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible):
            return False
        if status == HighsModelStatus.kSolutionLimit:  # the nodes allowed are used up, perhaps without a solution
            return math.isfinite(highs.getInfo().objective_function_value)
    raise ArithmeticError(f"the solver stopped with {status}")


@dataclass(frozen=True, slots=True)
class Found:
    """An optimum: the variables' values, their reduced costs, the rows' dual values."""

    values: list[float]
    reduced: list[float]
    duals: list[float]


class Linear:
    """A linear program to maximize; it may be changed and solved again from where it stood."""

    def __init__(self, rows: Sequence[tuple[float, float]]) -> None:
        from numpy import array

        self._array = array
        self._highs = _new()
        from highspy import ObjSense

        self._highs.changeObjectiveSense(ObjSense.kMaximize)
        for lower, upper in rows:
            self._highs.addRow(lower, upper, 0, array([], "int32"), array([], "float64"))
        self.columns = 0

    def column(self, lower: float, upper: float, entries: Mapping[int, float], cost: float = 0) -> int:
        """Add a variable: its limits and its entries by row. Its number."""
        array = self._array
        self._highs.addCol(cost, lower, upper, len(entries), array(list(entries), "int32"), array(list(entries.values()), "float64"))
        self.columns += 1
        return self.columns - 1

    def limit(self, column: int, lower: float, upper: float) -> None:
        """Other limits for a variable."""
        self._highs.changeColBounds(column, lower, upper)

    def cost(self, column: int, cost: float) -> None:
        """Another cost for a variable."""
        self._highs.changeColCost(column, cost)

    def row(self, row: int, lower: float, upper: float) -> None:
        """Other limits for a row."""
        self._highs.changeRowBounds(row, lower, upper)

    def entry(self, row: int, column: int, value: float) -> None:
        """Another entry."""
        self._highs.changeCoeff(row, column, value)

    def solve(self) -> Found | None:
        """The optimum; None when there is none."""
        if not _run(self._highs):
            return None
        solution = self._highs.getSolution()
        return Found(list(solution.col_value), list(solution.col_dual), list(solution.row_dual))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A variable of a program in whole numbers: limits, what it is worth, whether it must be whole."""

    lower: float
    upper: float
    worth: float = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a program in whole numbers: entries by variable, limits."""

    entries: Mapping[int, float]
    lower: float
    upper: float


def whole(unknowns: Sequence[Unknown], lines: Sequence[Line], *, gap: float = 0, nodes: int | None = None) -> list[float] | None:
    """The values of greatest worth, those that must be whole rounded; None when none were found.

    gap: the share of the worth that may be missed; nodes: how far to search at most.
    """
    if any(one.lower > one.upper for one in unknowns) or any(line.lower > line.upper for line in lines):
        return None
    from highspy import HighsLp, HighsVarType, MatrixFormat, ObjSense
    from numpy import array, cumsum

    program = HighsLp()
    program.num_col_, program.num_row_ = len(unknowns), len(lines)
    program.sense_ = ObjSense.kMaximize
    program.col_cost_ = array([one.worth for one in unknowns], "float64")
    program.col_lower_ = array([one.lower for one in unknowns], "float64")
    program.col_upper_ = array([one.upper for one in unknowns], "float64")
    program.row_lower_ = array([line.lower for line in lines], "float64")
    program.row_upper_ = array([line.upper for line in lines], "float64")
    matrix = program.a_matrix_
    matrix.format_ = MatrixFormat.kRowwise
    matrix.start_ = array([0, *cumsum([len(line.entries) for line in lines])], "int32")
    matrix.index_ = array([column for line in lines for column in line.entries], "int32")
    matrix.value_ = array([value for line in lines for value in line.entries.values()], "float64")
    program.integrality_ = [HighsVarType.kInteger if one.whole else HighsVarType.kContinuous for one in unknowns]
    highs = _new()
    highs.passModel(program)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", _FINE)
    if nodes is not None:
        highs.setOptionValue("mip_max_nodes", nodes)
    if not _run(highs):
        return None
    values = highs.getSolution().col_value
    return [round(value) if one.whole else value for one, value in zip(unknowns, values, strict=True)]


class Sparse:
    """A matrix of ones, kept by column: `rows` are the columns of each row."""

    def __init__(self, rows: Sequence[Sequence[int]], columns: int) -> None:
        import numpy as np

        self._np = np
        self.height = len(rows)
        column = np.array([place for row in rows for place in row], "int64")
        row = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
        order = np.argsort(column, kind="stable")
        self._rows = row[order]
        self._start = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=columns))]).astype("int64")

    def of(self, columns: Any) -> tuple[Any, Any, Any]:
        """Of some columns: where each starts, the rows one after another, and how many each has."""
        length = self._start[columns + 1] - self._start[columns]
        start = self._np.concatenate([[0], self._np.cumsum(length)])
        places = self._np.repeat(self._start[columns] - start[:-1], length) + self._np.arange(start[-1])
        return start, self._rows[places], length

    def activity(self, columns: Any, values: Any) -> Any:
        """What each row counts when the columns have the values; whole numbers stay whole."""
        _start, rows, length = self.of(columns)
        found = self._np.zeros(self.height, values.dtype)
        self._np.add.at(found, rows, self._np.repeat(values, length))
        return found


@dataclass(frozen=True, slots=True)
class Box:
    """A program over some columns of a sparse matrix: limits of the columns, limits of the rows, worth of the columns (all arrays)."""

    matrix: Sparse
    columns: Any
    lower: Any
    upper: Any
    least: Any
    most: Any
    worth: Any


def inside(box: Box, *, whole: bool, gap: float = 0, middle: bool = False) -> Any | None:
    """The columns' values of greatest worth, or None. whole: all must be whole numbers; gap: the share of the worth that may be missed;
    middle: any values far from every limit instead of a corner, worth aside."""
    import numpy as np
    from highspy import HighsLp, HighsVarType, MatrixFormat, ObjSense

    start, rows, _length = box.matrix.of(box.columns)
    used = np.unique(rows)
    empty = np.ones(box.matrix.height, bool)
    empty[used] = False
    if (box.lower > box.upper).any() or (box.least > box.most).any() or (box.least[empty] > 0).any() or (box.most[empty] < 0).any():
        return None
    place = np.zeros(box.matrix.height, "int64")
    place[used] = np.arange(len(used))
    program = HighsLp()
    program.num_col_, program.num_row_, program.sense_ = len(box.columns), len(used), ObjSense.kMaximize
    program.col_cost_, program.col_lower_, program.col_upper_ = (one.astype("float64") for one in (box.worth, box.lower, box.upper))
    program.row_lower_, program.row_upper_ = box.least[used].astype("float64"), box.most[used].astype("float64")
    matrix = program.a_matrix_
    matrix.format_ = MatrixFormat.kColwise
    matrix.start_, matrix.index_ = start.astype("int32"), place[rows].astype("int32")
    matrix.value_ = np.ones(len(rows))
    if whole:
        # A corner of the plain program is nearly always whole already, and much sooner found.
        corner = _solved(program, gap)
        if corner is None:
            return None
        settled = abs(corner - corner.round()) < TOLERANCE * 10
        if settled.all():
            return corner.round().astype("int64")
        program.integrality_ = [HighsVarType.kInteger] * len(box.columns)
        if gap >= 1:  # any answer will do: most often one that differs from the corner only where that is broken
            program.col_lower_ = np.where(settled, corner.round(), box.lower).astype("float64")
            program.col_upper_ = np.where(settled, corner.round(), box.upper).astype("float64")
            near = _solved(program, gap)
            if near is not None:
                return near.round().astype("int64")
            program.col_lower_, program.col_upper_ = box.lower.astype("float64"), box.upper.astype("float64")
    values = _solved(program, gap, middle=middle)
    return values.round().astype("int64") if whole and values is not None else values


def _solved(program: Any, gap: float, *, middle: bool = False) -> Any | None:
    from numpy import array

    highs = _new()
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", _FINE)
    if middle:
        highs.setOptionValue("solver", "ipm")
        highs.setOptionValue("run_crossover", "off")
    highs.passModel(program)
    return array(highs.getSolution().col_value) if _run(highs) else None
