"""An act, its journal entry and its messages stand or fall together; the same form twice is one act (L1, X5, X6, X7)."""

import json
from datetime import datetime
from typing import Any

import pytest

from tests.foundation.conftest import NOW, Declare, Town, at_once, found_unit, moment
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted, Outcome, Receipt, Refused, To
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import RoleGrant, Unit
from zhiheng.rules.decision import Decision, Reason, yes
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage

pytestmark = pytest.mark.duty("L1")
BOTH = [Role.OFFICE, Role.EXPERT]


def same(receipt: Receipt) -> tuple[str, str, int, str, datetime]:
    """What makes two receipts the same."""
    return receipt.act, receipt.chain, receipt.seq, receipt.hash, receipt.at


def found_and(outcome: Any) -> Any:
    """A body that saves a row and then ends with `outcome`, raised if it is an error."""

    def body(acting: Acting, subject: Any, *, code: str = "new") -> Outcome:
        Unit.objects.create(code=code, kind=Role.DEPARTMENT.value, name="新单位")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return body


def test_an_act_leaves_its_row_its_entry_and_its_receipt(town: Town, declare: Declare) -> None:
    cycle, acting = town.cycle(), town.acting(Role.OFFICE)
    receipt = declare(found_unit, duty=["L1", "A1"])(acting, cycle)
    entry = JournalEntry.objects.get()
    assert same(receipt) == ("test.found", "cycle:2026", 1, entry.hash, NOW)
    assert (receipt.decision, receipt.value, receipt.repeated) == (yes("已设立", duty="L1"), Unit.objects.get(code="new"), False)
    assert json.loads(entry.body) == {
        "chain": "cycle:2026",
        "seq": 1,
        "at": "2026-03-02T09:00:00+08:00",
        "kind": "act",
        "act": "test.found",
        "duties": ["L1", "A1"],
        "articles": ["四"],
        "actor": acting.code,
        "role": "office",
        "unit": "office",
        "subject": "cycle:2026",
        "payload": {"code": "new"},
        "request": "",
        "alg": "sha256",
        "prev": "0" * 64,
    }


def test_a_refused_body_leaves_only_its_refusal(town: Town, declare: Declare) -> None:
    reasons = (
        Reason(False, "缺材料", "四(二)", "D1", "papers"),
        Reason(False, "提示", "四", "L1", "hint", warning=True),
        Reason(True, "格式正确", "四", "L1", "form"),
        Reason(False, "已逾期", "四(一)", "C1", "late"),
    )
    spec = declare(found_and(Outcome(Decision(reasons), tell=[To("role:office", "不应发出", "")])))
    acting = town.acting(Role.OFFICE)
    with pytest.raises(Refused, match="缺材料（《细则》四（二））；已逾期（《细则》四（一））"):
        spec(acting)
    assert not Unit.objects.filter(code="new").exists()
    assert Notification.objects.count() == 0
    entry = JournalEntry.objects.get()
    assert (entry.kind, entry.chain, entry.actor, entry.request_id) == ("refusal", "platform", acting.code, None)
    assert json.loads(entry.body)["payload"] == {
        "why": "Refused",
        "reasons": [
            {"code": "papers", "duty": "D1", "article": "四(二)", "text": "缺材料"},
            {"code": "late", "duty": "C1", "article": "四(一)", "text": "已逾期"},
        ],
    }


def test_a_warning_alone_does_not_refuse(town: Town, declare: Declare) -> None:
    warned = Decision((Reason(False, "请说明", "四", "L1", "hint", warning=True),))
    assert declare(found_and(Outcome(warned)))(town.acting(Role.OFFICE)).decision == warned
    assert Unit.objects.filter(code="new").exists()


TOLD = To("role:office", "标题", "内容")


@pytest.mark.parametrize(
    "outcome",
    [
        RuntimeError("the body breaks after saving"),
        Outcome(yes(), {"n": 0.5}),  # the journal takes no float
        Outcome(yes(), tell=[TOLD, To("role:office", None, "")]),  # type: ignore[arg-type] # a message that cannot be saved
    ],
)
def test_an_error_anywhere_undoes_everything(town: Town, declare: Declare, outcome: Any) -> None:
    with pytest.raises(Exception, match=r"breaks|float|(?i:null)"):
        declare(found_and(outcome))(town.acting(Role.OFFICE))
    assert not Unit.objects.filter(code="new").exists()
    assert (JournalEntry.objects.count(), Notification.objects.count()) == (0, 0)
    assert declare(found_and(Outcome(yes(), tell=[TOLD])), "test.good")(town.acting(Role.OFFICE)).seq == 1
    assert (JournalEntry.objects.count(), Notification.objects.count()) == (1, 1)


