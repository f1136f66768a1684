"""Database triggers that refuse UPDATE and DELETE on append-only tables, for SQLite and PostgreSQL (L3, T15)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "append-only: this table takes no UPDATE or DELETE"
Keys = Sequence[Sequence[str]]
#: The journal's table and the columns that are unique in it.
JOURNAL = "journal_journalentry"
JOURNAL_KEYS: Keys = (("id",), ("chain", "seq"), ("request_id",))


def statements(vendor: str, table: str, keys: Keys) -> list[str]:
    """The SQL that makes `table` append-only; keys: its unique columns. Raises ValueError on another database than the two supported."""
    if vendor == "sqlite":
        abort = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        # INSERT OR REPLACE deletes the row in its way without asking the trigger of DELETE.
        taken = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
        return [
            *(f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {abort}" for event in ("UPDATE", "DELETE")),
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) {abort}",  # noqa: S608 - our own names
        ]
    if vendor == "postgresql":
        raising = f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        refuse = "EXECUTE FUNCTION zhiheng_append_only()"
        return [
            f"CREATE OR REPLACE FUNCTION zhiheng_append_only() RETURNS trigger LANGUAGE plpgsql AS {raising}",
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    raise ValueError(f"no append-only triggers for {vendor}")


def drops(vendor: str, table: str) -> list[str]:
    """The SQL that takes the triggers away (a migration backwards, and the emptying of a test database)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{event}" for event in ("update", "delete", "replace")]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{event} ON {table}" for event in ("change", "truncate")]


def protect(editor: BaseDatabaseSchemaEditor, table: str, keys: Keys) -> None:
    """Run `statements` on a migration's connection."""
    for sql in statements(editor.connection.vendor, table, keys):
        editor.execute(sql)


def unprotect(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Run `drops` on a migration's connection."""
    for sql in drops(editor.connection.vendor, table):
        editor.execute(sql)
