"""How long the expert library takes: the list and its filters, one expert's page, an export and an import, at 1 and at 2 000 experts.

Run by hand: .venv/bin/python bench/library.py [EXPERTS]. Prints milliseconds of processor time (the best of several runs, the whole
request included) and queries.
"""

import os
import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXPERTS, IMPORTED, RUNS = 2000, 300, 7
PAGES = (
    ("list", ""), ("list, 200 a page", "?size=200"), ("search by word", "?q=研究院 教授"), ("section C", "?industry=C"),
    ("division, main only", "?industry=26&main=1"), ("category, leaders", "?category=organization&leader=1"),
    ("free in a period", "?free_from=2026-03-01&free_until=2026-03-20"), ("can be drawn today", "?status=fit"), ("last page", "?page=999"),
)  # fmt: skip


def best(call: Any) -> float:
    """The shortest of several runs in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = process_time()
        call()
        times.append(process_time() - start)
    return min(times) * 1000


def fill(count: int, start: int) -> None:
    """Experts with all that a record holds, by bulk."""
    from zhiheng.foundation import clock, industries
    from zhiheng.foundation.people.models import Person
    from zhiheng.stages.panel.models import Absence, Expert

    divisions, today = list(industries.divisions()), clock.today()
    people = Person.objects.bulk_create(Person(name=f"专家{n}", id_mask="130100**********11") for n in range(start, count))
    rows = []
    for n, person in enumerate(people, start):
        known = sorted({divisions[n % 97], divisions[(n * 7 + 3) % 97], divisions[(n * 13 + 5) % 97]})
        rows.append(
            Expert(
                code=f"ZJ{n:05d}", person=person, title=("教授", "高级工程师")[n % 2], employer=f"河北第{n % 700}研究院", industries=known,
                main_industries=known[:1], categories=["organization", "front_line"][: 1 + n % 2], city=("石家庄市", "唐山市")[n % 2],
                leader=n % 3 == 0, status="active", approved_on=today,
            )
        )  # fmt: skip
    experts = Expert.objects.bulk_create(rows)
    away = (Absence(expert=e, from_on=today, until_on=today + timedelta(days=9)) for e in experts[::9])
    Absence.objects.bulk_create(away)


def main(count: int) -> int:
    """Builds the library and asks for its pages."""
    with tempfile.TemporaryDirectory() as scratch:
        sys.path.insert(0, str(ROOT))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ZHIHENG_DATABASE_URL": f"sqlite:///{scratch}/bench.sqlite3",
            "ZHIHENG_VAR": f"{scratch}/var",
            "ZHIHENG_LOG_LEVEL": "ERROR",
            "ZHIHENG_DEBUG": "1",  # static files by their plain names; queries are not kept, see below
        }
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        from tests.faces.seating import seated
        from tests.stages.playing import begun
        from zhiheng.foundation.packs.services import store
        from zhiheng.process.imports import expert_run
        from zhiheng.stages.panel.models import Expert

        settings.DEBUG = False
        call_command("migrate", verbosity=0)
        world = begun(orgs=1, persons=0, members=1)
        store(world.pack)
        client = seated(world.people["office"], SERVER_NAME="127.0.0.1")
        print(f"{'experts':>8} {'page':<24} {'ms':>8} {'queries':>8} {'found':>6}")
        done, asked = 0, list[str]()

        def count_one(execute: Any, sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        for size in (1, count):
            fill(size, done)
            done = size
            for title, query in PAGES:
                asked.clear()
                with connection.execute_wrapper(count_one):
                    answer = client.get(f"/desk/experts/{query}")
                found = (re.search(r"共 (\d+) 名", answer.content.decode()) or [0, "0"])[1]
                ms = best(lambda query=query: client.get(f"/desk/experts/{query}"))
                print(f"{size:>8} {title:<24} {ms:>8.1f} {len(asked):>8} {found:>6}")
            print(f"{size:>8} {'one expert':<24} {best(lambda: client.get('/desk/experts/ZJ00000/')):>8.1f}")
            start = perf_counter()
            sheet = client.post("/desk/library/export/").content
            print(f"{size:>8} {'export':<24} {(perf_counter() - start) * 1000:>8.0f} {'':>8} {len(sheet) // 1024:>5}K")
        _import(world, Expert, expert_run)
    return 0


def _import(world: Any, model: Any, run: Any) -> None:
    """Three hundred rows that each correct somebody, through the acts."""
    from zhiheng.foundation.documents.records import Record
    from zhiheng.process.imports.experts import ExpertRow
    from zhiheng.stages.panel import profile

    rows = []
    for number, expert in enumerate(model.objects.select_related("person").order_by("code")[:IMPORTED], 2):
        values = profile.held(expert) | {"title": "研究员"}
        cells = dict.fromkeys(profile.TITLES.values(), "")
        rows.append(ExpertRow(Record("专家", number, cells), expert.code, expert.person.name, "", "", "", values, ()))
    start = perf_counter()
    assert run.import_experts(world.people["office"], rows) == []
    print(f"import of {len(rows)} rows, each an act on record: {perf_counter() - start:.2f} s")


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else EXPERTS))
