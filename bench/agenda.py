"""How long the agenda takes: an expert with 30 open sheets, the office and the agency with 500 entries, at each stage.

Run by hand: .venv/bin/python bench/agenda.py [ENTRIES]. Prints milliseconds (the best of several runs, database included) and queries.
Beside them a loop of plain Python, by which to compare machines.
"""

import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENTRIES = 500
FEW = 40  # entries on the panels of one expert, some of them done
RUNS = 12


def best(call: Any) -> tuple[float, Any]:
    """The shortest of several runs in milliseconds, and what came out."""
    times, value = [], None
    for _ in range(RUNS):
        start = process_time()
        value = call()
        times.append(process_time() - start)
    return min(times) * 1000, value


def main(entries: int) -> int:
    """Builds a crowd at each stage and asks for everybody's agenda."""
    with tempfile.TemporaryDirectory() as scratch:
        sys.path.insert(0, str(ROOT))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ZHIHENG_DATABASE_URL": f"sqlite:///{scratch}/bench.sqlite3",
            "ZHIHENG_MEDIA": f"{scratch}/files",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, transaction
        from django.test.utils import CaptureQueriesContext

        from tests.process.agenda.crowd import Crowd
        from tests.stages.playing import begun
        from zhiheng.foundation import entropy
        from zhiheng.process.agenda import waiting
        from zhiheng.rules.lifecycle import Role, Stage
        from zhiheng.simulation import applying

        call_command("migrate", verbosity=0)
        world = begun(orgs=1, persons=0, members=3)
        with entropy.seeded(51):
            cycle = applying.issue_call(world, 2024)
        print(f"a loop of a million additions: {best(lambda: sum(range(1_000_000)))[0]:.1f} ms")
        print(f"{'stage':<16} {'role':<24} {'ms':>8} {'queries':>8} {'todos':>6}")
        small = [(stage, FEW, [Role.EXPERT]) for stage in (Stage.MATERIAL_REVIEW, Stage.SITE_VISIT)]
        large = [(stage, entries, [role for role in Role if role not in (Role.EXPERT, Role.APPLICANT)]) for stage in world.pack.line]
        for stage, size, asked_for in small + large:
            with transaction.atomic():
                crowd = Crowd(world, cycle, size // 2, stage, beside=3)
                roles = {role: acting for role, acting in crowd.roles().items() if role in asked_for}
                for role, acting in roles.items():
                    milliseconds, found = best(partial(waiting, acting))
                    with CaptureQueriesContext(connection) as asked:
                        waiting(acting)
                    if found:
                        print(f"{stage:<16} {role:<24} {milliseconds:>8.2f} {len(asked):>8} {len(found):>6}")
                transaction.set_rollback(True)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else ENTRIES))
