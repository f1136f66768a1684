"""What the parts of a cycle's page say, and that they ask the database no more for many entries than for one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.office.cycles import NOW, World
from tests.faces.public import data
from tests.faces.seating import text
from zhiheng.foundation import clock
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage

PARTS = (
    "", "board/", "entries/", "entries/?size=500", "entries/?q=机械&sort=status", "entries/?late=1", "entries.xlsx", "figures/", "notices/",
    "calendar/", "calendar/?view=month", "calendar.ics", "files/",
)  # fmt: skip


def objection(notice: Notice, number: str, **more: object) -> Objection:
    fields = {"name": "张三", "contact": "1", "content": "秘密内容", "formal": True, "received_at": clock.now(), **more}
    return Objection.objects.create(number=number, notice=notice, **fields)


def posted(world: World, city: int, number: int = 1, **fields: object) -> Notice:
    items = [data.item(f"2026-Z-{number:04d}", "某公司", award="组织奖")]
    return data.notice(world.cycle, world.cities[city], "city_publicity", clock.at(date(2026, 5, 6)), items, days=5, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", PARTS)
def test_the_queries_do_not_grow(world: World, part: str) -> None:
    client = world.client(Role.OFFICE)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/desk/cycles/2026/{part}").status_code == 200
        return len(captured)

    def more(first: int, number: int) -> None:
        for n in range(first, first + number):
            world.entry(n, EntryStatus.ACCEPTED if n % 2 else EntryStatus.NOT_ACCEPTED)
            notice = posted(world, n % 3, n)
            objection(notice, f"YY{n}")
            objection(posted(world, n % 3, n, closed=True), f"YX{n}", status="dismissed")

    more(1, 1)
    asked()
    one = asked()
    more(10, 65)
    assert asked() == one
    assert one <= 90


def test_the_list_of_cycles_asks_three_questions_more_than_the_frame(world: World) -> None:
    client = world.client(Role.OFFICE)
    world.many(2)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/desk/cycles/").status_code == 200
        return len(captured)

    asked()
    one = asked()
    for year in range(2027, 2040):
        data.cycle(str(year), world.cycle.pack, Stage.SHORTLIST, called=NOW)
    assert asked() == one


def test_the_overview_says_what_presses_and_what_the_stage_waits_for(world: World) -> None:
    world.entry(1)
    world.entry(2, EntryStatus.NOT_RECOMMENDED)
    posted(world, 1)
    page = text(world.get(Role.OFFICE))
    assert "逾期和期满待办 关于2026年度河北省政府质量奖拟推荐名单的公示（唐山市）" in page
    assert "相关机构尚未提交材料评审结果" in page
    assert "申报 2 项" in page
    assert "止步 1 项" in page
    assert page.index("逾期和期满待办") < page.index("评审进程")


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.OFFICE, {"panel.register_expert", "supervision.record_abuse", "calendar.extend"}),
        (Role.AGENCY, {"panel.register_expert"}),
        (Role.INSPECTOR, {"supervision.record_abuse"}),
        (Role.RECOMMENDER, set()),
    ],
)
def test_what_waits_for_nobody_is_offered_too(world: World, role: Role, offered: set[str]) -> None:
    page = world.get(role).content.decode()
    assert set(re.findall(r"/desk/do/([a-z_.]+)/", page)) >= offered
    beside = page.partition("<h3>其他事项</h3>")[2].partition("</ul>")[0]
    assert set(re.findall(r"/desk/do/([a-z_.]+)/", beside)) <= offered


def test_the_stages_say_when_they_began(world: World) -> None:
    begun = (("call.issue", {}, date(2026, 3, 5)), ("cycle.advance", {"to": "recommendation"}, date(2026, 4, 28)))
    for act, payload, on in begun:
        journal.append(
            journal.Record(
                chain=world.cycle.chain, kind="act", act=act, duties=("L1",), articles=("四",), actor="", role="office", unit="",
                subject="cycle:2026", payload=payload, at=clock.at(on),
            )
        )  # fmt: skip
    page = text(world.get(Role.OFFICE))
    assert "2 申报 3月5日起" in page
    assert "3 审核推荐 4月28日起" in page
    assert "6 入围公示 尚未开始" in page


def test_the_office_may_create_a_cycle_and_nobody_else(world: World) -> None:
    assert "建立评审周期" in world.client(Role.OFFICE).get("/desk/cycles/").content.decode()
    for role in (Role.INSPECTOR, Role.AGENCY, Role.CHAIR, Role.RECOMMENDER):
        assert "建立评审周期" not in world.client(role).get("/desk/cycles/").content.decode()


@pytest.fixture
def disputed(world: World) -> World:
    """Two notices whose time is over, one with an objection, and one that runs."""
    objection(posted(world, 0, 1), "YY2026-AAAA", entry="2026-Z-0001")
    posted(world, 1, 2)
    data.notice(
        world.cycle, world.office, "accepted_list", clock.at(date(2026, 5, 13)), [data.item("2026-Z-0001", "某", award="组织奖")], days=5
    )
    return world


def test_the_notices_say_where_their_clocks_stand(disputed: World) -> None:
    page = text(disputed.get(Role.OFFICE, "notices/"))
    assert "公示中 还剩 4 个工作日 2026年5月21日起可以办理结束公示" in page  # the 14th is past; Friday counts
    assert "期满待办 尚有1件正式异议未办结，答复后方可结束公示" in page
    assert "YY2026-AAAA" in page
    for secret in ("张三", "秘密内容"):
        assert secret not in page


def test_each_unit_closes_its_own_notices(disputed: World) -> None:
    own = {role: disputed.get(role, "notices/").content.decode() for role in (Role.OFFICE, Role.RECOMMENDER, Role.INSPECTOR)}
    assert own[Role.RECOMMENDER].count("/desk/do/publicity.close/") == 1
    assert own[Role.RECOMMENDER].count("/desk/do/publicity.answer/") == 1
    assert own[Role.OFFICE].count("/desk/do/publicity.close/") == 0  # the office's own still runs
    assert "由发布单位办理" in own[Role.OFFICE]
    assert "/desk/do/" not in own[Role.INSPECTOR]


@pytest.mark.parametrize("role", [Role.AGENCY, Role.CHAIR])
def test_to_most_roles_there_are_no_objections(disputed: World, role: Role) -> None:
    page = disputed.get(role, "notices/").content.decode()
    assert "YY2026" not in page
    assert "异议</th>" not in page


def test_what_runs_stands_before_what_is_over(disputed: World) -> None:
    posted(disputed, 2, 3, closed=True)
    page = disputed.get(Role.OFFICE, "notices/").content.decode()
    assert page.rindex("公示中") < page.index("已结束")


def test_an_empty_cycle_says_so_everywhere(world: World) -> None:
    said = {
        "board/": "尚无申报", "entries/": "尚无申报", "entries/?q=x": "没有符合条件的申报", "figures/": "尚无可统计的申报",
        "notices/": "尚未发布公示公告",
    }  # fmt: skip
    for part, words in said.items():
        assert words in text(world.client(Role.OFFICE).get(f"/desk/cycles/2026/{part}")), part


def test_the_late_filter_lists_those_that_wait(world: World) -> None:
    world.many(3)
    posted(world, 1, 2)
    page = text(world.get(Role.OFFICE, "entries/", late="1"))
    assert "共 1 项" in page
    assert "期满待办：公示" in page
    codes = re.findall(r">(2026-Z-\d+)</td>", world.get(Role.OFFICE, "entries/").content.decode())
    assert codes == ["2026-Z-0002", "2026-Z-0001", "2026-Z-0003"]  # in front where no other order is asked for
    assert "只看逾期和期满待办（1）" in page
