"""Questions that almost every request asks: the ORM writes their SQL once, later only the values change (decision 0025)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Single = int | str | datetime
Value = Single | tuple[int, ...] | tuple[str, ...]
MOST = 64  # shapes of one question
LARGE = 1_900_000_000  # stands for a number while the SQL is written: it fits every key, and no query of ours has it in itself


class Question(Generic[Row]):
    """A query of one fixed shape, e.g. ``Question(lambda code: Unit.objects.filter(code=code))``.

    `rows` builds it with the ORM from its values – whole numbers, texts, moments, tuples of numbers or texts – and must not look at
    them. Called with values it gives the rows, read from the database at every call: nothing but the statement's text is remembered,
    one for each length of the tuples.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Row]]) -> None:
        self._rows = rows
        self._written: dict[Any, _Written] = {}

    def __call__(self, *values: Value) -> list[Row]:
        """All rows, as the query set that `rows` builds from the values would give them. Raises ValueError for a value that the SQL does
        not carry as it is, TransactionManagementError where rows are to be locked outside a transaction."""
        connection = transaction.get_connection()
        shape = (connection.vendor, *(len(value) for value in values if isinstance(value, tuple)))
        written = self._written.get(shape)
        if written is None:
            if len(self._written) >= MOST:
                self._written.clear()
            try:
                written = self._written[shape] = _write(self._rows, values, connection)
            except EmptyResultSet:  # an empty tuple: no row is in it
                return []
        return list(written.ask(connection, values))

    def first(self, *values: Value) -> Row | None:
        """The first row, or None."""
        found = self(*values)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class _Written:
    """A query set with its compiler as it is after the SQL was written, and which value stands at which place."""

    rows: QuerySet[Any, Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]

    def ask(self, connection: Any, values: tuple[Value, ...]) -> Iterator[Any]:
        if self.compiler.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("rows are locked inside a transaction")
        params, given = list(self.params), _adapted(connection, values)
        for place, number in self.places:
            params[place] = given[number]
        compiler, query = copy.copy(self.compiler), copy.copy(self.rows.query)
        compiler.connection, compiler.as_sql = connection, lambda: (self.sql, tuple(params))
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        found: QuerySet[Any, Any] = QuerySet(self.rows.model, query, connection.alias)
        found._fields = self.rows._fields  # type: ignore[attr-defined]
        rows: Any = self.rows._iterable_class(found)  # noqa: SLF001 - what QuerySet itself asks for its rows
        return iter(rows)


def _write(build: Callable[..., QuerySet[Any, Any]], values: tuple[Value, ...], connection: Any) -> _Written:
    """Writes the SQL with a stand-in for each value and finds where it went."""
    numbers = count()
    stands = [tuple(_stand(numbers, one) for one in value) if isinstance(value, tuple) else _stand(numbers, value) for value in values]
    rows = build(*stands).using(connection.alias)
    compiler = rows.query.get_compiler(connection.alias)
    sql, params = compiler.as_sql()
    known = {stand: number for number, stand in enumerate(_adapted(connection, stands))}
    places = tuple((place, known[param]) for place, param in enumerate(params) if isinstance(param, Single) and param in known)
    if {number for _, number in places} != set(range(len(known))):
        raise ValueError(f"a value is changed on its way into: {sql}")
    return _Written(rows, compiler, sql, tuple(params), places)


def _stand(numbers: Iterator[int], value: Single) -> Single:
    number = next(numbers)
    if isinstance(value, str):
        return f"\x02{number}\x03"
    return datetime(9000 + number, 1, 1, tzinfo=UTC) if isinstance(value, datetime) else LARGE + number


def _adapted(connection: Any, values: Iterable[Any]) -> list[Any]:
    """The values as the database's driver takes them, those of tuples one after another."""
    moment = connection.ops.adapt_datetimefield_value
    found: list[Any] = []
    for value in values:
        if isinstance(value, tuple):
            found += value
        else:
            found.append(moment(value) if isinstance(value, datetime) else value)
    return found
