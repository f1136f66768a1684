"""Making and publishing the lottery of a frozen draw: tickets, probabilities, and how even they are (F1, G1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.db import transaction
from django_tasks import task

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.lottery.colliding import given_up
from zhiheng.foundation.lottery.joint import Joint, Progress, build, unheard
from zhiheng.foundation.lottery.plainly import TIMES, plain_chances
from zhiheng.rules import draw as lot
from zhiheng.rules.compose import in_words
from zhiheng.rules.decision import Decision, Reason, decide, no, yes
from zhiheng.rules.draw_record import Frozen, digest_of, frozen_from_json
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.lottery_chances import Evenness, evenness
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.composing import STAGES, frozen_groups
from zhiheng.stages.panel.models import Draw, Lottery
from zhiheng.stages.qualification.selectors import commissioned

Json = dict[str, Any]
_PLACES = 9
_STEPS = 20  # how often progress is written down
_FAULTS = 20  # more of them say nothing more


def prepare_soon(draft: Draw) -> None:
    """Have the lottery made outside the request."""
    Lottery.objects.create(draw=draft)
    prepare.enqueue(draft.pk)


@task()
def prepare(draw: int) -> None:
    """Make the lottery of a draw and keep it until it is published. Done twice, it gives the same."""
    row = Lottery.objects.select_related("draw__cycle").filter(draw=draw, published_at=None).first()
    if row is None or row.content:
        return

    def progress(done: int, of: int) -> None:
        if done * _STEPS // of != row.ready * _STEPS // of:
            row.ready = done
            Lottery.objects.filter(pk=row.pk, content=None).update(ready=done)

    made = make(row.draw, progress)
    keep(row, made)


def keep(row: Lottery, made: Decision[Json]) -> None:
    """Write down what came of making it, unless it was published meanwhile."""
    row.content, row.refusals = made.value, [titled(row.draw, reason.text) for reason in made.refusals]
    with transaction.atomic():
        Lottery.objects.filter(pk=row.pk, published_at=None).update(
            content=row.content, refusals=row.refusals, ready=len(made.value["tickets"]) if made.value else 0
        )


def titled(draft: Draw, text: str) -> str:
    """What was found out about a draw's panels, with the panels by their titles."""
    return in_words(text, frozen_groups(draft.frozen), rules_of(draft.cycle))


def make(draft: Draw, progress: Progress = unheard) -> Decision[Json]:
    """The lottery of what is frozen, as it is published; refused where no seating is lawful."""
    frozen = frozen_from_json(draft.frozen)
    made = build(frozen, selectors.tickets(draft.cycle), progress)
    if made.value is None:
        return decide(made.reasons)
    return decide((), content_of(frozen, draft.pool_digest, made.value))


def content_of(frozen: Frozen, frozen_digest: str, joint: Joint) -> Json:
    """The lottery as plain JSON: people by their place in `experts`, panels in the order of `panels`.

    tickets: [[[place, …] by panel] by ticket]; chances: tickets that hold the expert; plain: of TIMES plain draws, those that would;
    expected: seats on average before rounding; evenness of the three.
    """
    known = lot.candidates(frozen)
    panels = sorted(spec.code for spec in frozen.panels)
    place = {one.code: number for number, one in enumerate(known)}
    count = Counter(code for seating in joint.tickets for code in {code for members in seating.values() for code in members})
    plain = plain_chances(known, frozen.panels, joint.short, frozen_digest)
    chances = {one.code: Fraction(count[one.code], len(joint.tickets)) for one in known}
    exact = {code: min(share, Fraction(1)) for code, share in joint.expected.items()}
    return {
        "format": "zhiheng-joint-lottery-1",
        "frozen": frozen_digest,
        "panels": panels,
        "experts": [one.code for one in known],
        "short": [[panel, kind, by] for (panel, kind), by in sorted(joint.short.items())],
        "notes": given_up(joint.short, frozen),
        "tickets": [[[place[code] for code in seating[panel]] for panel in panels] for seating in joint.tickets],
        "chances": {one.code: count[one.code] for one in known},
        "expected": {code: _nine(share) for code, share in joint.expected.items()},
        "plain": {one.code: int(plain[one.code] * TIMES) for one in known},
        "evenness": {"exact": _plain(evenness(exact)), "tickets": _plain(evenness(chances)), "plain": _plain(evenness(plain))},
    }


