"""Panels: the frozen pool, the commitments, the draw and the draw again, who leaves and who follows (F1, G1, K7; Q16–Q18)."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.stages.drawing import NUMBERS, OTHERS, by_hand, commit, conflict, draw, drawn, expert, other_agency, payload, place, reveal, sha
from tests.stages.playing import Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process.register import application, library, panel, review
from zhiheng.process.replay import replay
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.composing import groups
from zhiheng.stages.panel.freezing import changed_since
from zhiheng.stages.panel.lotteries import prepare
from zhiheng.stages.panel.models import Draw, Expert, Grouping, Lottery, Panel, Seat


def canonical(plain: Any) -> str:
    """Canonical JSON as anybody writes it."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Accepted(Played):
    """The list of the accepted is final; nothing is drawn."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.QUALIFICATION)
        applying.qualify(world, cycle, failing=False)
        applying.go_on(world, cycle)
        return world, fresh(cycle)


@pytest.mark.duty("F1", "K7")
class TestDraw(Accepted):
    """From the accepted list to the seats of the material panels."""

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
        why = {e: text for p, e, text in drawn.frozen["excluded"] if p == code}
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

    def test_who_is_away_or_has_not_confirmed_is_excluded_with_the_reason(self) -> None:
        Expert.objects.filter(code="ZJ0003").update(approved_on=None)
        Expert.objects.filter(code="ZJ0004").update(term_until=clock.today())
        Expert.objects.filter(code="ZJ0005").update(term_until=clock.today() - timedelta(days=1))
        row = draw(self.world, self.cycle)
        out = {e: why for p, e, why in row.frozen["excluded"] if not p}
        assert out == {"ZJ0003": "本人信息尚未确认", "ZJ0005": out["ZJ0005"]}
        assert out["ZJ0005"].startswith("聘期已于")
        assert "ZJ0004" in row.lottery.made["experts"]
        assert {"ZJ0003", "ZJ0005"}.isdisjoint(row.lottery.made["experts"])

    def test_too_few_experts_are_named_and_nobody_is_seated(self) -> None:
        Expert.objects.exclude(code__in=["ZJ0001", "ZJ0002"]).update(status="suspended")
        self.world.do(panel.freeze, "agency", self.cycle)
        said = self.refused(panel.publish_lottery, "agency", self.cycle)
        assert [r.code for r in said.refusals] == ["infeasible", "infeasible"]
        assert said.refusals[0].text == "以下要求不能同时满足：组织奖第1组须有专家3名"
        change = "将个人奖高层领导者第1组、组织奖第1组的人数由3名减为1名，或者每组补充2名可以参加该组的专家"
        assert said.refusals[1].text == f"作以下调整即可抽取：{change}"
        assert Seat.objects.count() == 0
        assert Lottery.objects.get().published_at is None

    def test_where_nobody_may_be_drawn(self) -> None:
        Expert.objects.update(approved_on=None)
        nobody = "专家库中没有今日可以抽取的专家，请先登记、审核专家"
        assert self.refused(panel.freeze, "agency", self.cycle).refusals[0].text == nobody
        assert Draw.objects.count() == 0

    def test_nothing_is_drawn_before_the_freeze_or_with_nothing_to_review(self) -> None:
        nothing = "没有待抽取的抽签方案，请先冻结专家池和分组并公布抽签方案"
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == nothing
        early = "抽签方案尚未公布，请待公布后再提交承诺"
        assert self.refused(panel.commit_seed, "office", self.cycle, commitment=sha("1")).refusals[0].text == early
        assert self.refused(panel.publish_lottery, "agency", self.cycle).refusals[0].text == "请先冻结专家池和分组"
        self.world.do(panel.freeze, "agency", self.cycle)
        assert self.refused(panel.commit_seed, "office", self.cycle, commitment=sha("1")).refusals[0].text == early
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == nothing
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        assert self.refused(panel.publish_lottery, "agency", self.cycle).refusals[0].text == "抽签方案已公布，不得更改"
        self.cycle.entries.update(status="withdrawn")
        assert self.refused(panel.freeze, "agency", self.cycle, cause="申报撤回").refusals[0].text == "本轮没有需要评审的申报"

    def test_only_the_commissioned_agency(self) -> None:
        stranger = other_agency()
        for act, details in (
            (panel.freeze, {}),
            (panel.publish_lottery, {}),
            (panel.regroup, {"moves": {}, "sizes": {}, "reason": "x"}),
            (panel.commit_seed, {"commitment": sha("1")}),
            (panel.reveal_seed, {"number": "1"}),
            (panel.draw, {}),
        ):
            assert self.refused(act, stranger, self.cycle, error=NotPermitted, **details).refusals[0].code == "scope"

    def test_commitments_given_up_before_anybody_revealed(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        assert self.refused(panel.discard_seeds, "office", self.cycle, cause="x").refusals[0].text == "没有可以作废的承诺"
        commit(self.world, self.cycle)
        assert self.refused(panel.discard_seeds, "office", self.cycle, cause=" ").refusals[0].text == "请写明作废承诺的事由"
        self.world.do(panel.discard_seeds, "office", self.cycle, cause="承诺方抄存有误")
        assert Draw.objects.get().discarded[0]["withheld"] == []
        commit(self.world, self.cycle, OTHERS)
        reveal(self.world, self.cycle, OTHERS)
        assert self.refused(panel.discard_seeds, "office", self.cycle, cause="x").refusals[0].text == "各方均已揭示，不能作废承诺"

    def test_a_public_number_comes_last(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle, public_source="福利彩票3D 2024180期")
        commit(self.world, self.cycle)
        early = self.refused(panel.record_public_number, "agency", self.cycle, number="4 7 1", where="中国福彩网")
        assert early.refusals[0].text == "须各方均揭示种子后再登记公开数"
        reveal(self.world, self.cycle)
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == "公开数尚未登记"
        wrong = self.refused(panel.record_public_number, "agency", self.cycle, number="四 七", where="中国福彩网")
        assert wrong.refusals[0].text == "公开数须为若干整数（以空格隔开）、一个小数或一串字母和数字"
        nowhere = self.refused(panel.record_public_number, "agency", self.cycle, number="4 7 1", where=" ")
        assert nowhere.refusals[0].text == "请填写公开数的出处，供查验"
        self.world.do(panel.record_public_number, "agency", self.cycle, number="4 7 1", where="中国福彩网")
        again = self.refused(panel.record_public_number, "agency", self.cycle, number="4 7 2", where="中国福彩网")
        assert again.refusals[0].text == "公开数已经登记，不得更改"
        self.world.do(panel.draw, "agency", self.cycle)
        row = Draw.objects.get()
        key = "/".join([*(f"{NUMBERS[r]}." for r in ("agency", "inspector", "office")), "1.4.7.", ""])
        assert row.ticket == int(hashlib.sha256(b"\0\0" + key.encode() + b"\0\0").hexdigest(), 16) % 1000 + 1
        none = self.refused(panel.record_public_number, "agency", self.cycle, number="4", where="x")
        assert none.refusals[0].text == "本次抽取未预告公开数"

    def test_balls_show_the_ticket_itself(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle, method="balls")
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        said = self.refused(panel.commit_seed, "office", self.cycle, commitment=sha("1"))
        assert said.refusals[0].text == "本次以号码球抽取，无须提交承诺"
        assert self.refused(panel.reveal_seed, "agency", self.cycle, number="42").refusals[0].text == "请按摇出次序填写3位号码"
        self.world.do(panel.reveal_seed, "agency", self.cycle, number="024")
        self.world.do(panel.reveal_seed, "agency", self.cycle, number="042")  # typed wrong, and nobody else has entered anything yet
        assert Draw.objects.get().seeds == {"agency": "042"}
        other = self.refused(panel.reveal_seed, "inspector", self.cycle, number="043")
        assert other.refusals[0].text == "与另一方录入的号码不一致，请当场核对号码球后重新录入"
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == "须有两方各自录入号码球的号码，现有 1 方"
        self.world.do(panel.reveal_seed, "inspector", self.cycle, number="042")
        late = self.refused(panel.reveal_seed, "agency", self.cycle, number="043")
        assert late.refusals[0].text == "各方录入的号码已一致，不得更改"
        self.world.do(panel.draw, "agency", self.cycle)
        row = Draw.objects.get()
        assert (row.ticket, row.sources) == (42, ["042"])
        assert all(check.ok for check in replay(row))

    def test_three_noughts_are_the_thousandth(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle, method="balls")
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        for who in ("agency", "inspector"):
            self.world.do(panel.reveal_seed, who, self.cycle, number="000")
        self.world.do(panel.draw, "agency", self.cycle)
        assert Draw.objects.get().ticket == 1000

    def test_an_applicants_representative_takes_part(self) -> None:
        entry = selectors.round_entries(self.cycle, "material")[0]
        owner = self.world.owners[entry.code]
        stranger = next(o for code, o in self.world.owners.items() if o != owner)
        self.world.do(panel.freeze, "agency", self.cycle, representative=entry)
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        number = "9319" * 6
        refusal = self.refused(panel.commit_seed, stranger, self.cycle, error=NotPermitted, commitment=sha(number))
        assert refusal.refusals[0].code == "scope"
        self.world.do(panel.commit_seed, owner, self.cycle, commitment=sha(number))
        self.world.do(panel.commit_seed, "inspector", self.cycle, commitment=sha(NUMBERS["inspector"]))
        self.world.do(panel.reveal_seed, owner, self.cycle, number=number)
        self.world.do(panel.reveal_seed, "inspector", self.cycle, number=NUMBERS["inspector"])
        self.world.do(panel.draw, "agency", self.cycle)
        assert Draw.objects.get().sources == [number, NUMBERS["inspector"]]

    def test_a_lottery_that_is_not_what_it_says_is_not_published(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        row = Lottery.objects.get()
        prepare.func(row.draw_id)
        row.refresh_from_db()
        assert (row.ready, row.published_at) == (1000, None)
        good = json.dumps(row.content)

        def first_of(content: dict[str, Any], other: dict[str, Any]) -> None:
            content["tickets"][6][0][0] = other["tickets"][6][1][0]

        faults = [
            (lambda c: c["tickets"].pop(), "应有1000张签"),
            (lambda c: c["chances"].update({c["experts"][0]: 999}), "所示入选机会与各签不符"),
            (lambda c: first_of(c, c), "第7签："),
            (lambda c: c.update(frozen="0" * 64), "方案与冻结名单不符"),
        ]
        for change, text in faults:
            row.content = json.loads(good)
            change(row.content)
            row.save()
            said = self.refused(panel.publish_lottery, "agency", self.cycle)
            assert said.refusals[0].text.startswith("抽签方案未通过校核，请重新冻结后再公布：")
            assert text in said.refusals[0].text
        row.content = json.loads(good)
        row.save()
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        assert payload("panel.publish_lottery")["lottery_digest"] == sha(canonical(json.loads(good)))

    def test_groups_changed_by_hand_are_drawn_for(self) -> None:
        code = selectors.round_entries(self.cycle, "material")[0]
        (one,) = [g.code for g in groups(self.cycle, "material", facts.entries([code]))]
        assert self.refused(panel.regroup, "agency", self.cycle, moves={}, sizes={}, reason=" ").refusals[0].text == "请写明调整分组的理由"
        self.world.do(panel.regroup, "agency", self.cycle, moves={code.code: "new"}, sizes={one: 4}, reason="避免集中")
        assert payload("panel.regroup") == {"round": "material", "moves": {code.code: "new"}, "sizes": {one: 4}, "reason": "避免集中"}
        row = draw(self.world, self.cycle)
        found = {p.code: ([e.code for e in p.entries.all()], p.seats.count()) for p in row.panels.all()}
        assert len(found) == 3
        assert [entries for entries, _ in found.values() if code.code in entries] == [[code.code]]
        assert sorted(n for _, n in found.values()) == [3, 3, 4]
        changes = Grouping.objects.get().changes
        assert [(c["reason"], c["by"]) for c in changes] == [("避免集中", self.world.people["agency"].code)] * 2


@pytest.mark.duty("F1", "K7")
class TestPublished(Accepted):
    """From the published tickets to the seats, and to a draw again."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        world.do(panel.freeze, "agency", cycle)
        world.do(panel.publish_lottery, "agency", cycle)
        return world, cycle

    def test_the_seats_are_what_anybody_computes_from_the_record(self) -> None:
        frozen = payload("panel.freeze")
        commit(self.world, self.cycle)
        reveal(self.world, self.cycle)
        self.world.do(panel.draw, "agency", self.cycle, present=["赵见证，纪检监督", " "])
        row = Draw.objects.get()
        assert row.sources == [NUMBERS["agency"], NUMBERS["inspector"], NUMBERS["office"]]
        assert row.pool_digest == frozen["pool_digest"] == sha(canonical(row.frozen))
        assert row.lottery.digest == sha(canonical(row.lottery.content))
        assert row.ticket == place(row.sources, 0, 1000)
        hand = by_hand(row)
        assert len(hand) == 2
        assert {p.code: sorted(s.expert.code for s in p.seats.all()) for p in Panel.objects.all()} == {
            p: sorted(c) for p, c in hand.items()
        }
        assert [len(c) for c in hand.values()] == [3, 3]
        done = payload("panel.draw")
        assert (done["panels"], done["leaders"], done["ticket"]) == (hand, {}, row.ticket)
        assert (done["sources"], done["pool_digest"], done["lottery_digest"]) == (row.sources, row.pool_digest, row.lottery.digest)
        assert row.present == ["赵见证，纪检监督"]
        told_to = set(Notification.objects.filter(title="受聘评审通知").values_list("to", flat=True))
        assert told_to == {f"person:{expert(c).person.code}" for chosen in hand.values() for c in chosen}
        assert {check.title: check.ok for check in replay(row)} == dict.fromkeys([check.title for check in replay(row)], True)
        assert len(replay(row)) == 12

    def test_every_entry_is_on_one_panel_of_its_award_and_category(self) -> None:
        short = {panel for panel, kind, _ in drawn(self.world, self.cycle).lottery.made["short"] if kind == "field"}
        for entry in selectors.round_entries(self.cycle, "material"):
            (one,) = entry.panels.all()
            assert (one.award, one.category) == (entry.award, entry.category)
            assert (
                one.code in short
                or any(entry.industry in s.expert.industries and entry.category in s.expert.categories for s in one.seats.all())
                or any(
                    {e.industry for e in one.entries.all()} & set(s.expert.industries) and entry.category in s.expert.categories
                    for s in one.seats.all()
                )
            )

    def test_panels_of_the_other_round_count_as_load(self) -> None:
        drawn(self.world, self.cycle)
        busy = sorted(Seat.objects.values_list("expert__code", flat=True))
        Expert.objects.update(max_load=1)
        self.cycle.stage = Stage.SITE_VISIT.value
        self.cycle.save()
        for row in selectors.round_entries(self.cycle, "material"):
            row.status = "shortlisted"
            row.save()
        self.world.do(panel.freeze, "agency", self.cycle)
        frozen = Draw.objects.get(round="site").frozen
        assert [e["code"] for e in frozen["pool"] if e["load"]] == busy

    def test_commitments(self) -> None:
        for wrong in ("", "abc", "g" * 64, sha("1").upper(), sha("1") + "0"):
            said = self.refused(panel.commit_seed, "office", self.cycle, commitment=wrong)
            assert said.refusals[0].text == "承诺值应为 64 位十六进制摘要"
        few = "须有两方以上提交种子承诺，现有 0 方"
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == few
        mine = sha(NUMBERS["office"])
        self.world.do(panel.commit_seed, "office", self.cycle, commitment=mine)
        assert payload("panel.commit_seed") == {"round": "material", "version": 1, "commitment": mine}
        alone = "须有两方以上提交种子承诺后方可揭示"
        assert self.refused(panel.reveal_seed, "office", self.cycle, number=NUMBERS["office"]).refusals[0].text == alone
        for who in ("office", "office2"):
            assert self.refused(panel.commit_seed, who, self.cycle, commitment=sha("18")).refusals[0].text == "已经提交承诺，不得更改"
        copied = self.refused(panel.commit_seed, "agency", self.cycle, commitment=mine)
        assert copied.refusals[0].text == "该承诺值已被使用，请另选一个数"
        both = self.world.people["office"]
        agency = self.world.people["agency"].unit
        RoleGrant.objects.create(person=both.person, role="agency", unit=agency, granted_at=clock.now())
        twice = self.refused(panel.commit_seed, Acting(Role.AGENCY, both.person, agency), self.cycle, commitment=sha("5"))
        assert twice.refusals[0].text == "各方承诺须由不同人员各自独立提交"
        self.world.do(panel.commit_seed, "inspector", self.cycle, commitment=sha(NUMBERS["inspector"]))
        self.world.do(panel.reveal_seed, "inspector", self.cycle, number=NUMBERS["inspector"])
        late = self.refused(panel.commit_seed, "agency", self.cycle, commitment=sha("4"))
        assert late.refusals[0].text == "已有一方揭示种子，不能再提交承诺"
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == "须由全部承诺方揭示种子，缺一不可"
        self.world.do(panel.reveal_seed, "office", self.cycle, number=" ".join(NUMBERS["office"]))
        self.world.do(panel.draw, "office", self.cycle)
        assert Draw.objects.get().seeds == {"office": NUMBERS["office"], "inspector": NUMBERS["inspector"]}
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].duty == "F1"

    def test_another_number_than_committed_to_is_refused(self) -> None:
        commit(self.world, self.cycle)
        said = self.refused(panel.reveal_seed, "inspector", self.cycle, number=OTHERS["inspector"])
        assert said.refusals[0].text == "揭示的种子与承诺不符，请核对抄存的数字"
        self.world.do(panel.reveal_seed, "inspector", self.cycle, number=NUMBERS["inspector"])
        again = self.refused(panel.reveal_seed, "inspector", self.cycle, number=NUMBERS["inspector"])
        assert again.refusals[0].text == "已经揭示，不得更改"

    def test_a_number_that_could_be_found_out_by_trying_does_not_count(self) -> None:
        commit(self.world, self.cycle, {"office": "4711", "agency": "0" + "4711" * 5})
        for who, number in (("office", "4711"), ("agency", "0" + "4711" * 5)):
            said = self.refused(panel.reveal_seed, who, self.cycle, number=number)
            assert said.refusals[0].text == ("种子须为20至60位数字，首位不为0；所承诺的不符合，请按规定作废承诺后重新提交")

    def test_a_number_withheld_after_others_revealed(self) -> None:
        """The rule: the tickets stay, the commitments go with the inspector's consent, who withheld commits no more; all on record."""
        commit(self.world, self.cycle)
        self.world.do(panel.reveal_seed, "office", self.cycle, number=NUMBERS["office"])
        self.world.do(panel.reveal_seed, "inspector", self.cycle, number=NUMBERS["inspector"])
        before = Lottery.objects.get().digest
        said = self.refused(panel.discard_seeds, "office", self.cycle, cause="评审机构拒绝揭示")
        assert said.refusals[0].text == "已有一方揭示种子，作废承诺须先由监督人员同意"
        assert self.refused(panel.consent_again, "inspector", self.cycle, reason=" ").refusals[0].text == "请写明同意再次抽取的理由"
        self.world.do(panel.consent_again, "inspector", self.cycle, reason="情况属实")
        assert self.refused(panel.consent_again, "inspector", self.cycle, reason="再次").refusals[0].text == "已经同意，尚未重新抽取"
        self.world.do(panel.discard_seeds, "office", self.cycle, cause="评审机构拒绝揭示")
        row = Draw.objects.get()
        assert (row.seed_commitments, row.seeds, row.witnesses, row.consent) == ({}, {}, {}, {})
        (gone,) = row.discarded
        assert (gone["withheld"], gone["cause"], gone["consent"]["reason"]) == (["agency"], "评审机构拒绝揭示", "情况属实")
        barred = self.refused(panel.commit_seed, "agency", self.cycle, commitment=sha(OTHERS["agency"]))
        assert barred.refusals[0].text == "曾承诺而未揭示的一方，不得再为本次抽取提交承诺"
        two = {r: OTHERS[r] for r in ("office", "inspector")}
        commit(self.world, self.cycle, two)
        reveal(self.world, self.cycle, two)
        self.world.do(panel.draw, "agency", self.cycle)
        row = Draw.objects.get()
        assert row.lottery.digest == before
        assert row.ticket == place([OTHERS["inspector"], OTHERS["office"]], 0, 1000)
        assert all(check.ok for check in replay(row))

    def test_what_was_frozen_or_published_and_changed_since_is_refused(self) -> None:
        commit(self.world, self.cycle)
        reveal(self.world, self.cycle)
        row = Draw.objects.get()
        good = json.dumps(row.frozen)

        def one_more_leader(frozen: dict[str, Any]) -> None:
            frozen["pool"][0]["leader"] = not frozen["pool"][0]["leader"]

        changes = [
            one_more_leader,
            lambda f: f["panels"][0].update(size=2),
            lambda f: f.update(on="2020-01-01"),
            lambda f: f.update(max_load=9),
            lambda f: f["excluded"].append(["", f["pool"][0]["code"], "出国"]),
        ]
        tampered = "冻结的名单或抽签方案已被改动，抽取中止，请核查"
        for change in changes:
            row.frozen = json.loads(good)
            change(row.frozen)
            row.save()
            assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == tampered
            assert not all(check.ok for check in replay(row))
        row.frozen = json.loads(good)
        row.save()
        lottery = row.lottery
        kept = json.dumps(lottery.content)
        lottery.made["tickets"][0], lottery.made["tickets"][1] = lottery.made["tickets"][1], lottery.made["tickets"][0]
        lottery.save()
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == tampered
        lottery.content = json.loads(kept)
        lottery.save()
        self.world.do(panel.draw, "agency", self.cycle)

    def test_what_the_frozen_pool_does_not_know_asks_for_a_new_freeze(self) -> None:
        entry = selectors.round_entries(self.cycle, "material")[0]
        commit(self.world, self.cycle)
        reveal(self.world, self.cycle)
        again = "，请写明事由重新冻结后再抽取"
        for kind in ("declared", "kin", "requested", "found"):
            row = conflict(entry, expert("ZJ0005"), kind)
            assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == "冻结后有新的回避事项成立" + again
            row.delete()
        Expert.objects.filter(code="ZJ0005").update(consulted=[{"employer": "与本轮无关的单位", "until": None}])
        assert changed_since(Draw.objects.get()) == ""
        firm = next(e for e in selectors.round_entries(self.cycle, "material") if e.award == "organization")
        Expert.objects.filter(code="ZJ0005").update(consulted=[{"employer": firm.name, "until": None}])
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == "冻结后有新的回避事项成立" + again
        Expert.objects.filter(code="ZJ0005").update(consulted=[])
        self.world.do(panel.suspend_expert, "office", expert("ZJ0006"), remove=False, reason="出国")
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == "冻结后专家 ZJ0006 已不在库" + again
        self.world.do(library.reinstate_expert, "office", expert("ZJ0006"), reason="已回国")
        self.world.do(application.withdraw, self.world.owners[entry.code], entry, reason="另有安排")
        assert self.refused(panel.draw, "agency", self.cycle).refusals[0].text == "冻结后评审对象有变化" + again

    def test_a_second_freeze_needs_a_cause_and_asks_for_new_commitments(self) -> None:
        commit(self.world, self.cycle)
        needs = "本轮已冻结或抽取，重新抽取须写明事由，原记录保留"
        assert self.refused(panel.freeze, "agency", self.cycle).refusals[0].text == needs
        assert self.refused(panel.freeze, "agency", self.cycle, cause="  ").refusals[0].text == needs
        self.world.do(panel.freeze, "agency", self.cycle, cause="分组有误")
        assert payload("panel.freeze")["cause"] == "分组有误"
        assert [(d.version, len(d.seed_commitments)) for d in Draw.objects.order_by("version")] == [(1, 3), (2, 0)]

    def test_a_clerk_cannot_draw_until_the_result_pleases(self) -> None:
        """Once a number is revealed every further attempt needs a cause and the inspector's consent, each time; all stay on record."""
        consent = "种子已揭示或专家已抽取，再次抽取须先由监督人员同意"
        drawn(self.world, self.cycle)
        for version in (2, 3):
            assert self.refused(panel.freeze, "agency", self.cycle, cause="结果不理想").refusals[0].text == consent
            moves = self.refused(panel.regroup, "agency", self.cycle, moves={}, sizes={}, reason="结果不理想")
            assert moves.refusals[0].text == "本轮分组已冻结，须先经监督人员同意重新冻结，方可调整"
            self.world.do(panel.consent_again, "inspector", self.cycle, reason=f"第{version}次")
            numbers = {r: n[::-1] + str(version) for r, n in OTHERS.items()}
            numbers = {r: n if n[0] != "0" else f"9{n}" for r, n in numbers.items()}
            draw(self.world, self.cycle, cause="分组有误", numbers=numbers)
            assert payload("panel.freeze")["consent"]["reason"] == f"第{version}次"
            assert Draw.objects.get(version=version).allowed["reason"] == f"第{version}次"
        assert [(d.version, d.cause, bool(d.drawn_at)) for d in Draw.objects.order_by("version")] == [
            (1, "", True),
            (2, "分组有误", True),
            (3, "分组有误", True),
        ]
        refusals = JournalEntry.objects.filter(act="panel.freeze", kind="refusal").count()
        assert refusals == 2

    def test_a_second_draw_stands_beside_the_first_and_takes_its_place(self) -> None:
        first = drawn(self.world, self.cycle)
        self.world.do(panel.consent_again, "inspector", self.cycle, reason="分组确有错误")
        self.world.do(panel.freeze, "agency", self.cycle, cause="分组有误")
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        known = self.refused(panel.commit_seed, "inspector", self.cycle, commitment=sha(NUMBERS["office"]))
        assert known.refusals[0].text == "该承诺值已被使用，请另选一个数"
        before = {p.code: {s.expert.code for s in p.seats.all()} for p in Panel.objects.all()}
        commit(self.world, self.cycle, OTHERS)
        reveal(self.world, self.cycle, OTHERS)
        self.world.do(panel.draw, "agency", self.cycle)
        rows = {d.version: d for d in Draw.objects.all()}
        assert (rows[1].ticket, rows[1].sources) == (first.ticket, first.sources)
        assert {p.code: {s.expert.code for s in p.seats.all()} for p in rows[1].panels.all()} == before
        old = Seat.objects.filter(panel__draw=rows[1])
        assert {(s.vacated_at is None, s.reason) for s in old} == {(False, "第 2 次抽取取代")}
        assert [p.code for p in selectors.panels(self.cycle, "material")] == [f"{code}-v2" for code in sorted(before)]
        for seat in Seat.objects.filter(panel__draw=rows[1]).exclude(expert__in=Seat.objects.filter(panel__draw=rows[2]).values("expert")):
            said = self.refused(review.submit_sheet, seat.expert.code, seat.panel.entries.all()[0], marks={})
            assert said.refusals[0].code == "seat"

    def test_no_second_draw_once_a_sheet_is_in(self) -> None:
        drawn(self.world, self.cycle)
        seat = Seat.objects.select_related("expert").filter(panel__award="individual")[0]
        entry = seat.panel.entries.all()[0]
        scheme = self.world.pack.scheme(entry.award, entry.category)
        self.world.do(review.submit_sheet, seat.expert.code, entry, marks={i.code: "8" for i in scheme.items})
        self.world.do(panel.consent_again, "inspector", self.cycle, reason="同意")
        said = self.refused(panel.freeze, "agency", self.cycle, cause="结果不理想")
        assert said.refusals[0].text == "评审已经开始，不能重新抽取，请对个别专家办理替换"
