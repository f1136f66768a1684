"""`manage.py law`: shows docs/law.md as it should be; `--write` writes it."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from zhiheng.process import law


class Command(BaseCommand):
    """Generate the table of duties, acts, rules and tests."""

    help = "Generate docs/law.md from the act register, the source and the tests"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--write`: into the file instead of to standard output."""
        parser.add_argument("--write", action="store_true", help="write docs/law.md")

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 - Django's signature
        """Write or show."""
        if options["write"]:
            changed = law.write()
            self.stdout.write(f"{law.TARGET}: {'written' if changed else 'up to date'}")
        else:
            self.stdout.write(law.render(), ending="")