def _plain(found: Evenness) -> Json:
    return {"minimum": _nine(found.minimum), "gini": _nine(found.gini), "geometric_mean": _nine(Fraction(found.geometric_mean))}


def _nine(value: Fraction) -> str:
    """To nine places, half up."""
    whole = int(value * 10**_PLACES + Fraction(1, 2))
    return f"{whole // 10**_PLACES}.{whole % 10**_PLACES:0{_PLACES}d}"


def seating_of(content: Mapping[str, Any], ticket: int) -> dict[str, list[str]]:
    """The seating of a ticket (from 1): panel → experts' codes."""
    experts: Sequence[str] = content["experts"]
    return {
        panel: [experts[place] for place in members]
        for panel, members in zip(content["panels"], content["tickets"][ticket - 1], strict=True)
    }


def short_of(content: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """What the lottery goes without: (panel, kind) → number."""
    return {(panel, kind): by for panel, kind, by in content["short"]}


def faults_of(content: Mapping[str, Any], frozen: Frozen, frozen_digest: str, tickets: int) -> list[str]:
    """What is wrong about a lottery, reckoned from the frozen draw alone: every ticket lawful, every probability counted anew. Some twenty
    faults at most."""
    known = {one.code: one for one in lot.candidates(frozen)}
    if content["frozen"] != frozen_digest or content["experts"] != sorted(known):
        return ["方案与冻结名单不符"]
    found = [] if len(content["tickets"]) == tickets else [f"应有{tickets}张签"]
    count: Counter[str] = Counter()
    for number in range(1, len(content["tickets"]) + 1):
        if len(found) >= _FAULTS:
            break
        seating = seating_of(content, number)
        found += [f"第{number}签：{text}" for text in lot.broken(seating, frozen, known, short_of(content))]
        count.update({code for members in seating.values() for code in members})
    if {code: count[code] for code in known} != content["chances"]:
        found.append("所示入选机会与各签不符")
    return found


@act(
    "panel.publish_lottery",
    "公布抽签方案",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
)
def publish_lottery(acting: Acting, cycle: Cycle) -> Outcome:
    """Fix the tickets before anybody commits to a number: their digest is on record, and who has what chance can be seen by all parties.

    It was made outside the request; where it was not, it is made now.
    """
    name, article, duty = selectors.round_of(cycle)
    draft = selectors.last_draw(cycle, name)
    if draft is None or draft.drawn_at:
        return Outcome(no("请先冻结专家池和分组", article=article, duty=duty))
    row, _new = Lottery.objects.get_or_create(draw=draft)
    if row.published_at:
        return Outcome(no("抽签方案已公布，不得更改", article=article, duty=duty))
    if row.content is None:
        keep(row, make(draft))
    if row.content is None:
        return Outcome(decide(Reason(False, text, article, duty, "infeasible") for text in row.refusals))
    wrong = faults_of(row.content, frozen_from_json(draft.frozen), digest_of(draft.frozen), selectors.tickets(cycle))
    if wrong or digest_of(draft.frozen) != draft.pool_digest:
        said = titled(draft, "；".join(wrong[:3])) or "冻结名单已被改动"
        return Outcome(no(f"抽签方案未通过校核，请重新冻结后再公布：{said}", article=article, duty=duty))
    row.digest, row.published_at, row.ready = digest_of(row.content), clock.now(), len(row.content["tickets"])
    row.save()
    evens = row.content["evenness"]
    payload = {"round": name, "version": draft.version, "lottery_digest": row.digest, "tickets": row.ready, "evenness": evens}
    reasons = [yes(f"抽签方案已公布，共{row.ready}张签", duty=duty).reasons[0]]
    reasons += [Reason(False, titled(draft, text), article, duty, "short", warning=True) for text in row.content["notes"]]
    return Outcome(decide(reasons), payload, value=row)
