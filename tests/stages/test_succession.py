"""Who leaves a panel and who follows, who visits, who leads (F1, G1, K7; Q16–Q18)."""

from datetime import date
from typing import Any

import pytest

from tests.stages.drawing import OTHERS, by_hand, commit, conflict, draw, expert, other_agency, payload, place, reveal, sha
from tests.stages.playing import Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification
from zhiheng.process.register import panel, sitevisit
from zhiheng.process.replay import replay
from zhiheng.rules.compose import division
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.models import Absence, Conflict, Draw, Expert, Panel, Seat
from zhiheng.stages.panel.succession import NOBODY
from zhiheng.stages.review.models import Sheet


def may_follow(one: Panel) -> list[str]:
    """Who may follow on a panel, by the record alone: a candidate there, never seated there, on no other panel now, of no house there."""
    frozen = one.draw.frozen
    out = {e for p, e, _ in frozen["excluded"] if p in ("", one.code)}
    busy = set(Seat.objects.filter(vacated_at=None, panel__draw=one.draw).values_list("expert__code", flat=True))
    ever = set(one.seats.values_list("expert__code", flat=True))
    employer = {e["code"]: e["employer"] for e in frozen["pool"]}
    houses = {employer[c] for c in one.seats.filter(vacated_at=None).values_list("expert__code", flat=True)}
    return sorted(e for e in employer if e not in out | busy | ever and employer[e] not in houses)


