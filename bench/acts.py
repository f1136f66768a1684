"""Acts a second with their journal entries, on SQLite as a server runs it (WAL, synchronous NORMAL), one process.

Run by hand: .venv/bin/python bench/acts.py [ACTS]. Prints a table; the exit code is 1 below the goal.
"""

import os
import sys
import tempfile
from datetime import date, timedelta
from time import perf_counter

GOAL = 200  # acts a second
ACTS = 2000


def main(acts: int) -> int:
    """Opens drafts, saves forms, declares: each call one act with its journal entry. Returns the exit code."""
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ZHIHENG_DATABASE_URL": f"sqlite:///{scratch}/bench.sqlite3",
            "ZHIHENG_MEDIA": f"{scratch}/files",
        }
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        from zhiheng.foundation import entropy
        from zhiheng.foundation.journal.models import JournalEntry
        from zhiheng.foundation.packs.loader import load_pack
        from zhiheng.process.register import application
        from zhiheng.simulation import applying, play
        from zhiheng.simulation.world import workday

        call_command("migrate", verbosity=0)
        with entropy.seeded("bench") as rng:
            players = play.players(rng, 20, 1, 10, 2024, 3)
            world = play.begin(load_pack(settings.RULEPACKS_DIR / "hebei-2022"), players, rng)
            cycle = applying.issue_call(world, 2024)
            world.today(workday(date(2024, 3, 20) + timedelta(days=1)))
            drafts = []
            for number, who in enumerate(players.organizations):
                owner = applying.register(world, who.contact, f"bench-{number}", who.name)
                drafts.append((owner, applying.open_draft(world, cycle, who, owner), applying.form_of(who)))
            before = JournalEntry.objects.count()
            start = perf_counter()
            for number in range(acts):
                owner, entry, form = drafts[number % len(drafts)]
                application.save(owner, entry, form=form, revision=number // len(drafts))
            seconds = perf_counter() - start
            written = JournalEntry.objects.count() - before
    rate = acts / seconds
    print(f"{'acts':>8} {'journal entries':>16} {'seconds':>9} {'acts/s':>8}   goal {GOAL}")
    print(f"{acts:>8} {written:>16} {seconds:>9.2f} {rate:>8.0f}")
    return 0 if rate >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ACTS))
