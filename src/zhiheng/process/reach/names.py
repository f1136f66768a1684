"""The names of things in our addresses, and the way back from a name to the thing (T1).

A name is `model:key`, as the journal writes it, with one difference: what has no key of its own over all cycles (a panel's code is its
own in a round only) is named by its number in the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.process.reach import applying, deciding, grants, platform, reviewing, supervising

PLATFORM = "platform:-"


class Unreachable(ObjectDoesNotExist):
    """There is no such thing for this actor: it is not there, or not theirs. Pages answer 404 to both."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that has an address: the rows an actor may reach, the field of its key, and what is read with it."""

    rows: Callable[[Acting], QuerySet[Any]]
    key: str = "pk"
    also: tuple[str, ...] = ()


ENTRY = ("entry__cycle", "entry__party")
KINDS: dict[str, Kind] = {
    "entry": Kind(applying.named, "code", ("cycle__pack", "party", "recommender", "owner")),
    "cycle": Kind(grants.cycles, "code", ("pack",)),
    "notice": Kind(applying.notices, "code", ("cycle", "unit")),
    "objection": Kind(applying.objections, "number", ("notice__cycle", "notice__unit")),
    "evidence": Kind(applying.evidence, also=("entry__cycle", "entry__owner", "file")),
    "bonusclaim": Kind(applying.bonus_claims, also=("entry__cycle",)),
    "conflict": Kind(applying.conflicts, also=("entry__cycle", "person", "proof")),
    "expert": Kind(reviewing.experts, "code", ("person",)),
    "revision": Kind(reviewing.revisions, also=("expert__person",)),
    "draw": Kind(reviewing.draws, also=("cycle",)),
    "panel": Kind(reviewing.panels, also=("cycle",)),
    "seat": Kind(reviewing.seats, also=("panel__cycle", "expert__person")),
    "sheet": Kind(reviewing.sheets, also=("panel__cycle", "entry", "expert__person")),
    "report": Kind(reviewing.reports, also=(*ENTRY, "panel")),
    "visit": Kind(reviewing.visits, also=("cycle", "panel", "entry__cycle")),
    "papers": Kind(reviewing.papers, also=("cycle", "panel")),
    "meeting": Kind(deciding.meetings, "code", ("cycle",)),
    "motion": Kind(deciding.motions, "code", ("cycle", "entry", "meeting")),
    "poll": Kind(deciding.polls, also=("cycle", "entry")),
    "certificate": Kind(supervising.certificates, "number", ENTRY),
    "misusereport": Kind(supervising.misuse_reports, "number", ENTRY),
    "revocation": Kind(supervising.revocations, also=ENTRY),
    "unit": Kind(platform.units, "code"),
    "person": Kind(platform.people, "code"),
    "abuserecord": Kind(supervising.abuse_records, also=("cycle", "person")),
}


def key_of(thing: Model) -> str:
    """The key of a thing in our addresses. KeyError for a kind that has none."""
    return str(getattr(thing, KINDS[str(thing._meta.model_name)].key))


def address(thing: Model | None) -> str:
    """The name of a thing in our addresses, such as `entry:2026-O-0001`; of the platform `platform:-`. The inverse of `found`."""
    return PLATFORM if thing is None else f"{thing._meta.model_name}:{key_of(thing)}"


def find(acting: Acting, model_name: str, key: str) -> Any:
    """The thing of this kind with this key, None for the platform. Raises Unreachable for what is not there or not for this actor."""
    if f"{model_name}:{key}" == PLATFORM:
        return None
    kind = KINDS.get(model_name)
    if kind is None or "\x00" in key or (kind.key == "pk" and not (key.isascii() and key.isdecimal() and len(key) < 16)):
        raise Unreachable(f"{model_name}:{key}")
    thing = kind.rows(acting).select_related(*kind.also).filter(**{kind.key: key}).first()
    if thing is None:
        raise Unreachable(f"{model_name}:{key}")
    return thing


def found(acting: Acting, name: str) -> Any:
    """The thing that has this address, `model:key`. Raises Unreachable as `find` does."""
    model_name, _, key = name.partition(":")
    return find(acting, model_name, key)
