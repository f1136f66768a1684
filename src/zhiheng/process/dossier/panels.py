"""What a dossier says of draws, panels and seats: experts by code only (F1, G1, K7)."""

from __future__ import annotations

from typing import Any

from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.dossier.publicity import Rows, acts
from zhiheng.stages.panel.models import Panel, Seat


def draws(cycle: Cycle) -> Rows:
    """Each draw: the frozen pool and panels, the commitments, the seeds, the transcript; one file each."""
    return [
        {
            "round": row.round,
            "version": row.version,
            "frozen": row.frozen,
            "pool_digest": row.pool_digest,
            "seed_commitments": row.seed_commitments,
            "seeds": row.seeds,
            "seed": row.seed,
            "transcript": row.transcript,
            "transcript_digest": digest_of(row.transcript) if row.transcript else "",
            "at": acts(panel__freeze=row.frozen_at, panel__draw=row.drawn_at),
        }
        for row in cycle.draws.order_by("round", "version")
    ]


def lists(cycle: Cycle) -> dict[str, Rows]:
    """Panels with their entries, and the seats."""
    rows = Panel.objects.filter(cycle=cycle).select_related("draw").prefetch_related("entries").order_by("round", "code")
    panels = [
        {
            "panel": row.code,
            "round": row.round,
            "draw": row.draw.version,
            "award": row.award,
            "category": row.category,
            "entries": sorted(entry.code for entry in row.entries.all()),
        }
        for row in rows
    ]
    seats = (
        Seat.objects.filter(panel__cycle=cycle).select_related("panel", "expert").order_by("panel__round", "panel__code", "expert__code")
    )
    return {"panels": panels, "seats": [_seat(seat) for seat in seats]}


def _seat(seat: Seat) -> dict[str, Any]:
    """A seat; a vacated one says who went out and why."""
    row: dict[str, Any] = {"panel": seat.panel.code, "round": seat.panel.round, "expert": seat.expert.code, "leader": seat.leader, "at": {}}
    if seat.vacated_at:
        row |= {"out": seat.expert.code, "reason": seat.reason, "at": acts(panel__replace=seat.vacated_at)}
    return row
