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
            "frozen": {name: row.frozen[name] for name in ("pool", "panels")},
            "on": row.frozen["on"],
            "max_load": row.frozen["max_load"],
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
        row |= {"out": seat.expert.code, "reason": seat.reason, "at": acts(panel__replace=seat.vacated_at)}
    return row
