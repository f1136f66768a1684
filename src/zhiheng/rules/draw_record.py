"""What goes into a draw and what comes out, and both as plain JSON for the dossier (duties F1, G1, L3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhiheng.rules.recusal import EntryFacts, ExpertFacts, Tie

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """A panel to be drawn: seats, the entries it will judge, and whom it wants.

    industries, categories: what makes an expert one of the panel's own field; both must fit where both are given, an empty one is
    not asked. industry_min: how many such experts are wanted, fewer where there are fewer.
    """

    code: str
    size: int
    entries: tuple[EntryFacts, ...]
    industries: frozenset[str]
    categories: frozenset[str]
    need_leader: bool
    industry_min: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An expert who could not be drawn for a panel, and why (out of service, or the grounds for recusal)."""

    panel: str
    expert: str
    reason: str


@dataclass(frozen=True, slots=True)
class PanelDraw:
    """One panel's draw: all tickets ascending, the experts in the order of seating, and those passed over before the last one."""

    code: str
    size: int
    entries: tuple[str, ...]
    tickets: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    leader: str
    passed_over: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole draw: seed, the pool's codes ascending, the panels in the order drawn, the exclusions."""

    seed: str
    pool: tuple[str, ...]
    panels: tuple[PanelDraw, ...]
    exclusions: tuple[Exclusion, ...]


def pool_digest(pool: Sequence[ExpertFacts], panels: Sequence[PanelSpec]) -> str:
    """SHA-256, hex, of pool and panels as canonical JSON: published before the seed is revealed. Their order makes no difference."""
    plain = {
        "panels": [spec_to_json(spec) for spec in sorted(panels, key=lambda spec: spec.code)],
        "pool": [expert_to_json(expert) for expert in sorted(pool, key=lambda expert: expert.code)],
    }
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def expert_to_json(expert: ExpertFacts) -> Json:
    """An expert as plain JSON: sets sorted, dates ISO."""
    return {
        "code": expert.code,
        "name_key": expert.name_key,
        "employer": expert.employer,
        "employers": _ties_to_json(expert.employers),
        "industries": sorted(expert.industries),
        "categories": sorted(expert.categories),
        "city": expert.city,
        "declared": sorted(expert.declared),
        "kin_of": sorted(expert.kin_of),
        "consulted": _ties_to_json(expert.consulted),
        "leader": expert.leader,
        "load": expert.load,
        "active": expert.active,
        "credit_code": expert.credit_code,
        "group_code": expert.group_code,
        "main": sorted(expert.main),
        "criteria": sorted(expert.criteria),
        "assessor": expert.assessor,
    }


def expert_from_json(plain: Mapping[str, Any]) -> ExpertFacts:
    """The expert that `expert_to_json` wrote; KeyError or TypeError when a field is missing or unknown."""
    sets = {name: frozenset(plain[name]) for name in ("industries", "categories", "declared", "kin_of")}
    sets |= {name: frozenset(plain[name]) for name in ("main", "criteria") if name in plain}  # not in what was frozen before
    ties = {name: _ties_from_json(plain[name]) for name in ("employers", "consulted")}
    return ExpertFacts(**{**plain, **sets, **ties})


def entry_to_json(entry: EntryFacts) -> Json:
    """An entry as plain JSON."""
    return {
        "code": entry.code,
        "award": entry.award,
        "category": entry.category,
        "employer": entry.employer,
        "industry": entry.industry,
        "city": entry.city,
        "requested_out": sorted(entry.requested_out),
        "earlier_scorers": sorted(entry.earlier_scorers),
        "applicant_key": entry.applicant_key,
        "credit_code": entry.credit_code,
        "group_code": entry.group_code,
    }


def entry_from_json(plain: Mapping[str, Any]) -> EntryFacts:
    """The entry that `entry_to_json` wrote; KeyError or TypeError when a field is missing or unknown."""
    return EntryFacts(**{**plain, **{name: frozenset(plain[name]) for name in ("requested_out", "earlier_scorers")}})


def spec_to_json(spec: PanelSpec) -> Json:
    """A panel to be drawn as plain JSON."""
    return {
        "code": spec.code,
        "size": spec.size,
        "entries": [entry_to_json(entry) for entry in spec.entries],
        "industries": sorted(spec.industries),
        "categories": sorted(spec.categories),
        "need_leader": spec.need_leader,
        "industry_min": spec.industry_min,
    }


def spec_from_json(plain: Mapping[str, Any]) -> PanelSpec:
    """The panel that `spec_to_json` wrote; KeyError or TypeError when a field is missing or unknown."""
    sets = {name: frozenset(plain[name]) for name in ("industries", "categories")}
    return PanelSpec(**{**plain, **sets, "entries": tuple(entry_from_json(entry) for entry in plain["entries"])})


def transcript_to_json(transcript: Transcript) -> Json:
    """A whole draw as plain JSON; tickets, passed_over and exclusions as lists of lists of text."""
    return {
        "seed": transcript.seed,
        "pool": list(transcript.pool),
        "panels": [
            {
                "code": panel.code,
                "size": panel.size,
                "entries": list(panel.entries),
                "tickets": [list(pair) for pair in panel.tickets],
                "chosen": list(panel.chosen),
                "leader": panel.leader,
                "passed_over": [list(pair) for pair in panel.passed_over],
            }
            for panel in transcript.panels
        ],
        "exclusions": [[out.panel, out.expert, out.reason] for out in transcript.exclusions],
    }


def transcript_from_json(plain: Mapping[str, Any]) -> Transcript:
    """The draw that `transcript_to_json` wrote; KeyError or TypeError when a field is missing or unknown."""
    panels = tuple(
        PanelDraw(
            **{
                **panel,
                "entries": tuple(panel["entries"]),
                "tickets": tuple((code, lot) for code, lot in panel["tickets"]),
                "chosen": tuple(panel["chosen"]),
                "passed_over": tuple((code, why) for code, why in panel["passed_over"]),
            }
        )
        for panel in plain["panels"]
    )
    return Transcript(plain["seed"], tuple(plain["pool"]), panels, tuple(Exclusion(*out) for out in plain["exclusions"]))


def _ties_to_json(ties: Sequence[Tie]) -> list[list[str | None]]:
    return [[employer, until.isoformat() if until else None] for employer, until in ties]


def _ties_from_json(plain: Sequence[Sequence[str | None]]) -> tuple[Tie, ...]:
    return tuple((str(employer), date.fromisoformat(until) if until else None) for employer, until in plain)
