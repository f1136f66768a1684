"""`zhiheng admin`: the first administrator gets an account, once, and nothing is left of a try that failed."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GIVEN = ("--name", "周管理", "--username", "Zhou", "--email", "zhou@example.org")
PASSWORD = "correct-Horse-Battery-77"


@pytest.fixture
def env(tmp_path: Path, installed: Path) -> dict[str, str]:
    """An empty installation."""
    shutil.copy(installed / "zhiheng.sqlite3", tmp_path / "empty.sqlite3")
    return {"ZHIHENG_DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3", "DJANGO_SETTINGS_MODULE": "config.settings"}


def rows(env: dict[str, str], question: str) -> list[Any]:
    with sqlite3.connect(env["ZHIHENG_DATABASE_URL"].removeprefix("sqlite:///")) as db:
        return db.execute(question).fetchall()


def test_the_first_administrator_is_opened_once(command: Callable[..., Any], env: dict[str, str]) -> None:
    weak = command("admin", *GIVEN, "--password", "short1", env=env)
    assert (weak.code, "密码太短" in weak.err) == (1, True)
    assert rows(env, "select * from people_person") == []
    done = command("admin", *GIVEN, "--password", PASSWORD, env=env)
    assert (done.code, done.out.strip()) == (0, "系统管理员“周管理”已开通，请以用户名 zhou 登录，并启用二次验证")
    assert rows(env, "select username, email from people_account") == [("zhou", "zhou@example.org")]
    assert rows(env, "select role from people_rolegrant") == [("admin",)]
    again = command("admin", "--name", "吴", "--username", "wu", "--password", PASSWORD, env=env)
    assert (again.code, "系统管理员已存在" in again.err) == (1, True)
    assert rows(env, "select count(*) from people_account") == [(1,)]