@pytest.mark.duty("F1", "K7")
class TestReplace(Played):
    """The material panels are drawn, nobody has scored."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.QUALIFICATION)
        applying.qualify(world, cycle, failing=False)
        applying.go_on(world, cycle)
        # Everybody is of the field and of a house of their own, so that anybody may follow.
        entries = cycle.entries.filter(award="organization")
        industries = sorted({division(e.industry) for e in entries})
        for row in Expert.objects.all():
            Expert.objects.filter(pk=row.pk).update(
                industries=industries, categories=["organization"], employer=f"单位{row.code}", credit_code="", kind="assessor"
            )
        draw(world, fresh(cycle))
        return world, fresh(cycle)

    def setUp(self) -> None:
        super().setUp()
        self.panel = Panel.objects.get(award="organization")
        self.seats = list(self.panel.seats.select_related("expert").order_by("pk"))

    def replace(self, seat: Seat, **details: Any) -> Expert:
        found: Expert = self.world.do(panel.replace, "agency", self.panel, out=seat.expert, **{"reason": "因病", **details}).value
        return found

    def test_the_next_link_draws_who_follows_three_times(self) -> None:
        sources = self.panel.draw.sources
        used = []
        for number, seat in enumerate(self.seats, 1):
            # While the seat is being left, its house is free again.
            employer = seat.expert.employer
            among = sorted({*may_follow(self.panel)} - {seat.expert.code})
            assert employer not in {expert(c).employer for c in among}
            found = self.replace(seat).code
            told = payload("panel.replace")
            row = Draw.objects.get()
            used.append(told["link"])
            assert hash_of(told["link"], number) == row.chain_end
            assert found == among[place([*sources, told["link"]], 0, len(among)) - 1]
            seat.refresh_from_db()
            assert (seat.vacated_at, seat.reason, seat.successor.expert.code) == (clock.now(), "因病", found)
            assert told == {
                "panel": self.panel.code,
                "round": "material",
                "out": seat.expert.code,
                "in": found,
                "among": among,
                "link": told["link"],
                "number": number,
                "led_by": "",
                "waived": [],
                "reason": "因病",
            }
        assert len(set(used)) == 3
        assert all(check.ok for check in replay(Draw.objects.get()))
        assert Notification.objects.filter(to=f"person:{expert(found).person.code}", title="受聘评审通知").count() == 1

    def test_a_successor_written_in_by_hand_is_found(self) -> None:
        self.replace(self.seats[0])
        new = Seat.objects.get(succeeds=self.seats[0])
        Seat.objects.filter(pk=new.pk).update(succeeds=None)
        assert [c.title for c in replay(Draw.objects.get()) if not c.ok] == ["各组席位与抽中的签"]

    def test_conflicts_found_since_bar_who_would_follow(self) -> None:
        line, entry = may_follow(self.panel), self.panel.entries.all()[2]
        free = line[6:8]
        conflict(entry, expert(line[0]))
        conflict(entry, expert(line[1]), "requested")
        Expert.objects.filter(code=line[2]).update(consulted=[{"employer": entry.name, "until": None}])
        Expert.objects.filter(code=line[3]).update(status="suspended")
        Expert.objects.filter(code=line[4]).update(approved_on=None, confirmed_on=None)
        Absence.objects.create(expert=expert(line[5]), from_on=clock.today(), until_on=clock.today())
        Expert.objects.filter(code__in=line[8:]).update(status="removed")
        self.replace(self.seats[0])
        assert payload("panel.replace")["among"] == free

    def test_a_wanted_kind_is_waived_where_nobody_has_it_any_more(self) -> None:
        """Openly, the lighter one first: an assessor before an expert of the field."""
        row = Draw.objects.get()
        for one in row.frozen["pool"]:
            one["assessor"] = one["code"] in {s.expert.code for s in self.seats}
        row.save()
        for seat in self.seats:
            self.replace(seat)
        assert payload("panel.replace")["waived"] == ["assessor"]

    def test_who_sits_elsewhere_in_the_round_does_not_follow(self) -> None:
        elsewhere = set(Seat.objects.exclude(panel=self.panel).values_list("expert__code", flat=True))
        assert len(elsewhere) == 3
        Expert.objects.exclude(code__in=elsewhere | {s.expert.code for s in self.seats}).update(status="suspended")
        said = self.refused(panel.replace, "agency", self.panel, out=self.seats[0].expert, reason="因病")
        assert said.refusals[0].text == NOBODY
        self.seats[0].refresh_from_db()
        assert self.seats[0].vacated_at is None
        assert Draw.objects.get().links_used == 0

    def test_refusals(self) -> None:
        wrong = "请选择在组专家并写明替换事由"
        assert self.refused(panel.replace, "agency", self.panel, out=self.seats[0].expert, reason=" ").refusals[0].text == wrong
        stranger_to_it = expert(may_follow(self.panel)[0])
        assert self.refused(panel.replace, "agency", self.panel, out=stranger_to_it, reason="因病").refusals[0].text == wrong
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

    def test_an_expert_accepts(self) -> None:
        seat = self.seats[0]
        assert seat.due == date(2024, 5, 16)
        self.world.do(panel.answer, seat.expert.code, seat, answer="accepted")
        seat.refresh_from_db()
        assert (seat.answer, seat.answered_at, seat.vacated_at) == ("accepted", clock.now(), None)
        again = self.refused(panel.answer, seat.expert.code, seat, answer="declined", reason="有事")
        assert again.refusals[0].text == "您已经答复；如情况有变，请申请回避或联系组织方"
        other = self.refused(panel.answer, seat.expert.code, self.seats[1], error=NotPermitted, answer="accepted")
        assert other.refusals[0].code == "scope"

    def test_who_declines_is_followed_at_once(self) -> None:
        seat = self.seats[0]
        assert self.refused(panel.answer, seat.expert.code, seat, answer="maybe").refusals[0].text == "请选择接受、谢绝或者回避"
        assert self.refused(panel.answer, seat.expert.code, seat, answer="declined", reason=" ").refusals[0].text == "请写明理由"
        self.world.do(panel.answer, seat.expert.code, seat, answer="declined", reason="出差")
        seat.refresh_from_db()
        (drawn,) = payload("panel.answer")["replaced"]
        assert (seat.answer, seat.reason, seat.successor.expert.code) == ("declined", "谢绝：出差", drawn["in"])
        assert drawn["in"] == drawn["among"][place([*self.panel.draw.sources, drawn["link"]], 0, len(drawn["among"])) - 1]
        assert self.panel.seats.filter(vacated_at=None).count() == 3
        gone = self.refused(panel.answer, seat.expert.code, seat, answer="accepted")
        assert gone.refusals[0].text == "该邀请已经失效"

    def test_who_stands_aside_has_the_conflict_on_record(self) -> None:
        seat, entry = self.seats[0], self.panel.entries.all()[1]
        refusal = self.refused(panel.answer, seat.expert.code, seat, answer="recused", reason="亲属任职")
        assert refusal.refusals[0].text == "请选择需要回避的申报"
        self.world.do(panel.answer, seat.expert.code, seat, answer="recused", reason="亲属任职", entry=entry)
        found = Conflict.objects.get(person=seat.expert.person)
        assert (found.entry, found.kind, found.status, found.grounds) == (entry, "declared", "standing", "亲属任职")
        assert payload("panel.answer")["entry"] == entry.code
        assert Seat.objects.get(succeeds=seat).seated_by == "panel.answer"

    def test_a_decline_stands_though_nobody_can_follow_and_is_filled_later(self) -> None:
        seat = self.seats[0]
        rest = may_follow(self.panel)
        Expert.objects.filter(code__in=rest).update(status="suspended")
        self.world.do(panel.answer, seat.expert.code, seat, answer="declined", reason="出差")
        assert "replaced" not in payload("panel.answer")
        assert self.panel.seats.filter(vacated_at=None).count() == 2
        Expert.objects.filter(code=rest[0]).update(status="active")
        assert self.replace(seat, reason="补足席位").code == rest[0]
        assert payload("panel.replace")["reason"] == "谢绝：出差"


def hash_of(link: str, times: int) -> str:
    """The link hashed so many times."""
    for _ in range(times):
        link = sha(link)
    return link


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

    def test_nobody_who_scored_the_materials_visits_though_the_caller_named_nobody(self) -> None:
        scored = {e.code: set(e.sheets.values_list("expert__code", flat=True)) for e in selectors.round_entries(self.cycle, "site")}
        assert {len(v) for v in scored.values()} == {3}
        row = selectors.last_draw(self.cycle, "site")
        assert row is not None
        assert {e["code"]: set(e["earlier_scorers"]) for s in row.frozen["panels"] for e in s["entries"]} == scored
        why = {(p, e): text for p, e, text in row.frozen["excluded"]}
        for one in Panel.objects.filter(round="site"):
            earlier = set().union(*(scored[e.code] for e in one.entries.all()))
            assert all("已参加" in why[one.code, e] for e in earlier)
            assert earlier.isdisjoint(one.seats.values_list("expert__code", flat=True))
            assert one.seats.count() == 5

    def test_the_numbers_draw_ticket_and_leaders(self) -> None:
        row = selectors.last_draw(self.cycle, "site")
        assert row is not None
        hand = by_hand(row)
        told = payload("panel.draw")
        assert told["panels"] == hand
        qualified = {e["code"] for e in row.frozen["pool"] if e["leader"]}
        for step, code in enumerate(sorted(hand), 1):
            able = sorted(set(hand[code]) & qualified)
            (leader,) = Panel.objects.get(round="site", code=code).seats.filter(leader=True)
            assert leader.expert.code == told["leaders"][code] == able[place(row.sources, step, len(able)) - 1]

    def test_every_ticket_has_a_leader_for_every_panel(self) -> None:
        row = selectors.last_draw(self.cycle, "site")
        assert row is not None
        qualified = {e["code"] for e in row.frozen["pool"] if e["leader"]}
        content = row.lottery.made
        assert all(any(content["experts"][n] in qualified for n in members) for ticket in content["tickets"] for members in ticket)

    def test_a_round_without_anybody_to_lead_has_no_lottery(self) -> None:
        self.world.do(panel.consent_again, "inspector", self.cycle, reason="同意")
        Expert.objects.update(leader=False)
        self.world.do(panel.freeze, "agency", self.cycle, cause="专家变动")
        said = self.refused(panel.publish_lottery, "agency", self.cycle)
        assert "具备组长资格的专家至少1名（可抽取的0名）" in said.refusals[0].text
        assert "具备组长资格的专家由至少1名降为0名" in said.refusals[1].text
        assert {r.duty for r in said.refusals} == {"G1"}

    def test_the_leader_is_named_among_the_qualified_members(self) -> None:
        other = self.panel.seats.filter(leader=False).select_related("expert")[0].expert
        self.alone(self.leader.expert.code)
        text = "组长须为本组在组专家且具备组长资格"
        assert self.refused(panel.name_leader, "agency", self.panel, expert=expert(other.code)).refusals[0].text == text
        outsider = may_follow(self.panel)[0]
        self.alone(outsider, other.code)
        assert self.refused(panel.name_leader, "agency", self.panel, expert=expert(outsider)).refusals[0].text == text
        self.world.do(panel.name_leader, "agency", self.panel, expert=expert(other.code))
        assert [s.expert.code for s in self.panel.seats.filter(leader=True)] == [other.code]
        assert payload("panel.name_leader") == {"panel": self.panel.code, "round": "site", "leader": other.code}

    def test_where_nobody_else_can_lead_only_those_who_can_may_follow(self) -> None:
        frozen = {e["code"] for e in self.panel.draw.frozen["pool"] if e["leader"]}
        others = [s for s in self.panel.seats.select_related("expert") if s.expert.code in frozen and s != self.leader]
        for seat in others:
            self.world.do(panel.replace, "agency", self.panel, out=seat.expert, reason="因病")
        now = set(self.panel.seats.filter(vacated_at=None).values_list("expert__code", flat=True))
        if now & frozen == {self.leader.expert.code}:
            self.world.do(panel.replace, "agency", self.panel, out=self.leader.expert, reason="因病")
            assert set(payload("panel.replace")["among"]) <= frozen
        (leads,) = self.panel.seats.filter(leader=True, vacated_at=None)
        assert leads.expert.code in frozen

    def test_a_leader_who_leaves_is_followed_by_a_leader_drawn_anew(self) -> None:
        frozen = {e["code"] for e in self.panel.draw.frozen["pool"] if e["leader"]}
        self.world.do(panel.replace, "agency", self.panel, out=self.leader.expert, reason="因病")
        told = payload("panel.replace")
        able = sorted(set(self.panel.seats.filter(vacated_at=None).values_list("expert__code", flat=True)) & frozen)
        expected = able[place([*self.panel.draw.sources, told["link"]], 1, len(able)) - 1]
        assert [s.expert.code for s in self.panel.seats.filter(leader=True, vacated_at=None)] == [expected]
        assert told["led_by"] == expected
        self.leader.refresh_from_db()
        assert self.leader.leader, "the record of who led is kept"
        assert all(check.ok for check in replay(Draw.objects.get(round="site")))

    def test_a_leader_gone_with_nobody_left_to_lead_is_refused(self) -> None:
        frozen = {e["code"] for e in self.panel.draw.frozen["pool"] if e["leader"]}
        sitting = set(self.panel.seats.values_list("expert__code", flat=True))
        Expert.objects.filter(code__in=frozen - sitting).update(status="suspended")
        for seat in self.panel.seats.filter(expert__code__in=frozen).exclude(pk=self.leader.pk).select_related("expert"):
            self.world.do(panel.replace, "agency", self.panel, out=seat.expert, reason="因病")
        said = self.refused(panel.replace, "agency", self.panel, out=self.leader.expert, reason="因病")
        assert said.refusals[0].text == NOBODY
        assert self.panel.seats.filter(leader=True, vacated_at=None).count() == 1

    def test_a_member_leaves_and_the_leader_stays(self) -> None:
        member = self.panel.seats.filter(leader=False).select_related("expert")[0]
        self.world.do(panel.replace, "agency", self.panel, out=member.expert, reason="因病")
        assert [s.expert.code for s in self.panel.seats.filter(leader=True, vacated_at=None)] == [self.leader.expert.code]
        assert payload("panel.replace")["led_by"] == self.leader.expert.code

    def test_who_scored_the_materials_does_not_follow_either(self) -> None:
        entry = self.panel.entries.all()[0]
        member = self.panel.seats.filter(leader=False).select_related("expert")[0]
        self.world.do(panel.replace, "agency", self.panel, out=member.expert, reason="因病")
        among = payload("panel.replace")["among"]
        assert set(entry.sheets.values_list("expert__code", flat=True)).isdisjoint(among)
        sheet = Sheet.objects.filter(entry=entry, round="material")[0]
        sheet.pk, sheet.expert, sheet.voided_at = None, expert(among[0]), clock.now()
        sheet.save()
        other = self.panel.seats.filter(leader=False, vacated_at=None).select_related("expert")[0]
        self.world.do(panel.replace, "agency", self.panel, out=other.expert, reason="因病")
        assert among[0] not in payload("panel.replace")["among"]

    def test_no_second_draw_once_a_visit_has_begun(self) -> None:
        entry = self.panel.entries.all()[0]
        day = clock.today()
        visit = self.world.do(sitevisit.plan, self.leader.expert.code, entry, text="计划", start=day, end=day).value
        self.world.do(panel.consent_again, "inspector", self.cycle, reason="同意")
        self.world.do(panel.freeze, "agency", self.cycle, cause="专家变动")
        self.world.do(sitevisit.step, self.leader.expert.code, visit, code="opening", note="已召开")
        said = self.refused(panel.freeze, "agency", self.cycle, cause="专家变动")
        assert said.refusals[0].text == "评审已经开始，不能重新抽取，请对个别专家办理替换"
        commit(self.world, self.cycle, OTHERS)
        reveal(self.world, self.cycle, OTHERS)
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == said.refusals[0].text
