"""`zhiheng`: the command line that others script. Exit code 0 only when all is well; `--json` for machines."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import typer

from zhiheng.faces.cli import admin, demo, dossier, draw, imports, journal, pack, rank, simulate

app = typer.Typer(help="质衡：政府质量奖评审平台", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("admin")(admin.admin)
app.add_typer(pack.app, name="pack")
app.add_typer(demo.app, name="demo")
app.add_typer(dossier.app, name="dossier")
app.add_typer(journal.app, name="journal")
app.add_typer(imports.app, name="import")
app.command("simulate")(simulate.simulate)
app.add_typer(draw.app, name="draw")
app.add_typer(rank.app)


def run() -> None:
    """The entry point."""
    app()
