"""The table of what each role finds at each address of its own things: own.txt, one line an address, one column a role."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.faces.sweep.routes import Route

TABLE = Path(__file__).with_name("own.txt")
NONE = "-"  # the role has nothing of that kind, or no sample is known
Cells = dict[tuple[str, str], str]


def label(route: Route) -> str:
    """An address as the table names it: its name and its parameters."""
    return f"{route.name}({','.join(route.parameters)})" if route.parameters else route.name


def read(text: str) -> Cells:
    """(address, role) → status."""
    head, *lines = (line.split() for line in text.splitlines())
    return {(line[0], role): status for line in lines for role, status in zip(head[1:], line[1:], strict=True)}


def written(cells: Cells) -> str:
    """The table as text; `read` gives the cells back."""
    addresses, roles = list(dict.fromkeys(a for a, _ in cells)), list(dict.fromkeys(r for _, r in cells))
    wide = max(map(len, addresses)) + 2
    lines = [["address", *roles], *([address, *(cells[address, role] for role in roles)] for address in addresses)]
    return "".join(f"{line[0]:<{wide}}{'  '.join(_columns(line[1:], roles))}".rstrip() + "\n" for line in lines)


def differing(found: Cells, table: Cells) -> list[str]:
    """Each cell that is not as the table has it, in words."""
    cells = list(dict.fromkeys([*table, *found]))
    return [
        f"{address} as {role}: {found.get((address, role), 'gone')}, the table says {table.get((address, role), 'nothing')}"
        for address, role in cells
        if found.get((address, role)) != table.get((address, role))
    ]


def _columns(values: Iterable[str], roles: list[str]) -> list[str]:
    return [f"{value:<{len(role)}}" for value, role in zip(values, roles, strict=True)]
