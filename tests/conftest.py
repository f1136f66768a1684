"""What every test stands on: private files, a cache of its own, Chromium, and honest skips."""

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django import DjangoDbBlocker

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# No deadline anywhere: two cores are shared, and a slow moment is not a wrong result. CI takes the
# same examples every time; a run by hand looks for new ones.
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.register_profile("hand", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("ci" if CI else "hand")

# The shell without a window is the same engine and takes half the time.
CHROMIUM = next((found for name in ("chromium-headless-shell", "chromium", "chromium-browser") if (found := shutil.which(name))), None)
SOFFICE = shutil.which("soffice")
NEEDS = {
    "browser": (CHROMIUM, "Chromium is not installed (Debian: apt-get install chromium-headless-shell)"),
    "libreoffice": (SOFFICE, "LibreOffice is not installed (Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui)"),
}
SQLITE = "django.db.backends.sqlite3"
#: The tables that take no UPDATE and no DELETE, with their unique columns.
APPEND_ONLY = {
    "journal_journalentry": (("id",), ("chain", "seq"), ("request_id",)),
    "commendation_ledgerline": (("id",),),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what cannot run here, one line per reason; in CI nothing is skipped, it fails."""
    for marker, (program, reason) in NEEDS.items():
        if program is None and item.get_closest_marker(marker):
            if CI:
                pytest.fail(f"{reason}; CI never skips these tests", pytrace=False)
            pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    """Worlds are kept for a whole run: looking through them for garbage again and again finds none.

    Each worker has a database of Redis for itself: the emptying of a cache empties all of one.
    """
    gc.set_threshold(200_000, 50, 100)
    _own_redis(os.environ.get("PYTEST_XDIST_WORKER", ""))
    config.addinivalue_line("markers", "store: asks the database or the cache of the settings; tests/conftest.py sees by itself which do")


def _own_redis(worker: str) -> None:
    from django.conf import settings

    cache = settings.CACHES["default"]
    if worker and cache["BACKEND"].endswith("RedisCache"):
        server, _, number = cache["LOCATION"].rpartition("/")
        cache["LOCATION"] = f"{server}/{int(number or 0) + int(worker.removeprefix('gw'))}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser comes first: it takes longest, and one worker should not wait for another's last journey.

    The command line comes last. Two workers each begin with a half and take from the other's end: so the second plays what the command line
    simulates, once, before it helps the first, and what is left at the end is small.

    What may ask the database gets the mark ``store``, before pytest looks at -m. pytest-django refuses the database to all others.
    Its order, by kind of transaction, is kept within the groups: this hook runs after its own.
    """
    for item in items:
        if _asks_the_database(item):
            item.add_marker("store")
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, "cli" in item.path.parts))


