"""Objects of a small public site: a finished cycle (2024) with a revoked winner and a running one (2026). All names are fictional.

Used by the tests of the public pages and, in a process of its own, by the browser journey.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle, DemoClock
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.packs.services import load_calendar_files, store
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.foundation.publicity import services as publicity
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.lifecycle import EntryStatus, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.commendation.models import Certificate

ROOT = Path(__file__).resolve().parents[3]
_VERSION = re.findall(r'^version: "(.+)"$', (ROOT / "rulepacks/hebei-2022/pack.yaml").read_text(encoding="utf-8"), re.MULTILINE)[0]
#: Where the Hebei pack is read in its own version.
RULES = f"/rules/hebei-2022/{_VERSION}/"
#: A Tuesday inside the shortlist's publicity period.
NOW = clock.at(date(2026, 9, 15), 10, 30)

CITIES = ("石家庄市", "唐山市", "秦皇岛市", "邯郸市", "邢台市", "保定市", "张家口市", "承德市", "沧州市", "廊坊市", "衡水市")
FIRST = ("云岭", "长河", "北辰", "晨光", "滦海", "燕平", "太岳", "白洋", "冀原", "渤蓝", "紫塞", "磁州", "赵桥", "沽源", "柏坡")
TRADES = (
    "精密制造有限公司",
    "钢铁集团有限公司",
    "生物制药股份有限公司",
    "建工集团有限公司",
    "食品有限公司",
    "第二医院",
    "新能源科技有限公司",
)
FAMILY = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴")
GIVEN = ("建国", "秀兰", "志强", "海燕", "立新", "桂英", "文博", "晓峰", "雨辰", "振华")
MERITS = (
    "建立覆盖研发、采购、生产、服务全过程的质量管理体系，推行首席质量官制度，主导或者参与制修订国家标准 6 项、行业标准 11 项；"
    "近三年产品一次交验合格率由 98.2% 提高到 99.6%，顾客满意度连续五年居同行业前列；创建的“三级预防、四方联动”质量管理模式在省内 40 余家企业推广应用。"
)


@dataclass
class World:
    """What was made, for tests to hold on to."""

    pack: PackVersion
    office: Unit
    old: Cycle
    now: Cycle
    notices: dict[str, Notice]


#: Reading a pack's files takes longer than a whole test.
_loaded = cache(load_pack)


def rules(directory: str = "rulepacks/hebei-2022") -> PackVersion:
    """A pack of the repository, stored."""
    return store(_loaded(ROOT / directory))


def cycle(code: str, pack: PackVersion, stage: Stage, *, called: datetime | None) -> Cycle:
    """A cycle; called: when its call was issued, None while it is being planned."""
    return Cycle.objects.create(
        code=code,
        year=int(code[:4]),
        title=f"{code[:4]}年度河北省政府质量奖",
        pack=pack,
        pinned_at=called,
        stage=stage.value,
        opens_on=called.date() if called else None,
        deadline=called + timedelta(days=45) if called else None,
    )


def item(code: str, name: str, **more: Any) -> dict[str, Any]:
    """An entry as a notice names it."""
    return {"code": code, "name": name, **more}


def notice(
    of: Cycle,
    unit: Unit,
    kind: str,
    posted: datetime,
    items: Sequence[dict[str, Any]] = (),
    *,
    days: int = 0,
    closed: bool = False,
    words: dict[str, object] | None = None,
    **fields: Any,
) -> Notice:
    """A notice posted by the publicity service at `posted`; `days` gives it a clock, `closed` ends it on the day after its last.
    fields: what shall differ from what the service wrote."""
    with clock.travel(posted):
        made = publicity.post(of, unit, kind, items=items, words=words, timed=bool(days), days=days).value
    assert made is not None
    if closed and made.ends_on:
        fields["closed_at"] = clock.at(made.ends_on + timedelta(days=1))
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made


def entry(of: Cycle, code: str, name: str, status: EntryStatus, **fields: Any) -> Entry:
    """An entry in the database, whether or not anything was published of it."""
    person = Person.objects.create(name="填报人")
    kind = "person" if "-G-" in code else "organization"
    party = Party.objects.create(identity=f"test:{code}", kind=kind, name=name)
    unit, _ = Unit.objects.get_or_create(code="R1", defaults={"kind": "recommender", "name": "石家庄市市场监督管理局"})
    award = "individual" if kind == "person" else "organization"
    values = {"category": "front_line" if kind == "person" else "organization", **fields}
    return Entry.objects.create(
        code=code, cycle=of, party=party, owner=person, recommender=unit, award=award, name=name, status=status.value, **values
    )


def organizations(cycle_code: str, number: int, first: int = 1) -> list[dict[str, Any]]:
    """Items of organizations, numbered from `first`."""
    found = []
    for n in range(number):
        city = CITIES[n % len(CITIES)]
        name = f"{city[:-1]}{FIRST[n % len(FIRST)]}{TRADES[n % len(TRADES)]}"
        more = {"award": "组织奖", "category": "组织", "city": city, "recommender": f"{city}市场监督管理局"}
        found.append(item(f"{cycle_code}-Z-{n + first:04d}", name, **more))
    return found


def persons(cycle_code: str, number: int, first: int = 1) -> list[dict[str, Any]]:
    """Items of persons with their employers, numbered from `first`."""
    found = []
    for n in range(number):
        city = CITIES[(3 * n) % len(CITIES)]
        more = {"award": "个人奖", "category": ("一线工作人员", "中层管理者", "高层领导者")[n % 3], "city": city}
        employer = f"{city[:-1]}{FIRST[(2 * n) % len(FIRST)]}{TRADES[(n + 2) % len(TRADES)]}"
        name = FAMILY[n % len(FAMILY)] + GIVEN[(3 * n) % len(GIVEN)]
        found.append(item(f"{cycle_code}-G-{n + first:04d}", name, unit=employer, recommender=f"{city}市场监督管理局", **more))
    return found


def with_merits(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same items with their achievements."""
    return [{**one, "achievements": MERITS} for one in items]


