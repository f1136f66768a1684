"""`zhiheng pack check`, `demo load`, `journal verify`: exit codes, messages, JSON."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PACKS = Path(__file__).resolve().parents[2] / "rulepacks"


def test_pack_check_names_file_and_line(command: Callable[..., Any], tmp_path: Path) -> None:
    good = command("pack", "check", PACKS / "hebei-2022", "--json")
    assert (good.code, good.json["ok"]) == (0, True)
    broken = tmp_path / "hebei-2022"
    shutil.copytree(PACKS / "hebei-2022", broken)
    path = broken / "parameters.yaml"
    lines = path.read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("publicity_days"))
    path.write_text("\n".join([*lines[:place], "surplus_key: 1", *lines[place:]]))
    bad = command("pack", "check", broken)
    assert bad.code == 1
    assert f"parameters.yaml:{place + 1}" in bad.err
    assert command("pack", "check", broken, "--json").json["faults"][0]["line"] == place + 1


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, installed: Path, command: Callable[..., Any]) -> tuple[dict[str, str], Path]:
    """A database with the demo loaded, and how to reach it."""
    home = tmp_path_factory.mktemp("demo")
    env = {
        "ZHIHENG_DATABASE_URL": f"sqlite:///{home}/demo.sqlite3",
        "ZHIHENG_MEDIA": f"{home}/files",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    shutil.copy(installed / "zhiheng.sqlite3", home / "demo.sqlite3")
    ran = command("demo", "load", "--json", env=env)
    assert ran.code == 0, ran.err
    assert ran.json["loaded"] is True
    assert [(c["code"], c["stage"]) for c in ran.json["cycles"]] == [("2024", "监督管理"), ("2026", "材料评审")]
    return env, home


def test_demo_is_loaded_once(demo: tuple[dict[str, str], Path], command: Callable[..., Any]) -> None:
    env, home = demo
    again = command("demo", "load", "--json", env=env)
    assert (again.code, again.json["loaded"]) == (0, False)
    with sqlite3.connect(home / "demo.sqlite3") as db:
        entries = dict(db.execute("select cycle_id, count(*) from application_entry where status <> 'draft' group by cycle_id order by 1"))
        assert list(entries.values()) == [20, 56]
        assert db.execute("select count(*) from panel_expert").fetchone() == (121,)
        assert db.execute("select count(*) from committee_member").fetchone() == (25,)
        assert db.execute("select count(*) from supervision_revisit").fetchone() == (1,)
        assert db.execute("select count(*) from supervision_changereport").fetchone() == (1,)
        assert db.execute("select count(*) from application_entry where status = 'revoked'").fetchone() == (1,)


@pytest.mark.duty("L3")
def test_journal_verify_finds_what_the_databases_owner_changed(
    demo: tuple[dict[str, str], Path], command: Callable[..., Any], tmp_path: Path
) -> None:
    env, home = demo
    whole = command("journal", "verify", "--json", env=env)
    assert (whole.code, whole.json["faults"], whole.json["files"]) == (0, [], [])
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(home / "demo.sqlite3") as source, sqlite3.connect(copy) as target:
        source.backup(target)
        for (name,) in target.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            target.execute(f"drop trigger {name}")
        target.execute(
            'update journal_journalentry set body = replace(body, \'"kind":"act"\', \'"kind":"acT"\') where chain = \'cycle:2024\' and seq = 7'
        )
    found = command("journal", "verify", "--json", env={**env, "ZHIHENG_DATABASE_URL": f"sqlite:///{copy}"})
    assert found.code == 1
    assert found.json["faults"][0] == {"chain": "cycle:2024", "seq": 7, "text": "记录内容与其摘要不符，已被改动"}
