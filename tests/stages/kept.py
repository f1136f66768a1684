"""Played worlds, kept: what one class of tests has played, the next with the same play takes as it stood – rows, files, people, moment."""

import fcntl
import io
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from zhiheng.foundation.canonical import digest
from zhiheng.rules.pack import Pack

#: Where they are kept, shared by the workers of a run; set by the session's fixture. One folder a world.
folder: Path | None = None

#: Filled by Django after the migrations, before any play.
FILLED = {"django_content_type", "auth_permission", "django_migrations"}
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def key_of(cls: type, root: type) -> str:
    """What the play of a class depends on: the class methods that it uses below `root`, and the constants they read."""
    line = [base for base in cls.__mro__ if issubclass(base, root) and base is not root]
    found: dict[str, str] = {}
    asked = ["play"]
    while asked:
        name = asked.pop()
        owner = next((base for base in line if name in vars(base)), None)
        if name in found or owner is None:
            continue
        value = vars(owner)[name]
        found[name] = f"{owner.__module__}.{owner.__qualname__}" if isinstance(value, classmethod | staticmethod) else repr(value)
        if isinstance(value, classmethod | staticmethod):
            asked += _names(value.__func__.__code__)
    # `super()` reaches what is above: every owner of a play counts, not only the nearest
    found |= {base.__qualname__: "" for base in line if "play" in vars(base)}
    return digest("\n".join(f"{name} {value}" for name, value in sorted(found.items())).encode())[:24]


def _names(code: CodeType) -> list[str]:
    return [*code.co_names, *(name for inner in code.co_consts if isinstance(inner, CodeType) for name in _names(inner))]


@contextmanager
def place_of(key: str) -> Iterator[Path | None]:
    """The folder of a world, held against other workers while it is written or read; None where nothing is kept."""
    if folder is None:
        yield None
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / key


def once(key: str, pack: Pack, files: Path, play: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The objects of a play; only who asks first plays, in an empty database, the others find rows, files and objects as they stood."""
    with place_of(key) as place:
        memory = Memory(place, pack) if place else None
        if memory and memory.place.exists():
            return memory.read(files)
        objects = play()
        if memory:
            memory.write(objects, files)
        return objects


class Memory:
    """The rows, files and objects of a world in one folder. `pack` stays the object it is, however often a world is read."""

    def __init__(self, place: Path, pack: Pack) -> None:
        self.place, self.pack = place, pack

    def write(self, objects: dict[str, Any], files: Path) -> None:
        """Keep what there is now. The tables that migrations fill are no part of it."""
        held = io.BytesIO()
        writer = pickle.Pickler(held)
        writer.persistent_id = lambda one: "pack" if one is self.pack else None  # type: ignore[method-assign]
        writer.dump((_rows(), objects))
        self.place.mkdir()
        if files.exists():
            shutil.copytree(files, self.place / "files")
        (self.place / "world").write_bytes(held.getvalue())

    def read(self, files: Path) -> dict[str, Any]:
        """Put rows and files back into an empty database and folder; the objects."""
        if (self.place / "files").exists():
            shutil.copytree(self.place / "files", files, dirs_exist_ok=True)
        reader = pickle.Unpickler(io.BytesIO((self.place / "world").read_bytes()))
        reader.persistent_load = lambda _name: self.pack  # type: ignore[method-assign]
        rows, objects = reader.load()
        _restore(rows)
        return objects  # type: ignore[no-any-return]


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name not in FILLED]


def _rows() -> Rows:
    found: Rows = {}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {quote(table)}")
            if rows := cursor.fetchall():
                found[table] = ([column[0] for column in cursor.description], [tuple(row) for row in rows])
    return found


def _restore(rows: Rows) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, (columns, lines) in rows.items():
            into = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES ({', '.join(['%s'] * len(columns))})"
            cursor.executemany(into, lines)
        models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in rows]
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)