def world() -> World:
    """Both cycles with their notices, winners and certificates, and the demo clock at NOW."""
    load_calendar_files(ROOT / "rulepacks/calendars")
    pack = rules()
    office = Unit.objects.create(code="office", kind="office", name="河北省政府质量奖评审委员会办公室")
    cities = {city: Unit.objects.create(code=f"u{n}", kind="recommender", name=f"{city}市场监督管理局") for n, city in enumerate(CITIES)}
    DemoClock.objects.create(now=NOW)
    made: dict[str, Notice] = {}

    old = cycle("2024", pack, Stage.SUPERVISION, called=clock.at(date(2024, 3, 4)))
    all_old = organizations("2024", 12) + persons("2024", 5)
    won = all_old[:4] + all_old[12:14]
    deadline = {"deadline": "2024年4月18日17:00"}
    notice(old, office, "call_announcement", clock.at(date(2024, 3, 4)), words=deadline)
    notice(old, office, "accepted_list", clock.at(date(2024, 5, 13)), all_old, days=5, closed=True)
    notice(old, office, "shortlist_publicity", clock.at(date(2024, 7, 15)), with_merits(all_old[:8] + all_old[12:15]), days=5, closed=True)
    notice(old, office, "proposed_winners", clock.at(date(2024, 11, 4)), won, days=5, closed=True)
    counts = {"counts": "4家组织、2名个人", "organization_prize": "500000", "individual_prize": "20000"}
    made["commendation"] = notice(old, office, "commendation", clock.at(date(2024, 12, 10)), won, words=counts)
    for n, one in enumerate(won):
        row = entry(old, one["code"], one["name"], EntryStatus.AWARDED)
        Certificate.objects.create(number=f"HBZLJ-2024-{n + 1:03d}", entry=row, cycle=old, issued_on=date(2024, 12, 20))
    lost = won[1]
    Certificate.objects.filter(entry__code=lost["code"]).update(revoked_on=date(2026, 3, 20))
    Entry.objects.filter(code=lost["code"]).update(status=EntryStatus.REVOKED.value)
    words = {"applicant": lost["name"], "awarded_on": date(2024, 12, 10), "award": "组织奖", "number": "HBZLJ-2024-002", "amount": "500000"}
    words |= {"reasons": "2026年1月发生重大质量事故，经有关部门核实属实。", "citation": "七（三）", "ban": ""}
    made["revocation"] = notice(old, office, "revocation_notice", clock.at(date(2026, 3, 20)), [lost], words=words)

    now = cycle("2026", pack, Stage.SHORTLIST, called=clock.at(date(2026, 4, 13)))
    applied = organizations("2026", 40) + persons("2026", 16)
    made["call"] = notice(now, office, "call_announcement", clock.at(date(2026, 4, 13)), words={"deadline": "2026年5月28日17:00"})
    for n, (city, unit) in enumerate(cities.items()):
        mine = [one for one in applied if one["city"] == city]
        notice(now, unit, "city_publicity", clock.at(date(2026, 6, 8 + n % 4)), mine, days=5, closed=True)
    made["accepted"] = notice(now, office, "accepted_list", clock.at(date(2026, 7, 13)), applied[2:], days=5, closed=True)
    chosen = with_merits(applied[4:18] + applied[40:47])
    made["shortlist"] = notice(now, office, "shortlist_publicity", clock.at(date(2026, 9, 11), 15, 5), chosen, days=5)
    for one in applied:
        entry(now, one["code"], one["name"], EntryStatus.REVIEWED)
    return World(pack, office, old, now, made)
