"""Who leaves a panel and who follows, who visits, who leads (F1, G1, K7; Q16–Q18)."""

from typing import Any

import pytest

from tests.stages.drawing import OTHERS, by_hand, commit, conflict, draw, expert, other_agency, payload
from tests.stages.playing import Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification
from zhiheng.process.register import panel, sitevisit
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.models import Expert, Panel, Seat
from zhiheng.stages.review.models import Sheet


def in_line(one: Panel) -> list[str]:
    """Who follows on a panel, by its tickets: not barred when drawn, never seated there, on no other panel, of no house there."""
    transcript = one.draw.transcript
    drawn = next(p for p in transcript["panels"] if p["code"] == one.code)
    barred = {e for p, e, _ in transcript["exclusions"] if p == one.code}
    busy = set(Seat.objects.filter(vacated_at=None, panel__draw=one.draw).values_list("expert__code", flat=True))
    ever = set(one.seats.values_list("expert__code", flat=True))
    return [e for e, _ in drawn["tickets"] if e not in barred | busy | ever]


@pytest.mark.duty("F1", "K7")
class TestReplace(Played):
    """The material panels are drawn, nobody has scored."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(Stage.MATERIAL_REVIEW, share=0)

    def setUp(self) -> None:
        super().setUp()
        self.panel = Panel.objects.get(award="organization")
        self.seats = list(self.panel.seats.select_related("expert").order_by("pk"))
        # Everybody is of the field and of a house of their own, so that the tickets alone decide.
        industries = sorted({i for s in self.panel.draw.frozen["panels"] for i in s["industries"]})
        for row in Expert.objects.all():
            Expert.objects.filter(pk=row.pk).update(industries=industries, categories=["organization"], employer=f"单位{row.code}")

    def replace(self, seat: Seat, **details: Any) -> Expert:
        found: Expert = self.world.do(panel.replace, "agency", self.panel, out=seat.expert, **{"reason": "因病", **details}).value
        return found

    def test_the_next_lawful_ticket_follows_three_times(self) -> None:
        line = in_line(self.panel)
        for seat, code in zip(self.seats, line[:3], strict=True):
            assert self.replace(seat).code == code
            seat.refresh_from_db()
            assert (seat.vacated_at, seat.reason, seat.successor.expert.code) == (clock.now(), "因病", code)
        told = payload("panel.replace")
        assert told == {
            "panel": self.panel.code,
            "round": "material",
            "out": self.seats[2].expert.code,
            "in": line[2],
            "reason": "因病",
            "led_by": "",
        }
        assert {s.expert.code for s in self.panel.seats.filter(vacated_at=None)} == set(line[:3])
        assert Notification.objects.filter(to=f"person:{expert(line[2]).person.code}", title="受聘评审通知").count() == 1

    def test_conflicts_found_since_bar_who_would_follow(self) -> None:
        line, entry = in_line(self.panel), self.panel.entries.all()[2]
        conflict(entry, expert(line[0]))
        conflict(entry, expert(line[1]), "requested")
        Expert.objects.filter(code=line[2]).update(consulted=[{"employer": entry.name, "until": None}])
        Expert.objects.filter(code=line[3]).update(status="suspended")
        Expert.objects.filter(code=line[4]).update(employer=f" {self.seats[1].expert.employer} ".replace("单位", "单 位"))
        Expert.objects.filter(code=self.seats[1].expert.code).update(employer=f"单位{self.seats[1].expert.code}")
        Expert.objects.filter(code=line[4]).update(employer=f"单 位{self.seats[1].expert.code}")
        assert self.replace(self.seats[0]).code == line[5]

    def test_the_field_of_the_panel_stays_represented(self) -> None:
        line = in_line(self.panel)
        Expert.objects.exclude(code__in=[self.seats[0].expert.code, line[3]]).update(industries=["99"])
        assert self.replace(self.seats[0]).code == line[3]
        assert self.replace(self.seats[1]).code == line[0]

    def test_who_sits_elsewhere_in_the_round_does_not_follow(self) -> None:
        elsewhere = set(Seat.objects.exclude(panel=self.panel).values_list("expert__code", flat=True))
        assert len(elsewhere) == 3
        Expert.objects.exclude(code__in=elsewhere | {s.expert.code for s in self.seats}).update(status="suspended")
        said = self.refused(panel.replace, "agency", self.panel, out=self.seats[0].expert, reason="因病")
        assert said.refusals[0].text == "本组抽签名单中已无符合条件的专家，请补充专家库后重新抽取"
        self.seats[0].refresh_from_db()
        assert self.seats[0].vacated_at is None

    def test_refusals(self) -> None:
        wrong = "请选择在组专家并写明替换事由"
        assert self.refused(panel.replace, "agency", self.panel, out=self.seats[0].expert, reason=" ").refusals[0].text == wrong
        assert (
            self.refused(panel.replace, "agency", self.panel, out=expert(in_line(self.panel)[0]), reason="因病").refusals[0].text == wrong
        )
        self.replace(self.seats[0])
        assert self.refused(panel.replace, "agency", self.panel, out=self.seats[0].expert, reason="因病").refusals[0].text == wrong
        stranger = other_agency()
        for act, details in (
            (panel.replace, {"out": self.seats[1].expert, "reason": "因病"}),
            (panel.name_leader, {"expert": self.seats[1].expert}),
        ):
            assert self.refused(act, stranger, self.panel, error=NotPermitted, **details).refusals[0].code == "scope"
        self.cycle.stage = Stage.SITE_VISIT.value
        self.cycle.save()
        said = self.refused(panel.replace, "agency", self.panel, out=self.seats[1].expert, reason="因病")
        assert said.refusals[0].text == "该专家组的评审轮次已经结束，不能替换专家"


@pytest.mark.duty("G1", "K7")
class TestSitePanels(Played):
    """The second draw: other experts, a leader for each panel."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.SITE_VISIT)
        Expert.objects.filter(code__in=[f"ZJ{n:04d}" for n in range(1, 41, 2)]).update(leader=True)
        draw(world, cycle)
        return world, fresh(cycle)

    def setUp(self) -> None:
        super().setUp()
        self.panel = Panel.objects.get(round="site", award="organization")
        self.leader = self.panel.seats.select_related("expert").get(leader=True)

    def alone(self, *codes: str) -> None:
        """Only these experts may lead from now on."""
        Expert.objects.update(leader=False)
        Expert.objects.filter(code__in=codes).update(leader=True)

    def of_the_field(self) -> None:
        industries = sorted({i for s in self.panel.draw.frozen["panels"] for i in s["industries"]})
        for row in Expert.objects.all():
            Expert.objects.filter(pk=row.pk).update(industries=industries, categories=["organization"], employer=f"单位{row.code}")

    def test_nobody_who_scored_the_materials_visits_though_the_caller_named_nobody(self) -> None:
        scored = {e.code: set(e.sheets.values_list("expert__code", flat=True)) for e in selectors.round_entries(self.cycle, "site")}
        assert {len(v) for v in scored.values()} == {3}
        row = selectors.last_draw(self.cycle, "site")
        assert row is not None
        assert {e["code"]: set(e["earlier_scorers"]) for s in row.frozen["panels"] for e in s["entries"]} == scored
        why = {(p, e): text for p, e, text in row.transcript["exclusions"]}
        for one in Panel.objects.filter(round="site"):
            earlier = set().union(*(scored[e.code] for e in one.entries.all()))
            assert all("已参加" in why[one.code, e] for e in earlier)
            assert earlier.isdisjoint(one.seats.values_list("expert__code", flat=True))
            assert one.seats.count() == 5

    def test_the_draw_by_hand_seats_the_same_with_its_leader_first(self) -> None:
        row = selectors.last_draw(self.cycle, "site")
        assert row is not None
        excluded = {(p, e) for p, e, _ in row.transcript["exclusions"]}
        hand = by_hand(row.frozen, row.seed, excluded, row.frozen["max_load"])
        assert {p["code"]: p["chosen"] for p in row.transcript["panels"]} == hand
        for one in Panel.objects.filter(round="site"):
            (leader,) = one.seats.filter(leader=True)
            assert (leader.expert.code, leader.expert.leader) == (hand[one.code][0], True)

    def test_a_panel_without_anybody_to_lead_is_not_drawn(self) -> None:
        Expert.objects.update(leader=False)
        self.world.do(panel.freeze, "agency", self.cycle, cause="专家变动")
        commit(self.world, self.cycle, OTHERS)
        said = self.refused(panel.draw, "agency", self.cycle, seeds=OTHERS)
        assert {(r.code, r.duty) for r in said.refusals} == {("no_leader", "G1")}

    def test_the_leader_is_named_among_the_qualified_members(self) -> None:
        other = self.panel.seats.filter(leader=False).select_related("expert")[0].expert
        self.alone(self.leader.expert.code)
        text = "组长须为本组在组专家且具备组长资格"
        assert self.refused(panel.name_leader, "agency", self.panel, expert=expert(other.code)).refusals[0].text == text
        outsider = in_line(self.panel)[0]
        self.alone(outsider, other.code)
        assert self.refused(panel.name_leader, "agency", self.panel, expert=expert(outsider)).refusals[0].text == text
        self.world.do(panel.name_leader, "agency", self.panel, expert=expert(other.code))
        assert [s.expert.code for s in self.panel.seats.filter(leader=True)] == [other.code]
        assert payload("panel.name_leader") == {"panel": self.panel.code, "round": "site", "leader": other.code}

    def test_a_leader_is_followed_by_one_who_can_lead_where_nobody_else_can(self) -> None:
        self.of_the_field()
        line = in_line(self.panel)
        self.alone(line[4], line[6])
        done = self.world.do(panel.replace, "agency", self.panel, out=self.leader.expert, reason="因病")
        assert done.value.code == line[4]
        (now,) = self.panel.seats.filter(leader=True, vacated_at=None)
        assert now.expert.code == line[4]
        self.leader.refresh_from_db()
        assert self.leader.leader, "the record of who led is kept"

    def test_a_leader_gone_with_nobody_left_to_lead_is_refused(self) -> None:
        self.alone(self.leader.expert.code)
        said = self.refused(panel.replace, "agency", self.panel, out=self.leader.expert, reason="因病")
        assert said.refusals[0].text == "本组抽签名单中已无符合条件的专家，请补充专家库后重新抽取"
        assert self.panel.seats.filter(leader=True, vacated_at=None).count() == 1

    def test_a_member_who_can_lead_takes_over_when_the_next_ticket_cannot(self) -> None:
        self.of_the_field()
        drawn = next(p for p in self.panel.draw.transcript["panels"] if p["code"] == self.panel.code)
        order = [e for e, _ in drawn["tickets"] if e in drawn["chosen"] and e != self.leader.expert.code]
        self.alone(order[1], order[3])
        done = self.world.do(panel.replace, "agency", self.panel, out=self.leader.expert, reason="因病")
        assert done.value.code == in_line_before(self.panel, done.value.code)[0]
        assert [s.expert.code for s in self.panel.seats.filter(leader=True, vacated_at=None)] == [order[1]]
        assert payload("panel.replace")["led_by"] == order[1]

    def test_a_member_is_followed_by_the_next_ticket_and_the_leader_stays(self) -> None:
        self.of_the_field()
        line = in_line(self.panel)
        member = self.panel.seats.filter(leader=False).select_related("expert")[0]
        done = self.world.do(panel.replace, "agency", self.panel, out=member.expert, reason="因病")
        assert done.value.code == line[0]
        assert [s.expert.code for s in self.panel.seats.filter(leader=True, vacated_at=None)] == [self.leader.expert.code]

    def test_who_scored_the_materials_does_not_follow_either(self) -> None:
        self.of_the_field()
        line = in_line(self.panel)
        entry = self.panel.entries.all()[0]
        sheet = Sheet.objects.filter(entry=entry, round="material")[0]
        sheet.pk, sheet.expert, sheet.voided_at = None, expert(line[0]), clock.now()
        sheet.save()
        member = self.panel.seats.filter(leader=False).select_related("expert")[0]
        assert self.world.do(panel.replace, "agency", self.panel, out=member.expert, reason="因病").value.code == line[1]

    def test_no_second_draw_once_a_visit_has_begun(self) -> None:
        entry = self.panel.entries.all()[0]
        day = clock.today()
        visit = self.world.do(sitevisit.plan, self.leader.expert.code, entry, text="计划", start=day, end=day).value
        self.world.do(panel.freeze, "agency", self.cycle, cause="专家变动")
        self.world.do(sitevisit.step, self.leader.expert.code, visit, code="opening", note="已召开")
        said = self.refused(panel.freeze, "agency", self.cycle, cause="专家变动")
        assert said.refusals[0].text == "评审已经开始，不能重新抽取，请对个别专家办理替换"
        commit(self.world, self.cycle, OTHERS)
        assert self.refused(panel.draw, "agency", self.cycle, seeds=OTHERS).refusals[0].text == said.refusals[0].text


def in_line_before(one: Panel, newest: str) -> list[str]:
    """The line as it was before the newest seat was taken."""
    drawn = next(p for p in one.draw.transcript["panels"] if p["code"] == one.code)
    return [e for e, _ in drawn["tickets"] if e in {newest, *in_line(one)}]
