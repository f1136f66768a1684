"""What goes into a draw of experts, frozen before any seed is known, and as plain JSON for the dossier (duties F1, G1, L3)."""

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
    """A panel to be drawn: seats, the entries it will judge, and whom it needs.

    industries, categories: what makes an expert one of the panel's own field; both must fit where both are given, an empty one is
    not asked. least: how many experts of each kind ("leader", "field", "assessor") it is to have at least.
    """

    code: str
    size: int
    entries: tuple[EntryFacts, ...]
    industries: frozenset[str]
    categories: frozenset[str]
    least: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An expert who cannot be drawn for a panel, and why (unfit for the round, or the grounds for recusal). panel: "" for every panel."""

    panel: str
    expert: str
    reason: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """All that a draw depends on besides the seed. Panels, pool and exclusions are in order of their codes.

    max_load: panels an expert may sit on in this round, ExpertFacts.load included. weights: what one expert missing weighs, by kind; a kind
    without a weight may never be missing.
    """

    round: str
    version: int
    on: date
    max_load: int
    one_per_employer: bool
    weights: Mapping[str, int]
    pool: tuple[ExpertFacts, ...]
    panels: tuple[PanelSpec, ...]
    excluded: tuple[Exclusion, ...]


def frozen_to_json(frozen: Frozen) -> Json:
    """As plain JSON; whatever order pool, panels and exclusions come in."""
    return {
        "round": frozen.round,
        "version": frozen.version,
        "on": frozen.on.isoformat(),
        "max_load": frozen.max_load,
        "one_per_employer": frozen.one_per_employer,
        "weights": dict(sorted(frozen.weights.items())),
        "pool": [expert_to_json(expert) for expert in sorted(frozen.pool, key=lambda expert: expert.code)],
        "panels": [spec_to_json(spec) for spec in sorted(frozen.panels, key=lambda spec: spec.code)],
        "excluded": sorted([out.panel, out.expert, out.reason] for out in frozen.excluded),
    }


def frozen_from_json(plain: Mapping[str, Any]) -> Frozen:
    """What `frozen_to_json` wrote; KeyError or TypeError when a field is missing or unknown."""
    return Frozen(
        **{
            **plain,
            "on": date.fromisoformat(plain["on"]),
            "pool": tuple(expert_from_json(expert) for expert in plain["pool"]),
            "panels": tuple(spec_from_json(spec) for spec in plain["panels"]),
            "excluded": tuple(Exclusion(*out) for out in plain["excluded"]),
        }
    )


def digest_of(plain: Any) -> str:
    """SHA-256, hex, of plain JSON without floats in canonical form: what is published before the seed is revealed."""
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
        "least": dict(sorted(spec.least.items())),
    }


def spec_from_json(plain: Mapping[str, Any]) -> PanelSpec:
    """The panel that `spec_to_json` wrote; KeyError or TypeError when a field is missing or unknown."""
    sets = {name: frozenset(plain[name]) for name in ("industries", "categories")}
    return PanelSpec(**{**plain, **sets, "entries": tuple(entry_from_json(entry) for entry in plain["entries"])})


def _ties_to_json(ties: Sequence[Tie]) -> list[list[str | None]]:
    return [[employer, until.isoformat() if until else None] for employer, until in ties]


def _ties_from_json(plain: Sequence[Sequence[str | None]]) -> tuple[Tie, ...]:
    return tuple((str(employer), date.fromisoformat(until) if until else None) for employer, until in plain)
