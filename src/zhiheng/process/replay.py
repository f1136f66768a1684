"""Drawing again what was drawn: the checks of its file, and the record beside what the journal and the seats say (F1, G1, L3)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.dossier.panels import draw_file
from zhiheng.process.drawcheck import Check, checks
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.drawing import panel_code
from zhiheng.stages.panel.lotteries import seating_of
from zhiheng.stages.panel.models import Draw, Seat

FROZEN = "冻结摘要与日志所载"
LOTTERY = "抽签方案摘要与日志所载，签数与规则所定"
SEATS = "各组席位与抽中的签"
TITLES = (FROZEN, LOTTERY, SEATS)


def replay(draw: Draw) -> list[Check]:
    """Draw again and compare, as far as the draw has come. Nothing is changed."""
    plain = draw_file(draw, draw.cycle)
    found = [*checks(plain), Check(FROZEN, draw.pool_digest == _told(draw, "panel.freeze", "pool_digest"))]
    lottery = selectors.published(draw)
    if lottery is None:
        return found
    agreed = lottery.digest == _told(draw, "panel.publish_lottery", "lottery_digest")
    found.append(Check(LOTTERY, agreed and len(lottery.made["tickets"]) == selectors.tickets(draw.cycle)))
    if draw.drawn_at is None or draw.ticket is None:
        return found
    seating = seating_of(lottery.made, draw.ticket)
    seats = Seat.objects.filter(panel__draw=draw, succeeds=None).values_list("panel__code", "expert__code")
    drawn = Counter((panel_code(draw, panel), code) for panel, codes in seating.items() for code in codes)
    return [*found, Check(SEATS, Counter(seats) == drawn)]


def _told(draw: Draw, act: str, name: str) -> Any:
    """What the journal says of the draw."""
    rows = JournalEntry.objects.filter(chain=draw.cycle.chain, act=act, kind="act", subject=ref(draw.cycle))
    for body in rows.values_list("body", flat=True):
        payload = json.loads(body)["payload"]
        if (payload["round"], payload["version"]) == (draw.round, draw.version):
            return payload[name]
    return None