def test_messages_are_saved_with_the_act_each_once(town: Town, declare: Declare) -> None:
    """Two messages with one title and different texts are two: a recommender is told of each applicant (E3)."""
    tell = [TOLD, TOLD, To("role:office", "标题", "另一内容"), To("unit:sjz", "标题", "内容")]
    declare(found_and(Outcome(yes(), tell=tell, subject="unit:new")))(town.acting(Role.OFFICE), town.cycle())
    saved = Notification.objects.order_by("pk").values_list("to", "title", "text", "cycle", "subject", "at")
    assert [tuple(row) for row in saved] == [
        ("role:office", "标题", "内容", "2026", "unit:new", NOW),
        ("role:office", "标题", "另一内容", "2026", "unit:new", NOW),
        ("unit:sjz", "标题", "内容", "2026", "unit:new", NOW),
    ]


def with_token(acting: Acting, token: str) -> Acting:
    return Acting(acting.role, acting.person, acting.unit, token)


def test_the_same_form_twice_is_one_act_with_one_receipt(town: Town, declare: Declare) -> None:
    spec, acting = declare(found_unit), town.acting(Role.OFFICE, token="form-1")
    first = spec(acting)
    with clock.travel(moment(2026, 3, 3)):
        second, third = spec(acting), spec(acting)
    assert same(first) == same(second) == same(third)
    assert second.at.utcoffset() == first.at.utcoffset()
    assert (first.repeated, second.repeated, third.repeated) == (False, True, True)
    assert (JournalEntry.objects.count(), Unit.objects.filter(code="new").count()) == (1, 1)
    with pytest.raises(Refused, match="已存在"):
        spec(with_token(acting, "form-2"))
    with pytest.raises(Refused, match="已存在"):
        spec(with_token(acting, ""))


def test_a_refused_form_may_be_sent_again(town: Town, declare: Declare) -> None:
    spec, acting = declare(found_unit), town.acting(Role.OFFICE, token="form-1")
    town.unit(Role.DEPARTMENT, "new")
    with pytest.raises(Refused):
        spec(acting)
    Unit.objects.filter(code="new").delete()
    assert not spec(acting).repeated


def test_a_token_is_worth_nothing_to_another_person_act_role_or_subject(town: Town, declare: Declare) -> None:
    """A token counts for its own form: this person in this role doing this act on this subject. Elsewhere it is just another token,
    so that nobody receives another's receipt, nobody is kept from acting, and nothing breaks."""
    first, second = declare(found_unit, roles=BOTH), declare(found_unit, "test.second", roles=BOTH)
    person = town.person()
    office, expert = (town.acting(role, person=person, token="t") for role in BOTH)
    stranger = town.acting(Role.OFFICE, token="t")
    receipts = [
        first(office, code="a"),
        first(stranger, code="b"),
        second(office, code="c"),
        first(expert, code="d"),
        first(office, town.cycle(), code="e"),
        first(with_token(office, "t" * 500), code="f"),
    ]
    assert [r.repeated for r in receipts] == [False] * 6
    assert len({same(r) for r in receipts}) == 6
    assert sorted(Unit.objects.filter(code__in="abcdef").values_list("code", flat=True)) == list("abcdef")
    assert same(first(stranger, code="b")) == same(receipts[1])
    assert journal.verify("platform") == journal.verify("cycle:2026") == []


def test_a_token_does_not_let_a_stranger_see_the_receipt(town: Town, declare: Declare) -> None:
    spec = declare(found_unit)
    spec(town.acting(Role.OFFICE, token="t"))
    with pytest.raises(NotPermitted):
        spec(Acting(Role.OFFICE, town.person(), town.unit(Role.OFFICE), "t"))
    with pytest.raises(Refused, match="已存在"):
        spec(town.acting(Role.OFFICE, token="t"))


def test_an_act_has_one_moment_from_its_receipt_on(town: Town, declare: Declare) -> None:
    """However long it waits or works, what came before the deadline's second counts (X5)."""
    moments: list[datetime] = []

    def body(acting: Acting, subject: Any) -> Outcome:
        moments.extend([clock.now(), clock.now()])
        return Outcome(yes())

    with clock.travel(None):
        clock.set_to(None)
        before = clock.now()
        receipt = declare(body)(town.acting(Role.OFFICE))
        assert before <= receipt.at <= clock.now()
    assert moments == [receipt.at, receipt.at]
    assert JournalEntry.objects.get().at == receipt.at


