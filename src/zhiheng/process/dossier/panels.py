"""What a dossier says of draws, panels and seats: experts by code only (F1, G1, K7)."""

from __future__ import annotations

import json
from typing import Any

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.dossier.publicity import Rows, acts
from zhiheng.stages.panel.models import Draw, Panel, Seat

#: Acts that say who leads, and who followed whom.
TOLD = ("panel.draw", "panel.replace", "panel.answer")


def draws(cycle: Cycle) -> Rows:
    """Each draw: what is frozen, the tickets, the numbers, the ticket drawn, the links used; one file each."""
    rows, told = list(cycle.draws.select_related("lottery").prefetch_related("panels").order_by("round", "version")), _told(cycle)
    return [draw_file(row, cycle, told) for row in rows]


def _told(cycle: Cycle) -> Rows:
    """What the journal says of draws and successions: the payloads, in order."""
    bodies = JournalEntry.objects.filter(chain=cycle.chain, act__in=TOLD, kind="act").order_by("seq").values_list("body", flat=True)
    return [json.loads(body)["payload"] for body in bodies]


def draw_file(row: Draw, cycle: Cycle, told: Rows | None = None) -> dict[str, Any]:
    """One draw as its file has it. told: payloads of the cycle's acts in `TOLD`, where known already."""
    told = _told(cycle) if told is None else told
    lottery = row.lottery if hasattr(row, "lottery") and row.lottery.published_at else None
    codes = {(row.round, panel.code) for panel in row.panels.all()}
    followed = [one for payload in told for one in (payload.get("replaced") or [payload])]
    led = [one["leaders"] for one in told if "leaders" in one and (one["round"], one["version"]) == (row.round, row.version)]
    return {
        "round": row.round,
        "version": row.version,
        "frozen": row.frozen,
        "pool_digest": row.pool_digest,
        "method": row.method,
        "public_source": row.public_source,
        "public_number": row.public_number,
        "chain_end": row.chain_end,
        "lottery": lottery.content if lottery else None,
        "lottery_digest": lottery.digest if lottery else "",
        "seed_commitments": row.seed_commitments,
        "seeds": row.seeds,
        "discarded": [{name: one[name] for name in ("commitments", "seeds", "withheld")} for one in row.discarded],
        "sources": row.sources,
        "ticket": row.ticket,
        "leaders": led[0] if led else {},
        "followed": [{name: one[name] for name in FOLLOWED} for one in followed if "link" in one and (one["round"], one["panel"]) in codes],
        "at": acts(panel__freeze=row.frozen_at, panel__draw=row.drawn_at),
    }


#: What a file says of each succession.
FOLLOWED = ("panel", "out", "in", "among", "link", "number", "led_by")


def lists(cycle: Cycle) -> dict[str, Rows]:
    """Panels with their entries, and the seats."""
    rows = Panel.objects.filter(cycle=cycle).prefetch_related("entries").order_by("round", "code")
    panels = [
        {
            "panel": row.code,
            "round": row.round,
            "entries": sorted(entry.code for entry in row.entries.all()),
        }
        for row in rows
    ]
    seats = Seat.objects.filter(panel__cycle=cycle).select_related("panel", "expert", "successor")
    ordered = seats.order_by("panel__round", "panel__code", "expert__code")
    return {"panels": panels, "seats": [_seat(seat) for seat in ordered]}


def _seat(seat: Seat) -> dict[str, Any]:
    """A seat; one that was handed on says who went out and why."""
    row: dict[str, Any] = {"panel": seat.panel.code, "round": seat.panel.round, "expert": seat.expert.code, "at": {}}
    if hasattr(seat, "successor"):
        by = seat.successor.seated_by
        at = (
            acts(panel__replace=seat.successor.seated_at)
            if by == "panel.replace"
            else acts(panel__answer___replaced=seat.successor.seated_at)
        )
        row |= {"out": seat.expert.code, "reason": seat.reason, "at": at}
    return row
