"""The call: plan, approval, issue to everyone, and the rules that it pins (C1, A1)."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.stages.playing import PACK, Played, begun
from zhiheng.foundation import clock
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.files.models import Letter, StoredFile
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.packs.models import CalendarYear, PackVersion
from zhiheng.foundation.packs.services import store
from zhiheng.foundation.people.models import Unit
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.register import calendar, call, cycles
from zhiheng.process.services import advance
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.pack import Pack
from zhiheng.simulation import applying
from zhiheng.simulation.world import World

ISSUER, NUMBER = "省评比达标表彰工作协调小组办公室", "冀评组办函〔2024〕6号"
OPENS, DEADLINE = date(2024, 3, 11), clock.at(date(2024, 4, 29), 18)


def scanned() -> Letterhead:
    """The coordination office's letter with its scan."""
    return replace(applying.letter(ISSUER, NUMBER), dated=date(2024, 3, 4))


def payload(act: str) -> dict[str, object]:
    """What the journal keeps of the last doing of an act."""
    entry = JournalEntry.objects.filter(act=act, kind="act").order_by("pk").last()
    assert entry is not None
    found: dict[str, object] = json.loads(entry.body)["payload"]
    return found


def newer(version: str, **changes: object) -> Pack:
    """The Hebei pack as a later version, its organization threshold at 510."""
    first = PACK.awards[0]
    raised = first.model_copy(update={"material_threshold": first.material_threshold.model_copy(update={"value": 510})})
    return PACK.model_copy(update={"version": version, "awards": (raised, *PACK.awards[1:]), **changes})


