"""The draw itself: the sources make a key, the key draws a ticket, the ticket seats the panels and the key their leaders (F1, G1, K7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules import draw as lot
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.draw_record import digest_of as plain_digest
from zhiheng.rules.draw_record import frozen_from_json
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import Parameters, given
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.composing import BEGUN, STAGES
from zhiheng.stages.panel.freezing import begun, changed_since
from zhiheng.stages.panel.lotteries import seating_of
from zhiheng.stages.panel.models import Draw, Expert, Panel, Seat
from zhiheng.stages.panel.seeds import PARTIES
from zhiheng.stages.qualification.selectors import commissioned


@act(
    "panel.draw",
    "抽取评审专家",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
    foretold=False,
)
def draw(acting: Acting, cycle: Cycle, *, present: Sequence[str] = ()) -> Outcome:
    """Draw a ticket by the numbers that all parties revealed and seat the panels. present: who was in the room, for the minutes."""
    name, article, duty = selectors.round_of(cycle)
    draft = selectors.last_draw(cycle, name)
    if draft is None or draft.drawn_at or not (lottery := selectors.published(draft)):
        return Outcome(no("没有待抽取的抽签方案，请先冻结专家池和分组并公布抽签方案", article=article, duty=duty))
    if begun(cycle, name):
        return Outcome(no(BEGUN, article=article, duty=duty))
    if missing := numbers_missing(draft):
        return Outcome(no(missing, article=article, duty=duty))
    if changed := changed_since(draft):
        return Outcome(no(f"冻结后{changed}，请写明事由重新冻结后再抽取", article=article, duty=duty))
    # What was published is drawn from, or nothing is.
    if plain_digest(draft.frozen) != draft.pool_digest or plain_digest(lottery.made) != lottery.digest:
        return Outcome(no("冻结的名单或抽签方案已被改动，抽取中止，请核查", article=article, duty=duty))
    params, tickets = rules_of(cycle).parameters, len(lottery.made["tickets"])
    draft.sources = lot.sources(draft.method, draft.seeds, draft.public_number)
    drawn = ticket_of(draft, tickets, params)
    if drawn.value is None:
        return Outcome(Decision(drawn.reasons))
    draft.ticket, draft.drawn_at, draft.present = drawn.value, clock.now(), [text.strip() for text in present if text.strip()]
    draft.save(update_fields=["sources", "ticket", "drawn_at", "present"])
    # A second draw takes the place of the first, whose panels stay on record with every seat vacated.
    drawn_before = Seat.objects.filter(panel__cycle=cycle, panel__round=name, vacated_at=None)
    drawn_before.update(vacated_at=clock.now(), reason=f"第 {draft.version} 次抽取取代")
    seating = seating_of(lottery.made, draft.ticket)
    leaders = leaders_of(draft, seating, params)
    seated = _seat_all(draft, seating, leaders)
    payload = {
        "round": name,
        "version": draft.version,
        "pool_digest": draft.pool_digest,
        "lottery_digest": lottery.digest,
        "sources": draft.sources,
        "ticket": draft.ticket,
        "panels": seating,
        "leaders": leaders,
        "present": digest_of(draft.present),
    }
    tell = [To(f"person:{code}", "受聘评审通知", invitation(cycle, seated[1])) for code in sorted(seated[0])]
    said: Decision[None] = yes(
        f"抽中第 {draft.ticket} 签，{len(seating)} 个专家组共 {sum(map(len, seating.values()))} 名专家已产生", duty=duty
    )
    return Outcome(said, payload, value=draft, tell=tell)


def invitation(cycle: Cycle, due: date | None) -> str:
    """What a drawn expert is told."""
    until = f"，请于{chinese_date(due)}前答复是否接受" if due else ""
    return f"您已被抽取参加{cycle.title}评审{until}"


def numbers_missing(draft: Draw) -> str:
    """What the draw still waits for, in Chinese; empty when every number is there."""
    if draft.method == "balls":
        return "" if len(draft.seeds) >= PARTIES else f"须有两方各自录入号码球的号码，现有 {len(draft.seeds)} 方"
    if len(draft.seed_commitments) < PARTIES:
        return f"须有两方以上提交种子承诺，现有 {len(draft.seed_commitments)} 方"
    if set(draft.seeds) != set(draft.seed_commitments):
        return "须由全部承诺方揭示种子，缺一不可"
    return "公开数尚未登记" if draft.public_source and not draft.public_number else ""


def ticket_of(draft: Draw, tickets: int, params: Parameters) -> Decision[int]:
    """The ticket (from 1): what balls show is its number, zeros the last; numbers draw it by RFC 3797."""
    if draft.method == "balls":
        return Decision((), int(draft.sources[0]) or tickets)
    return lot.drawn_place(draft.sources, 0, tickets, given(params.draw_digest, "sha256"))


def leaders_of(draft: Draw, seating: lot.Seating, params: Parameters) -> dict[str, str]:
    """Panel → leader, where the pack has leaders drawn."""
    if given(params.leader_by, "drawn") != "drawn":
        return {}
    return lot.leaders(frozen_from_json(draft.frozen), seating, draft.sources, given(params.draw_digest, "sha256"))


def panel_code(draft: Draw, plain: str) -> str:
    """A panel of a later version bears it in its code."""
    return plain if draft.version == 1 else f"{plain}-v{draft.version}"


def plain_code(panel: Panel) -> str:
    """The panel's code in what was frozen."""
    return panel.code if panel.draw.version == 1 else panel.code.removesuffix(f"-v{panel.draw.version}")


def _seat_all(draft: Draw, seating: lot.Seating, leaders: dict[str, str]) -> tuple[set[str], date | None]:
    """Make the panels with their seats; the persons' codes, and the last day to answer."""
    entries = {e.code: e for e in selectors.round_entries(draft.cycle, draft.round)}
    specs = {spec.code: spec for spec in frozen_from_json(draft.frozen).panels}
    codes = {code for members in seating.values() for code in members}
    experts = {e.code: e for e in Expert.objects.filter(code__in=codes).select_related("person")}
    due = selectors.answer_due(draft.cycle)
    for plain in sorted(seating):
        mine = [entries[entry.code] for entry in specs[plain].entries]
        panel = Panel.objects.create(
            code=panel_code(draft, plain),
            cycle=draft.cycle,
            round=draft.round,
            award=mine[0].award,
            category=mine[0].category,
            draw=draft,
        )
        panel.entries.set(mine)
        Seat.objects.bulk_create(
            Seat(panel=panel, expert=experts[code], leader=leaders.get(plain) == code, due=due) for code in seating[plain]
        )
    return {e.person.code for e in experts.values()}, due
