"""`manage.py worker`: sends mail and does what else was queued. `make run` starts it beside the server."""

from __future__ import annotations

import os
import signal

from django.core.management.base import BaseCommand, CommandParser

from zhiheng.process.background.worker import Worker


class Command(BaseCommand):
    """Run the worker."""

    help = "Send mail and do what else was queued, until told to stop"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--with-parent`: end when the process that started this one is gone; `--once`: end when nothing waits."""
        parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one is gone")
        parser.add_argument("--once", action="store_true", help="do what waits now, then end")

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 - Django's signature
        """Run until SIGTERM or SIGINT."""
        parent = os.getppid()
        worker = Worker(alive=(lambda: os.getppid() == parent) if options["with_parent"] else (lambda: True))
        if options["once"]:
            while worker.turn():
                pass
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop())
        worker.run()
