"""For each address with parameters: a thing of one's own and somebody else's, as the actor's reach has it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tests.faces.sweep.routes import Route
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process import reach
from zhiheng.stages.application.models import Entry, Evidence
from zhiheng.stages.committee.models import Meeting, Motion
from zhiheng.stages.panel.models import Draw, Panel

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Parameters that lead to something within reach, and to something out of it; None where there is none such."""

    own: Values | None
    foreign: Values | None


def _pair(mine: QuerySet[Any], all_: QuerySet[Any], give: Callable[[Any], Values]) -> Pair:
    own = mine.first()
    other = all_.exclude(pk__in=mine.order_by().values("pk")).order_by("pk").first()
    return Pair(give(own) if own else None, give(other) if other else None)


def _entry(acting: Acting) -> Pair:
    return _pair(reach.entries(acting), Entry.objects.all(), lambda e: {"code": e.code})


def _cycle(acting: Acting) -> Pair:
    return _pair(reach.cycles(acting).order_by("pk"), Cycle.objects.all(), lambda c: {"code": c.code})


def _meeting(acting: Acting) -> Pair:
    return _pair(reach.meetings(acting), Meeting.objects.all(), lambda m: {"pk": m.pk})


def _candidate(acting: Acting) -> Pair:
    motion = Motion.objects.select_related("entry").order_by("pk").first()
    assert motion is not None
    values = {"pk": motion.meeting_id, "code": motion.entry.code}
    return Pair(values, None) if reach.meetings(acting).filter(pk=motion.meeting_id).exists() else Pair(None, values)


def _motion(acting: Acting) -> Pair:
    return _pair(reach.motions(acting), Motion.objects.all(), lambda m: {"pk": m.pk})


def _panel(acting: Acting) -> Pair:
    return _pair(reach.panels(acting), Panel.objects.all(), lambda p: {"pk": p.pk})


def _panel_entry(acting: Acting) -> Pair:
    return _pair(reach.panels(acting), Panel.objects.all(), lambda p: {"pk": p.pk, "code": p.entries.order_by("code")[0].code})


def _draw(acting: Acting) -> Pair:
    return _pair(reach.draws(acting), Draw.objects.all(), lambda d: {"pk": d.pk})


def _evidence(acting: Acting) -> Pair:
    return _pair(reach.evidence(acting), Evidence.objects.all(), lambda e: {"pk": e.pk})


def _stored(acting: Acting) -> Pair:
    """A file of nobody's: known to nobody by its number."""
    stray = StoredFile.objects.filter(owner="person:p-nobody").first()
    return Pair(None, {"pk": stray.pk if stray else uuid.UUID(int=1)})


def _receipt(acting: Acting) -> Pair:
    rows = JournalEntry.objects.filter(kind="act")
    own = rows.filter(actor=acting.code).order_by("pk").first()
    other = rows.exclude(actor=acting.code).order_by("pk").first()
    give = lambda e: {"chain": e.chain, "seq": e.seq}  # noqa: E731
    return Pair(give(own) if own else None, give(other) if other and acting.role != "inspector" else None)


def _journal(acting: Acting) -> Pair:
    entry = JournalEntry.objects.order_by("pk").first()
    assert entry is not None
    values = {"chain": entry.chain, "seq": entry.seq}
    return Pair(values, None) if acting.role in ("inspector", "office") else Pair(None, values)


def _public_notice(acting: Acting) -> Pair:
    notice = Notice.objects.filter(days__gt=0).order_by("-pk").first()
    return Pair({"code": notice.code} if notice else None, {"code": "GS0000-000"})


#: Name of a route (or its beginning, ending in *) and its parameters → how to find samples. The longest name counts.
SAMPLES: dict[tuple[str, tuple[str, ...]], Callable[[Acting], Pair]] = {
    ("desk:entry", ("code",)): _entry,
    ("desk:file", ("pk",)): _evidence,
    ("desk:stored", ("pk",)): _stored,
    ("desk:receipt", ("chain", "seq")): _receipt,
    ("office:*", ("code",)): _cycle,
    ("committee:*", ("code",)): _cycle,
    ("committee:*", ("pk",)): _meeting,
    ("committee:*", ("pk", "code")): _candidate,
    ("committee:close", ("pk",)): _motion,
    ("committee:vote", ("pk",)): _motion,
    ("expert:*", ("code",)): _entry,
    ("expert:*", ("pk",)): _panel,
    ("expert:*", ("pk", "code")): _panel_entry,
    ("inspector:*", ("chain", "seq")): _journal,
    ("inspector:*", ("code",)): _entry,
    ("inspector:*", ("pk",)): _draw,
    ("public:notice", ("code",)): _public_notice,
    ("public:object", ("code",)): _public_notice,
}


def sample(route: Route, acting: Acting) -> Pair | None:
    """Samples for a route; None where none are known."""
    names = [route.name, f"{route.name.partition(':')[0]}:*"]
    found = next((SAMPLES[name, route.parameters] for name in names if (name, route.parameters) in SAMPLES), None)
    return found(acting) if found else None