def _asks_the_database(item: pytest.Item) -> bool:
    from django.test import TransactionTestCase

    asking = {"db", "transactional_db", "django_db_setup", "_empty_cache"} & set(getattr(item, "fixturenames", ()))
    of_django = isinstance(item, pytest.Function) and item.cls is not None and issubclass(item.cls, TransactionTestCase)
    return bool(asking) or of_django or item.get_closest_marker("django_db") is not None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names the static checks that failed before pytest began, so that a green summary misleads nobody."""
    failed = os.environ.get("ZHIHENG_FAILED_CHECKS")
    if failed:
        terminalreporter.write_line(f"static checks that FAILED before these tests: {failed}", red=True, bold=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_keepdb: bool,
    tmp_path_factory: pytest.TempPathFactory,
    shared_folder: Path,
) -> None:
    """SQLite as it runs for users: a file with WAL. In memory, threads would share one connection's cache and prove nothing.

    PostgreSQL waits for no disk.
    """
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == SQLITE:
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(file)
        if django_db_keepdb:
            shutil.copy(_tables(shared_folder), file)
    else:  # what a power cut would lose of a test is no loss
        database["OPTIONS"]["options"] += " -c synchronous_commit=off"


@pytest.fixture(scope="session")
def django_db_keepdb(worker_id: str) -> bool:
    """Workers on SQLite find their tables made: a server's own, migrated once for all of them. A run alone makes its own, which is sooner done."""
    from django.conf import settings

    return worker_id.startswith("gw") and settings.DATABASES["default"]["ENGINE"] == SQLITE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """A test with real transactions is followed by an emptying of all tables, which the triggers of append-only tables refuse.
    For that one moment they are taken away; whatever the test did to them, the next test has them again.
    """
    from django.db import connection

    from zhiheng.foundation.journal import triggers

    assert APPEND_ONLY[triggers.JOURNAL] == triggers.JOURNAL_KEYS

    operations = type(connection.ops)
    plainly = operations.execute_sql_flush

    def emptying(self: Any, sql_list: list[str]) -> None:
        # of whichever connection is emptied: beside a browser's event loop Django opens another one for the same thread
        with self.connection.cursor() as cursor:
            for table in APPEND_ONLY:
                for sql in triggers.drops(self.connection.vendor, table):
                    cursor.execute(sql)
        plainly(self, _deletions(self.connection) if self.connection.vendor == "postgresql" else sql_list)
        with self.connection.cursor() as cursor:
            for table, keys in APPEND_ONLY.items():
                for sql in triggers.statements(self.connection.vendor, table, keys):
                    cursor.execute(sql)

    operations.execute_sql_flush = emptying  # type: ignore[method-assign]
    yield
    operations.execute_sql_flush = plainly  # type: ignore[method-assign]


def _deletions(connection: Any) -> list[str]:
    """What empties the tables that are not empty. To truncate them all makes every table's file anew, which takes seconds."""
    quoted = [connection.ops.quote_name(name) for name in connection.introspection.django_table_names(only_existing=True)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in quoted))
        return [f"DELETE FROM {name}" for (name,) in cursor.fetchall()]


@pytest.fixture(autouse=True)
def _private_files(settings: object, tmp_path: Path) -> None:
    """Uploaded files of a test lie in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    settings.OUTBOX_DIR = tmp_path / "outbox"  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _cache_of_this_worker(worker_id: str) -> None:
    """Workers share one Redis server: each takes a numbered database of its own."""
    from django.conf import settings
    from django.core.cache import caches

    address = settings.CACHES["default"].get("LOCATION", "")
    if address.startswith("redis") and worker_id.startswith("gw"):
        base = address.rsplit("/", 1)[0] if address.count("/") > 2 else address
        settings.CACHES["default"]["LOCATION"] = f"{base}/{int(worker_id[2:]) % 15 + 1}"
        vars(caches).pop("settings", None)  # read again with the new address


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of a run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if worker_id.startswith("gw") else base


@pytest.fixture(scope="session", autouse=True)
def _played_worlds(shared_folder: Path) -> None:
    """Where played worlds are kept for the classes that share them."""
    from tests.stages import kept

    kept.folder = shared_folder / "worlds"


@pytest.fixture(scope="session")
def installed(shared_folder: Path) -> Path:
    """What a fresh server finds: an SQLite database with its tables, and the front-end files. To be copied, never served."""

    def make(folder: Path) -> None:
        from tests.journeys.server import manage

        manage(folder, "collectstatic", "--noinput", "--verbosity", "0")
        shutil.copy(_tables(shared_folder), folder)

    return _made_once(shared_folder / "installed", make)


def _tables(shared_folder: Path) -> Path:
    """An SQLite database with its tables and nothing in them. To be copied."""

    def make(folder: Path) -> None:
        from tests.journeys.server import manage

        manage(folder, "migrate", "--noinput", "--verbosity", "0")

    return _made_once(shared_folder / "tables", make) / "zhiheng.sqlite3"


def _made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder that whichever worker comes first makes; the others wait for it."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)  # another worker's that did not succeed
            making.mkdir()
            make(making)
            making.rename(folder)
    return folder


@pytest.fixture
def _empty_cache() -> Iterator[None]:
    """For tests that count on a cache with nothing in it."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """A real Chromium, one a worker. Mark the tests that use it with ``browser``.

    Playwright runs an event loop in this thread, so Django must be told that the database calls
    beside it are meant.
    """
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    options = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
