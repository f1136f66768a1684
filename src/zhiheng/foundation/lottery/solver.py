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


class SolverMissing(RuntimeError):
    """The optional extra `draw` is not installed."""


def _new() -> Any:
    try:
        # The public class greets on standard output as soon as it is made; the one below it is silent.
        from highspy._core import _Highs
    except ImportError as error:
        raise SolverMissing("未安装求解器，请先安装可选组件：pip install 'zhiheng[draw]'") from error
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
