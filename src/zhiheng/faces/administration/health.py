"""How the installation is: what it stands on, what waits, what failed. Measured when the page is asked for; nothing is changed by it."""

from __future__ import annotations

import platform
import shutil
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zhiheng import __version__
from zhiheng.faces.shared.official import moment
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.notifications.models import Delivery, State
from zhiheng.process.background import checks

LATE = timedelta(minutes=2)  # a task that waits longer: nobody works
LITTLE = 1024**3  # bytes
OLD = timedelta(days=2)  # of a check
GOOD, WARN, STOP = "good", "warn", "stop"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at: how it stands (good, warn, stop), in a word, and what is behind it."""

    title: str
    state: str
    word: str
    text: str = ""
    shown: tuple[str, ...] = ()
    check: str = ""  # the check that may be asked for now


def signs() -> list[Sign]:
    """Everything, in the order in which it is looked after."""
    found = pressing()
    return [found[0], migrations(), *found[1:], versions()]


def pressing() -> list[Sign]:
    """What may change from one hour to the next: quick enough for each visit of the home page."""
    return [database(), shared_cache(), queue(), deliveries(), *disks(), integrity("journal"), integrity("files")]


def worst(found: list[Sign]) -> str:
    """The state of the whole."""
    return next((state for state in (STOP, WARN) if any(sign.state == state for sign in found)), GOOD)


def database() -> Sign:
    """Whether the database answers, which it is, how large, how quick."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
        took = (time.perf_counter() - began) * 1000
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            name = f"PostgreSQL {cursor.fetchone()[0]}"
            cursor.execute("SELECT pg_database_size(current_database())")
            size = int(cursor.fetchone()[0])
        else:
            cursor.execute("SELECT sqlite_version()")
            name = f"SQLite {cursor.fetchone()[0]}"
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            size = int(cursor.fetchone()[0])
    text = _("%(name)s，%(size)s，应答 %(took)s 毫秒") % {"name": name, "size": amount(size), "took": f"{took:.1f}"}
    return Sign(_("数据库"), GOOD, _("正常"), text)