@pytest.mark.parametrize("count", [2, 8, 32])
def test_many_at_once_with_the_same_form_are_one_act(real_town: Town, declare: Declare, count: int) -> None:
    spec, acting, cycle = declare(found_unit), real_town.acting(Role.OFFICE, token="form-1"), real_town.cycle()
    receipts = at_once(count, lambda _: spec(acting, cycle))
    assert [type(r) for r in receipts] == [Receipt] * count, receipts
    assert len({same(r) for r in receipts}) == 1
    assert sorted(r.repeated for r in receipts) == [False] + [True] * (count - 1)
    assert (JournalEntry.objects.count(), Unit.objects.filter(code="new").count()) == (1, 1)
    assert journal.verify("cycle:2026") == []


@pytest.mark.parametrize("count", [2, 8, 32])
def test_many_at_once_without_a_token_are_one_act_and_refusals(real_town: Town, declare: Declare, count: int) -> None:
    """The negative control: without the token the others are told no, by the rule and not by the database."""
    spec, acting = declare(found_unit), real_town.acting(Role.OFFICE)
    answers = at_once(count, lambda _: spec(acting))
    assert sorted(type(a).__name__ for a in answers) == ["Receipt"] + ["Refused"] * (count - 1), answers
    assert Unit.objects.filter(code="new").count() == 1
    assert JournalEntry.objects.filter(kind="refusal").count() == count - 1
    assert journal.verify("platform") == []


def test_different_acts_at_once_keep_their_chains_right(real_town: Town, declare: Declare) -> None:
    first, second = declare(found_unit), declare(found_unit, "test.second")
    people = [real_town.acting(Role.OFFICE) for _ in range(16)]
    cycle = real_town.cycle()
    receipts = at_once(16, lambda n: (first if n % 2 else second)(people[n], cycle if n < 8 else None, code=f"u{n}"))
    assert [type(r) for r in receipts] == [Receipt] * 16, receipts
    for chain, part in (("cycle:2026", receipts[:8]), ("platform", receipts[8:])):
        assert sorted(r.seq for r in part) == list(range(1, 9))
        assert journal.verify(chain) == []
    assert Unit.objects.filter(code__startswith="u").count() == 16


def move_on(acting: Acting, cycle: Any, *, stage: Stage) -> Outcome:
    cycle.stage = stage.value
    cycle.save(update_fields=["stage"])
    return Outcome(yes())


def test_of_two_moves_at_once_one_meets_the_stage_that_the_other_left(real_town: Town, declare: Declare) -> None:
    spec = declare(move_on, stages=[Stage.CALL])
    cycle, people = real_town.cycle(), [real_town.acting(Role.OFFICE) for _ in range(8)]
    answers = at_once(8, lambda n: spec(people[n], cycle, stage=Stage.APPLICATION))
    assert sorted(type(a).__name__ for a in answers) == ["NotPermitted"] * 7 + ["Receipt"], answers


def test_a_stage_left_at_the_same_moment_is_left_for_entries_too(real_town: Town, declare: Declare) -> None:
    """An act on an entry and the cycle's going on follow each other: nothing is saved at a stage that has ended."""
    seen: list[str] = []

    def body(acting: Acting, entry: Any) -> Outcome:
        seen.append(type(entry.cycle).objects.get().stage)
        return Outcome(yes())

    on_entry = declare(body, "test.entry", stages=[Stage.CALL])
    going_on = declare(move_on)
    cycle = real_town.cycle()
    entries = [real_town.entry(cycle, EntryStatus.DRAFT, n) for n in range(8)]
    office = real_town.acting(Role.OFFICE)
    answers = at_once(8, lambda n: going_on(office, cycle, stage=Stage.APPLICATION) if n == 3 else on_entry(office, entries[n]))
    assert {type(a).__name__ for a in answers} <= {"Receipt", "NotPermitted"}, answers
    stages = JournalEntry.objects.exclude(kind="refusal").order_by("seq").values_list("act", flat=True)
    assert list(stages)[-1] == "test.found"
    assert set(seen) <= {"call"}


def test_a_grant_revoked_in_between_counts_at_the_next_act(town: Town, declare: Declare) -> None:
    spec, acting = declare(found_unit), town.acting(Role.OFFICE)
    spec(acting, code="a")
    RoleGrant.objects.update(revoked_at=NOW)
    with pytest.raises(NotPermitted):
        spec(acting, code="b")
