"""Drawing again what was drawn: from what is frozen, the published tickets and the revealed numbers, beside the record (F1, G1, L3)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.rules import draw as lot
from zhiheng.rules.draw_record import digest_of, frozen_from_json
from zhiheng.rules.pack import given
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.drawing import leaders_of, panel_code, sources_of, ticket_of
from zhiheng.stages.panel.lotteries import faults_of, seating_of
from zhiheng.stages.panel.models import Draw, Lottery, Seat


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: what was compared (Chinese), and whether it agrees."""

    title: str
    ok: bool


def replay(draw: Draw) -> list[Check]:
    """Draw again and compare, as far as the draw has come. Nothing is changed."""
    found = [
        Check("冻结的专家池、排除和分组与其摘要", digest_of(draw.frozen) == draw.pool_digest == _told(draw, "panel.freeze", "pool_digest"))
    ]
    lottery = selectors.published(draw)
    if lottery is None:
        return found
    return [*found, *_tickets(draw, lottery), *(_drawn(draw, lottery) if draw.drawn_at else ())]


def _tickets(draw: Draw, lottery: Lottery) -> list[Check]:
    frozen = frozen_from_json(draw.frozen)
    faults = faults_of(lottery.made, frozen, draw.pool_digest, selectors.tickets(draw.cycle))
    return [
        Check(
            "公布的抽签方案与其摘要", digest_of(lottery.made) == lottery.digest == _told(draw, "panel.publish_lottery", "lottery_digest")
        ),
        Check("每张签均合乎要求，入选机会无误", not faults),
    ]


def _drawn(draw: Draw, lottery: Lottery) -> list[Check]:
    params = rules_of(draw.cycle).parameters
    committed = {role: digest(number.encode()) for role, number in draw.seeds.items()}
    seating = seating_of(lottery.made, draw.ticket or 1)
    replaced = [one for one in _payloads(draw, "panel.replace") + _answers(draw) if _of(draw, one)]
    first = Counter((seat.panel.code, seat.expert.code) for seat in _seats(draw) if seat.succeeds_id is None)
    leaders = {panel_code(draw, panel): code for panel, code in leaders_of(draw, seating, params).items()}
    return [
        Check("各方揭示的数与事先承诺", draw.method == "balls" or committed == draw.seed_commitments),
        Check("抽中的签", draw.sources == sources_of(draw) and ticket_of(draw, len(lottery.made["tickets"]), params).value == draw.ticket),
        Check("各组席位与抽中的签", first == Counter((panel_code(draw, p), code) for p, codes in seating.items() for code in codes)),
        Check("抽取产生的组长", leaders == {panel_code(draw, p): c for p, c in (_told(draw, "panel.draw", "leaders") or {}).items()}),
        Check("递补所用的种子链和人选", all(_follows(draw, one, given(params.draw_digest, "sha256")) for one in replaced)),
    ]


def _follows(draw: Draw, told: dict[str, Any], hash_name: str) -> bool:
    """Whether a replacement used the link of its number, and drew whom it says."""
    link = told["link"]
    for _ in range(told["number"]):
        link = hashlib.sha256(link.encode("ascii")).hexdigest()
    place = lot.drawn_place([*draw.sources, told["link"]], 0, len(told["among"]), hash_name)
    return link == draw.chain_end and place.value is not None and told["among"][place.value - 1] == told["in"]


def _of(draw: Draw, told: dict[str, Any]) -> bool:
    return any(told["panel"] == panel.code for panel in draw.panels.all())


def _seats(draw: Draw) -> list[Seat]:
    return list(Seat.objects.filter(panel__draw=draw).select_related("panel", "expert"))


def _answers(draw: Draw) -> list[dict[str, Any]]:
    return [drawn for one in _payloads(draw, "panel.answer") for drawn in one.get("replaced", ())]


def _payloads(draw: Draw, act: str) -> list[dict[str, Any]]:
    rows = JournalEntry.objects.filter(chain=draw.cycle.chain, act=act, kind="act").order_by("seq")
    return [json.loads(body)["payload"] for body in rows.values_list("body", flat=True)]


def _told(draw: Draw, act: str, name: str) -> Any:
    """What the journal says of the draw."""
    rows = JournalEntry.objects.filter(chain=draw.cycle.chain, act=act, kind="act", subject=ref(draw.cycle))
    for body in rows.values_list("body", flat=True):
        payload = json.loads(body)["payload"]
        if (payload["round"], payload["version"]) == (draw.round, draw.version):
            return payload[name]
    return None
