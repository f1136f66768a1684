"""Panels: the frozen pool, the commitments, the draw and the draw again, who leaves and who follows (F1, G1, K7; Q16–Q18)."""

import json
from typing import Any

import pytest

from tests.stages.drawing import NUMBERS, OTHERS, by_hand, commit, conflict, draw, expert, other_agency, payload, sha
from tests.stages.playing import Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process.register import application, library, panel, review
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.models import Draw, Expert, Panel, Seat


@pytest.mark.duty("F1", "K7")
class TestDraw(Played):
    """From the accepted list to the seats of the material panels."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.QUALIFICATION)
        applying.qualify(world, cycle, failing=False)
        applying.go_on(world, cycle)
        return world, fresh(cycle)

    def test_the_seats_are_what_anybody_computes_from_the_record(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        frozen = payload("panel.freeze")
        commit(self.world, self.cycle)
        self.world.do(panel.draw, "agency", self.cycle, seeds=NUMBERS)
        row = Draw.objects.get()
        seed = sha("|".join([row.pool_digest, NUMBERS["agency"], NUMBERS["inspector"], NUMBERS["office"]]))
        assert row.seed == seed
        assert row.pool_digest == frozen["pool_digest"]
        told = json.dumps(
            {k: sorted(row.frozen[k], key=lambda x: x["code"]) for k in ("pool", "panels")},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        assert row.pool_digest == sha(told)
        excluded = {(p, e) for p, e, _ in row.transcript["exclusions"]}
        hand = by_hand(row.frozen, seed, excluded, row.frozen["max_load"])
        assert len(hand) == 2
        assert {p.code: sorted(s.expert.code for s in p.seats.all()) for p in Panel.objects.all()} == {
            p: sorted(c) for p, c in hand.items()
        }
        assert [len(c) for c in hand.values()] == [3, 3]
        done = payload("panel.draw")
        assert done["panels"] == hand
        assert (done["seed"], done["seeds"], done["pool_digest"]) == (seed, NUMBERS, row.pool_digest)
        plain = json.dumps(row.transcript, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert done["transcript_digest"] == sha(plain)
        told_to = set(Notification.objects.filter(title="受聘评审通知").values_list("to", flat=True))
        assert told_to == {f"person:{expert(c).person.code}" for chosen in hand.values() for c in chosen}

    def test_every_entry_is_on_one_panel_of_its_award_and_category(self) -> None:
        draw(self.world, self.cycle)
        for entry in selectors.round_entries(self.cycle, "material"):
            (one,) = entry.panels.all()
            assert (one.award, one.category) == (entry.award, entry.category)
            assert any(entry.industry in s.expert.industries and entry.category in s.expert.categories for s in one.seats.all()) or any(
                {e.industry for e in one.entries.all()} & set(s.expert.industries) and entry.category in s.expert.categories
                for s in one.seats.all()
            )

    def test_each_ground_for_recusal_keeps_an_expert_off_the_panel(self) -> None:
        entry = next(e for e in selectors.round_entries(self.cycle, "material") if e.award == "organization")
        barred = list(Expert.objects.order_by("code")[:9])
        grounds = [
            "现为该单位人员",
            "近3年内曾在该单位任职",
            "近3年内为该单位提供过有偿咨询",
            "有亲属关系",
            "已主动申请回避",
            "申请其回避且经审核成立",
            "已主动申请回避",
            "",
            "",
        ]
        barred[0].employer = f"  {entry.name} "
        barred[1].employers = [{"employer": entry.name, "until": "2023-01-01"}]
        barred[2].consulted = [{"employer": entry.name, "until": None}]
        conflict(entry, barred[3], "kin")
        conflict(entry, barred[4])
        conflict(entry, barred[5], "requested")
        conflict(entry, barred[6], "found")
        conflict(entry, barred[7], "kin", "pending")
        conflict(entry, barred[8], "kin", "rejected")
        for row in barred:
            row.save()
        drawn = draw(self.world, self.cycle)
        code = entry.panels.get().code
        why = {e: text for p, e, text in drawn.transcript["exclusions"] if p == code}
        assert [bool(why.get(b.code)) and g in why[b.code] if g else b.code not in why for b, g in zip(barred, grounds, strict=True)] == [
            True
        ] * 9
        assert {s.expert.code for s in entry.panels.get().seats.all()}.isdisjoint(b.code for b in barred[:7])

    def test_experts_not_in_service_are_not_in_the_pool(self) -> None:
        out = list(Expert.objects.order_by("code")[:3])
        for row, status in zip(out, ("proposed", "suspended", "removed"), strict=True):
            Expert.objects.filter(pk=row.pk).update(status=status)
        self.world.do(panel.freeze, "agency", self.cycle)
        assert sorted(e["code"] for e in Draw.objects.get().frozen["pool"]) == [f"ZJ{n:04d}" for n in range(4, 41)]

    def test_an_expert_takes_no_more_panels_than_they_said(self) -> None:
        Expert.objects.exclude(code__in=[f"ZJ{n:04d}" for n in range(1, 5)]).update(status="suspended")  # 4 experts for 6 seats
        Expert.objects.update(max_load=3)
        Expert.objects.filter(code="ZJ0002").update(max_load=1)
        self.world.do(panel.freeze, "agency", self.cycle)
        row = Draw.objects.get()
        assert row.frozen["max_load"] == 3
        assert {e["code"]: e["load"] for e in row.frozen["pool"]} == {"ZJ0001": 0, "ZJ0002": 2, "ZJ0003": 0, "ZJ0004": 0}

    def test_too_few_experts_are_named_and_nobody_is_seated(self) -> None:
        Expert.objects.exclude(code__in=["ZJ0001", "ZJ0002"]).update(status="suspended")
        self.world.do(panel.freeze, "agency", self.cycle)
        commit(self.world, self.cycle)
        said = self.refused(panel.draw, "agency", self.cycle, seeds=NUMBERS)
        assert [r.code for r in said.refusals] == ["too_few", "too_few"]
        assert Seat.objects.count() == 0
        assert Draw.objects.get().drawn_at is None

    def test_nothing_is_drawn_before_the_freeze_or_with_nothing_to_review(self) -> None:
        assert (
            self.refused(panel.draw, "agency", self.cycle, seeds=NUMBERS).refusals[0].text == "没有待抽取的冻结名单，请先冻结专家池和分组"
        )
        assert self.refused(panel.commit_seed, "office", self.cycle, commitment=sha("1")).refusals[0].text == "请先冻结专家池和分组"
        self.cycle.entries.update(status="withdrawn")
        assert self.refused(panel.freeze, "agency", self.cycle).refusals[0].text == "本轮没有需要评审的申报"

    def test_only_the_commissioned_agency(self) -> None:
        stranger = other_agency()
        for act, details in ((panel.freeze, {}), (panel.commit_seed, {"commitment": sha("1")}), (panel.draw, {"seeds": {}})):
            assert self.refused(act, stranger, self.cycle, error=NotPermitted, **details).refusals[0].code == "scope"

    def test_commitments(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        for wrong in ("", "abc", "g" * 64, sha("1").upper(), sha("1") + "0"):
            assert (
                self.refused(panel.commit_seed, "office", self.cycle, commitment=wrong).refusals[0].text == "承诺值应为 64 位十六进制摘要"
            )
        assert self.refused(panel.draw, "agency", self.cycle, seeds={}).refusals[0].text == "须有两方以上提交种子承诺后方可抽取"
        self.world.do(panel.commit_seed, "office", self.cycle, commitment=sha("17"))
        assert payload("panel.commit_seed") == {"round": "material", "version": 1, "commitment": sha("17")}
        assert (
            self.refused(panel.draw, "agency", self.cycle, seeds={"office": "17"}).refusals[0].text == "须有两方以上提交种子承诺后方可抽取"
        )
        for who in ("office", "office2"):
            assert self.refused(panel.commit_seed, who, self.cycle, commitment=sha("18")).refusals[0].text == "已经提交承诺，不得更改"
        apart = "各方承诺须由不同人员各自独立提交"
        copied = self.refused(panel.commit_seed, "agency", self.cycle, commitment=sha("17"))
        assert copied.refusals[0].text == "该承诺值已被使用，请另选一个数"
        both = self.world.people["office"]
        agency = self.world.people["agency"].unit
        RoleGrant.objects.create(person=both.person, role="agency", unit=agency, granted_at=clock.now())
        assert (
            self.refused(panel.commit_seed, Acting(Role.AGENCY, both.person, agency), self.cycle, commitment=sha("5")).refusals[0].text
            == apart
        )
        self.world.do(panel.commit_seed, "inspector", self.cycle, commitment=sha("99"))
        self.world.do(panel.draw, "office", self.cycle, seeds={"office": "17", "inspector": "99"})
        assert Draw.objects.get().seeds == {"office": "17", "inspector": "99"}
        assert self.refused(panel.commit_seed, "agency", self.cycle, commitment=sha("4")).refusals[0].text == "请先冻结专家池和分组"
        assert self.refused(panel.draw, "agency", self.cycle, seeds={"office": "17", "inspector": "99"}).refusals[0].duty == "F1"

    def test_a_witness_who_withholds_or_reveals_another_number_stops_the_draw(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        commit(self.world, self.cycle)
        withheld = {r: n for r, n in NUMBERS.items() if r != "inspector"}
        missing = "须由全部承诺方揭示种子，缺一不可"
        assert self.refused(panel.draw, "agency", self.cycle, seeds=withheld).refusals[0].text == missing
        assert self.refused(panel.draw, "agency", self.cycle, seeds={**NUMBERS, "chair": "1"}).refusals[0].text == missing
        said = self.refused(panel.draw, "agency", self.cycle, seeds={**NUMBERS, "inspector": "0816"})
        assert said.refusals[0].text == "纪检监督人员揭示的种子与其承诺不符，本次抽取无效"
        assert (Seat.objects.count(), Draw.objects.get().seed) == (0, "")

    def test_what_was_frozen_and_changed_since_is_refused(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        commit(self.world, self.cycle)
        row = Draw.objects.get()
        good = json.dumps(row.frozen)

        def one_more_leader(frozen: dict[str, Any]) -> None:
            frozen["pool"][0]["leader"] = not frozen["pool"][0]["leader"]

        changes = [
            one_more_leader,
            lambda f: f["pool"].pop(),
            lambda f: f["panels"][0].update(size=2),
            lambda f: f.update(on="2020-01-01"),
            lambda f: f.update(max_load=9),
        ]
        for change in changes:
            row.frozen = json.loads(good)
            change(row.frozen)
            row.save()
            said = self.refused(panel.draw, "agency", self.cycle, seeds=NUMBERS)
            assert said.refusals[0].text == "冻结的专家池或分组已被改动，抽取中止，请核查"
        row.frozen = json.loads(good)
        row.save()
        self.world.do(panel.draw, "agency", self.cycle, seeds=NUMBERS)

    def test_what_the_frozen_pool_does_not_know_asks_for_a_new_freeze(self) -> None:
        entry = selectors.round_entries(self.cycle, "material")[0]
        self.world.do(panel.freeze, "agency", self.cycle)
        commit(self.world, self.cycle)
        again = "，请写明事由重新冻结后再抽取"
        for kind in ("declared", "kin", "requested", "found"):
            row = conflict(entry, expert("ZJ0005"), kind)
            assert self.refused(panel.draw, "agency", self.cycle, seeds=NUMBERS).refusals[0].text == "冻结后有新的回避事项成立" + again
            row.delete()
        self.world.do(panel.suspend_expert, "office", expert("ZJ0006"), remove=False, reason="出国")
        assert self.refused(panel.draw, "agency", self.cycle, seeds=NUMBERS).refusals[0].text == "冻结后专家 ZJ0006 已不在库" + again
        self.world.do(library.reinstate_expert, "office", expert("ZJ0006"), reason="已回国")
        self.world.do(application.withdraw, self.world.owners[entry.code], entry, reason="另有安排")
        assert self.refused(panel.draw, "agency", self.cycle, seeds=NUMBERS).refusals[0].text == "冻结后评审对象有变化" + again

    def test_a_second_freeze_needs_a_cause_and_asks_for_new_commitments(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        commit(self.world, self.cycle)
        needs = "本轮已冻结或抽取，重新抽取须写明事由，原记录保留"
        assert self.refused(panel.freeze, "agency", self.cycle).refusals[0].text == needs
        assert self.refused(panel.freeze, "agency", self.cycle, cause="  ").refusals[0].text == needs
        self.world.do(panel.freeze, "agency", self.cycle, cause="承诺方拒绝揭示")
        assert payload("panel.freeze")["cause"] == "承诺方拒绝揭示"
        assert [(d.version, len(d.seed_commitments)) for d in Draw.objects.order_by("version")] == [(1, 3), (2, 0)]
        assert self.refused(panel.draw, "agency", self.cycle, seeds=NUMBERS).refusals[0].text == "须有两方以上提交种子承诺后方可抽取"

    def test_a_second_draw_stands_beside_the_first_and_takes_its_place(self) -> None:
        first = draw(self.world, self.cycle)
        self.world.do(panel.freeze, "agency", self.cycle, cause="分组有误")
        known = self.refused(panel.commit_seed, "inspector", self.cycle, commitment=sha(NUMBERS["office"]))
        assert known.refusals[0].text == "该承诺值已被使用，请另选一个数"
        before = {p.code: {s.expert.code for s in p.seats.all()} for p in Panel.objects.all()}
        commit(self.world, self.cycle, OTHERS)
        self.world.do(panel.draw, "agency", self.cycle, seeds=OTHERS)
        rows = {d.version: d for d in Draw.objects.all()}
        assert rows[1].transcript == first.transcript
        assert rows[1].seed != rows[2].seed
        assert {p.code: {s.expert.code for s in p.seats.all()} for p in rows[1].panels.all()} == before
        old = Seat.objects.filter(panel__draw=rows[1])
        assert {(s.vacated_at is None, s.reason) for s in old} == {(False, "第 2 次抽取取代")}
        assert [p.code for p in selectors.panels(self.cycle, "material")] == [f"{code}-v2" for code in sorted(before)]
        for seat in Seat.objects.filter(panel__draw=rows[1]).exclude(expert__in=Seat.objects.filter(panel__draw=rows[2]).values("expert")):
            said = self.refused(review.submit_sheet, seat.expert.code, seat.panel.entries.all()[0], marks={})
            assert said.refusals[0].code == "seat"

    def test_no_second_draw_once_a_sheet_is_in(self) -> None:
        draw(self.world, self.cycle)
        seat = Seat.objects.select_related("expert").filter(panel__award="individual")[0]
        entry = seat.panel.entries.all()[0]
        scheme = self.world.pack.scheme(entry.award, entry.category)
        self.world.do(review.submit_sheet, seat.expert.code, entry, marks={i.code: "8" for i in scheme.items})
        said = self.refused(panel.freeze, "agency", self.cycle, cause="结果不理想")
        assert said.refusals[0].text == "评审已经开始，不能重新抽取，请对个别专家办理替换"