def migrations() -> Sign:
    """Whether the tables are those that the program expects."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return Sign(_("数据库结构"), GOOD, _("与程序一致"))
    names = tuple(f"{one.app_label}.{one.name}" for one, _backwards in plan)
    return Sign(_("数据库结构"), STOP, _("有未执行的升级"), _("请运行 manage.py migrate 后重新启动"), names)


def shared_cache() -> Sign:
    """Whether the cache gives back what it was given."""
    token = entropy.token(4)
    kind = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    try:
        cache.set("zhiheng-health", token, 30)
        whole = cache.get("zhiheng-health") == token
    except Exception as error:  # noqa: BLE001 - a cache that is away raises what its driver raises
        return Sign(_("缓存"), STOP, _("无法使用"), f"{kind} {type(error).__name__}")
    return Sign(_("缓存"), GOOD, _("正常"), kind) if whole else Sign(_("缓存"), STOP, _("读写不一致"), kind)


def queue() -> Sign:
    """What waits for the worker, and for how long."""
    title, now = _("后台任务"), clock.real()
    oldest = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    waiting, failed = DBTaskResult.objects.ready().count(), DBTaskResult.objects.failed().count()
    text = ngettext("等待 %(n)s 项", "等待 %(n)s 项", waiting) % {"n": waiting}
    if oldest is not None:
        text += _("，最早的已等待 %(age)s") % {"age": age(now - oldest)}
    if oldest is not None and now - oldest > LATE:
        return Sign(title, STOP, _("无人处理"), text + _("。后台程序可能没有运行，请检查 manage.py worker"))
    if failed:
        return Sign(title, WARN, ngettext("失败 %(n)s 项", "失败 %(n)s 项", failed) % {"n": failed}, text)
    return Sign(title, GOOD, _("正常"), text)


def deliveries() -> Sign:
    """What waits to be sent, and what could not be."""
    title = _("消息投递")
    waiting = Delivery.objects.filter(state__in=(State.WAITING, State.SENDING)).count()
    failed = Delivery.objects.filter(state=State.FAILED).count()
    stuck = Delivery.objects.filter(state=State.WAITING).exclude(error="").order_by("-pk").values_list("error", flat=True).first()
    text = ngettext("待发送 %(n)s 条", "待发送 %(n)s 条", waiting) % {"n": waiting}
    if stuck:
        return Sign(title, STOP, _("暂时无法发出"), f"{text}。{stuck}")
    if failed:
        return Sign(title, WARN, ngettext("失败 %(n)s 条", "失败 %(n)s 条", failed) % {"n": failed}, text)
    return Sign(title, GOOD, _("正常"), text)


def disks() -> list[Sign]:
    """Where there is room: for the data, and for the files where they lie elsewhere."""
    places = {str(device(path)): path for path in (Path(settings.MEDIA_ROOT), Path(settings.VAR_DIR))}
    return [disk(path) for path in places.values()]


def disk(path: Path) -> Sign:
    """The room on one disk."""
    used = shutil.disk_usage(existing(path))
    share = used.free * 100 // used.total
    text = _("可用 %(free)s，共 %(total)s（%(share)s%%）") % {"free": amount(used.free), "total": amount(used.total), "share": share}
    if used.free < LITTLE:
        return Sign(_("磁盘空间"), STOP, _("即将用尽"), text)
    return Sign(_("磁盘空间"), WARN, _("不足一成"), text) if share < 10 else Sign(_("磁盘空间"), GOOD, _("充足"), text)


def existing(path: Path) -> Path:
    """The nearest folder that is there: an empty installation has none of its own yet."""
    while not path.exists():
        path = path.parent
    return path


def device(path: Path) -> int:
    """The number of the disk that a path lies on."""
    return existing(path).stat().st_dev


def integrity(name: str) -> Sign:
    """What the last check found, and when."""
    title = {"journal": _("评审日志核验"), "files": _("文件完整性核验")}[name]
    run = checks.last(name)
    if run is None or run.finished_at is None:
        return Sign(title, WARN, _("尚未核验"), check=name)
    found: dict[str, Any] = run.return_value
    said = {"journal": _("%(chains)s 条日志链，%(entries)s 条记录"), "files": _("%(files)s 个文件")}[name] % found
    text = _("%(said)s；核验于 %(at)s") % {"said": said, "at": moment(run.finished_at)}
    if found["faults"]:
        word = ngettext("发现 %(n)s 处问题", "发现 %(n)s 处问题", found["faults"]) % {"n": found["faults"]}
        return Sign(title, STOP, word, text, tuple(found["shown"]), name)
    if clock.real() - run.finished_at > OLD:
        return Sign(title, WARN, _("超过两日未核验"), text, check=name)
    return Sign(title, GOOD, _("完整无改动"), text, check=name)


def versions() -> Sign:
    """What runs here."""
    text = f"Django {django.get_version()}，Python {platform.python_version()}，{platform.system()}"
    return Sign(_("版本"), GOOD, f"质衡 {__version__}", text)


def failed_tasks() -> list[DBTaskResult[..., Any]]:
    """The tasks that failed, newest first."""
    return list(DBTaskResult.objects.failed().defer("traceback", "args_kwargs").order_by("-finished_at")[:50])


def rerun(pk: str) -> bool:
    """Queue a failed task once more; False when it is not failed (any more)."""
    try:
        rows = DBTaskResult.objects.filter(pk=pk, status=TaskResultStatus.FAILED)
    except ValidationError:
        return False
    return bool(rows.update(status=TaskResultStatus.READY, worker_ids=[], enqueued_at=clock.real(), finished_at=None))


def amount(size: int) -> str:
    """Bytes as people say them."""
    for unit, factor in (("GB", 1024**3), ("MB", 1024**2)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size / 1024:.0f} kB"


def age(span: timedelta) -> str:
    """How long, in the largest unit that fits."""
    seconds = int(span.total_seconds())
    if seconds < 60:
        return _("%(n)s 秒") % {"n": max(seconds, 0)}
    if seconds < 3600:
        return _("%(n)s 分钟") % {"n": seconds // 60}
    return _("%(n)s 小时") % {"n": seconds // 3600} if seconds < 86_400 else _("%(n)s 天") % {"n": seconds // 86_400}