class TestCall(Played):
    """On a platform with its people, a cycle created and nothing planned."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world = begun(1, 0)
        world.today(date(2024, 3, 4))
        return world, world.do(cycles.create_cycle, "office", code="2024", year=2024, pack=PACK).value

    def draft(self, **changes: object) -> None:
        details = {"text": "2024年度评选方案", "opens_on": OPENS, "deadline": DEADLINE, **changes}
        self.world.do(call.draft_plan, "office", self.cycle, **details)

    def issue(self) -> Cycle:
        self.draft()
        self.world.do(call.approve_plan, "office", self.cycle, letter=scanned())
        self.world.do(call.issue, "office", self.cycle)
        return Cycle.objects.get(code="2024")

    @pytest.mark.duty("C1")
    def test_no_call_before_plan_and_approval(self) -> None:
        said = "评选方案须经审核同意后方可印发申报通知（《细则》四（一））"
        assert self.refused(call.issue, "office", self.cycle).text() == said
        self.draft()
        found = self.refused(call.issue, "office", self.cycle)
        assert (found.text(), found.refusals[0].duty) == (said, "C1")
        assert not Notice.objects.exists()
        assert Cycle.objects.get().stage == Stage.CALL.value

    @pytest.mark.duty("C1")
    def test_the_call_goes_to_all_recommenders_and_departments_and_to_the_public(self) -> None:
        cycle = self.issue()
        assert (cycle.stage, cycle.opens_on, cycle.deadline) == (Stage.APPLICATION.value, OPENS, DEADLINE)
        told = set(Notification.objects.filter(to__startswith="unit:").values_list("to", flat=True))
        departments = set(Unit.objects.filter(kind=Role.DEPARTMENT.value).values_list("code", flat=True))
        assert len(PACK.recommenders) == 14
        assert departments
        assert told == {f"unit:{code}" for code in {r.code for r in PACK.recommenders} | departments}
        notice = Notice.objects.get()
        assert (notice.kind, notice.days, notice.unit.kind) == ("call_announcement", 0, Role.OFFICE.value)
        assert "2024年4月29日18:00" in notice.body
        assert payload("call.issue")["units"] == sorted(code.removeprefix("unit:") for code in told)

    @pytest.mark.duty("C1")
    def test_a_recommender_that_cannot_be_reached_holds_the_call(self) -> None:
        self.draft()
        self.world.do(call.approve_plan, "office", self.cycle, letter=scanned())
        gone = Unit.objects.filter(code__in=[r.code for r in PACK.recommenders[:2]])
        gone.update(active=False)
        names = "、".join(PACK.recommender(code).name for code in sorted(gone.values_list("code", flat=True)))
        assert self.refused(call.issue, "office", self.cycle).refusals[0].text == f"下列推荐单位尚未登记，通知无法送达：{names}"
        gone.update(active=True)
        Unit.objects.filter(kind=Role.DEPARTMENT.value).update(active=False)
        assert self.refused(call.issue, "office", self.cycle).refusals[0].text == "尚未登记省有关部门，通知无法送达"

    @pytest.mark.duty("C1")
    def test_a_recommender_of_other_rules_is_not_called(self) -> None:
        Unit.objects.create(code="elsewhere", kind=Role.RECOMMENDER.value, name="别处市场监督管理局")
        self.issue()
        assert "elsewhere" not in payload("call.issue")["units"]  # type: ignore[operator]
        assert not Notification.objects.filter(to="unit:elsewhere").exists()

    @pytest.mark.duty("C1", "L1")
    def test_the_approval_is_the_coordination_groups_word(self) -> None:
        assert self.refused(call.approve_plan, "office", self.cycle, letter=scanned()).text() == "没有待审核的评选方案（《细则》四（一））"
        self.draft()
        bare = self.refused(call.approve_plan, "office", self.cycle)
        assert bare.text() == "代为记录外部单位意见时，须填写来文单位、文号、成文日期并附扫描件（《细则》四）"
        for letter, said in (
            (
                Letterhead("", "", date(2024, 3, 4)),
                "请填写来文单位（《细则》四）；请填写文号（《细则》四）；请上传来文扫描件（《细则》四）",
            ),
            (
                Letterhead("办公室", "1号", date(2024, 3, 5)),
                "请上传来文扫描件（《细则》四）；成文日期 2024-03-05 晚于今日，请核对（《细则》四）",
            ),
        ):
            assert self.refused(call.approve_plan, "office", self.cycle, letter=letter).text() == said
        self.world.do(call.approve_plan, "office", self.cycle, letter=scanned())
        assert Letter.objects.get().number == NUMBER
        assert payload("call.approve_plan") == {
            "letter": {
                "issuer": ISSUER,
                "number": NUMBER,
                "dated": "2024-03-04",
                "scan": StoredFile.objects.get(owner=f"letter:{ISSUER}").sha256,
            }
        }
        assert self.refused(call.approve_plan, "office", self.cycle, letter=scanned()).text() == "没有待审核的评选方案（《细则》四（一））"

    @pytest.mark.duty("C1", "L1")
    def test_only_the_office_plans_and_issues_and_only_at_the_call(self) -> None:
        for who in (self.world.cast.recommenders[0].code, self.world.cast.agency.code, "inspector", "admin"):
            for act, details in ((call.draft_plan, {"text": "方案", "opens_on": OPENS, "deadline": DEADLINE}), (call.issue, {})):
                assert self.refused(act, who, self.cycle, error=NotPermitted, **details).refusals[0].code == "role"
        cycle = self.issue()
        assert self.refused(call.issue, "office", cycle, error=NotPermitted).text() == (
            "“印发申报通知”须在通知公告阶段办理，当前为申报阶段（《细则》四（一））"
        )

    @pytest.mark.duty("C1")
    def test_what_is_changed_after_the_approval_needs_a_new_one(self) -> None:
        self.draft()
        self.world.do(call.approve_plan, "office", self.cycle, letter=scanned())
        self.draft(deadline=DEADLINE + timedelta(days=1))
        assert self.refused(call.issue, "office", self.cycle).refusals[0].code == "approval"
        self.world.do(call.approve_plan, "office", self.cycle, letter=scanned())
        self.world.do(call.issue, "office", self.cycle)
        assert Cycle.objects.get().deadline == DEADLINE + timedelta(days=1)

    @pytest.mark.duty("C1", "L2")
    def test_impossible_dates_and_an_empty_plan(self) -> None:
        wrong = "申报截止时间须晚于申报开始日和当前时间，请核对（《细则》四（一））"
        past = clock.at(date(2024, 3, 1), 18)
        for changes, said in (
            ({"text": " \n"}, "请填写评选方案内容（《细则》四（一））"),
            ({"opens_on": DEADLINE.date()}, wrong),
            ({"opens_on": date(2024, 2, 1), "deadline": past}, wrong),
            ({"deadline": datetime(2024, 4, 29, 18)}, wrong),  # noqa: DTZ001 - a time without zone is what is refused
            (
                {"deadline": clock.at(date(2031, 4, 29), 18)},
                "2031 年工作日历尚未公布，不能据此计算期限，请待国务院公布放假安排并增补日历后再定（《细则》四）",
            ),
        ):
            details = {"text": "方案", "opens_on": OPENS, "deadline": DEADLINE, **changes}
            assert self.refused(call.draft_plan, "office", self.cycle, **details).text() == said
        assert not hasattr(Cycle.objects.get(), "plan")

    @pytest.mark.duty("C1")
    def test_a_plan_whose_deadline_passed_while_it_waited_cannot_be_issued(self) -> None:
        self.draft()
        self.world.do(call.approve_plan, "office", self.cycle, letter=scanned())
        clock.set_to(DEADLINE)
        found = self.refused(call.issue, "office", self.cycle)
        assert found.text() == "方案所定申报截止时间已过，请重新拟订方案并报审（《细则》四（一））"
        clock.set_to(DEADLINE - timedelta(seconds=1))
        assert self.world.do(call.issue, "office", self.cycle).decision.ok

    @pytest.mark.duty("A1")
    def test_the_call_pins_the_version_in_force_and_a_newer_one_changes_nothing(self) -> None:
        cycle = self.issue()
        kept = payload("call.issue")
        assert (kept["pack"], kept["version"], kept["digest"]) == (PACK.id, PACK.version, PACK.digest)
        assert (cycle.pinned_at, cycle.pack.digest) == (clock.now(), PACK.digest)
        later = newer("2024.9")
        assert store(later).digest != PACK.digest
        cycle = Cycle.objects.get(code="2024")
        assert rules_of(cycle).awards[0].material_threshold.value == 500
        assert rules_of(cycle).digest == PACK.digest
        next_year = self.world.do(cycles.create_cycle, "office", code="2025", year=2025, pack=later).value
        assert rules_of(next_year).awards[0].material_threshold.value == 510
        assert rules_of(Cycle.objects.get(code="2024")).awards[0].material_threshold.value == 500

    @pytest.mark.duty("A1")
    def test_a_version_that_came_into_force_before_the_call_must_be_planned_under(self) -> None:
        self.draft()
        self.world.do(call.approve_plan, "office", self.cycle, letter=scanned())
        later = newer("2024.2", effective=date(2024, 3, 5))
        store(later)
        self.world.today(date(2024, 3, 4), hour=10)
        store(newer("2024.3", effective=date(2024, 9, 1)))
        clock.set_to(clock.at(date(2024, 3, 5)))
        found = self.refused(call.issue, "office", self.cycle)
        assert (found.text(), found.refusals[0].duty) == (
            "规则包 hebei-2022 2024.2 已经施行，方案所依据的是 hebei-2022 2022.3，请按现行规则重新拟订方案并报审（《细则》一）",
            "A1",
        )
        cycle = self.issue()
        assert (cycle.pack.digest, payload("call.issue")["version"]) == (later.digest, "2024.2")

    @pytest.mark.duty("A1")
    def test_a_version_not_yet_in_force_does_not_govern(self) -> None:
        store(newer("2024.3", effective=date(2024, 3, 5)))
        assert self.issue().pack.digest == PACK.digest

    @pytest.mark.duty("A1")
    def test_another_content_under_a_known_version_is_refused(self) -> None:
        self.issue()
        found = self.refused(cycles.create_cycle, "office", code="2025", year=2025, pack=newer(PACK.version))
        assert found.text().startswith("规则包 hebei-2022 2022.3 的内容与已存入的不同。")
        assert not Cycle.objects.filter(code="2025").exists()
        assert PackVersion.objects.get().digest == PACK.digest

    @pytest.mark.duty("A1")
    def test_a_cycle_is_created_once_and_not_under_rules_to_come(self) -> None:
        again = self.refused(cycles.create_cycle, "office", code="2024", year=2024, pack=PACK)
        assert again.text() == "评审周期 2024 已存在，请勿重复建立（《细则》一）"
        early = self.refused(cycles.create_cycle, "office", code="2021", year=2021, pack=PACK)
        assert early.text() == "规则包自 2022-08-08 起施行，不能用于 2021 年度（《细则》一）"

    @pytest.mark.duty("L2")
    def test_a_known_calendar_year_never_changes_and_a_new_one_is_added(self) -> None:
        known = CalendarYear.objects.get(year=2024).digest
        details = {"year": 2024, "holidays": [date(2024, 7, 1)], "workdays": [], "source": "国办发明电〔2024〕1号"}
        assert self.refused(calendar.extend_calendar, "office", **details).text() == (
            "2024 年工作日历已存在，正在执行的期限据此计算，不得改动（《细则》四）"
        )
        assert CalendarYear.objects.get(year=2024).digest == known
        self.world.do(calendar.extend_calendar, "office", **(details | {"year": 2027, "holidays": [date(2027, 1, 1)]}))
        assert CalendarYear.objects.get(year=2027).holidays == ["2027-01-01"]

    @pytest.mark.duty("L1", "D1")
    def test_the_cycle_leaves_no_stage_before_its_time(self) -> None:
        assert self.refused(advance, "office", self.cycle).text() == "申报通知尚未印发（《细则》四（一））"
        cycle = self.issue()
        clock.set_to(DEADLINE - timedelta(seconds=1))
        assert self.refused(advance, "office", cycle).text() == "申报尚未截止（《细则》四（二））"
        clock.set_to(DEADLINE)
        assert self.world.do(advance, "office", cycle).value == Stage.RECOMMENDATION
