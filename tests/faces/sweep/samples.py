"""For each address with parameters: a thing of one's own and somebody else's, as the actor's reach has it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from tests.faces.sweep.routes import Route
from zhiheng.faces.draws.inviting import token_of, waits
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process import reach
from zhiheng.stages.application.models import Entry, Evidence
from zhiheng.stages.commendation.models import Certificate
from zhiheng.stages.committee.models import Meeting, Motion
from zhiheng.stages.panel.models import Draw, Expert, Panel, Seat

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Parameters that lead to something within reach, and to something out of it; None where there is none such.

    others: more within reach that differ from `own` in kind (a status, a stage, a round).
    """

    own: Values | None
    foreign: Values | None
    others: tuple[Values, ...] = ()

    @property
    def all_own(self) -> tuple[Values, ...]:
        """One of every kind within reach."""
        return (self.own, *self.others) if self.own is not None else ()


def _pair(mine: QuerySet[Any], all_: QuerySet[Any], give: Callable[[Any], Values], kind: Callable[[Any], Any] = type) -> Pair:
    kinds: dict[Any, Any] = {}
    for row in mine:
        kinds.setdefault(kind(row), row)
    own = [give(row) for row in kinds.values()]
    other = all_.exclude(pk__in=mine.order_by().values("pk")).order_by("pk").first()
    return Pair(own[0] if own else None, give(other) if other else None, tuple(own[1:]))


def _entry(acting: Acting) -> Pair:
    return _pair(reach.entries(acting), Entry.objects.all(), lambda e: {"code": e.code}, lambda e: e.status)


def _visited(acting: Acting) -> Pair:
    """An entry, of those visited where there is one."""
    found, visit = _entry(acting), reach.visits(acting).first()
    return replace(found, own={"code": visit.entry.code}) if visit else found


def _expert(acting: Acting) -> Pair:
    return _pair(reach.experts(acting), Expert.objects.all(), lambda e: {"code": e.code}, lambda e: e.status)


def _cycle(acting: Acting) -> Pair:
    return _pair(reach.cycles(acting).order_by("pk"), Cycle.objects.all(), lambda c: {"code": c.code}, lambda c: c.stage)


def _meeting(acting: Acting) -> Pair:
    return _pair(reach.meetings(acting), Meeting.objects.all(), lambda m: {"pk": m.pk}, lambda m: m.status)


def _candidate(acting: Acting) -> Pair:
    motion = Motion.objects.select_related("entry").order_by("pk").first()
    assert motion is not None
    values = {"pk": motion.meeting_id, "code": motion.entry.code}
    return Pair(values, None) if reach.meetings(acting).filter(pk=motion.meeting_id).exists() else Pair(None, values)


def _motion(acting: Acting) -> Pair:
    return _pair(reach.motions(acting), Motion.objects.all(), lambda m: {"pk": m.pk}, lambda m: m.closed_at is None)


def _panel(acting: Acting) -> Pair:
    return _pair(reach.panels(acting), Panel.objects.all(), lambda p: {"pk": p.pk}, _round)


def _panel_entry(acting: Acting) -> Pair:
    first = lambda p: p.entries.order_by("code")[0].code  # noqa: E731
    return _pair(reach.panels(acting), Panel.objects.all(), lambda p: {"pk": p.pk, "code": first(p)}, _round)


def _round(panel: Panel) -> tuple[str, str, str]:
    return panel.round, panel.award, panel.cycle.stage


def _draw(acting: Acting) -> Pair:
    return _pair(reach.draws(acting), Draw.objects.all(), lambda d: {"pk": d.pk}, lambda d: d.round)


def _drawn_round(acting: Acting) -> Pair:
    give = lambda d: {"code": d.cycle.code, "name": d.round}  # noqa: E731
    return _pair(
        reach.draws(acting).select_related("cycle"), Draw.objects.select_related("cycle"), give, lambda d: (d.round, d.cycle.stage)
    )


def _seat(_acting: Acting) -> Pair:
    """Nobody's without its link."""
    return Pair(None, {"pk": Seat.objects.order_by("pk").values_list("pk", flat=True)[0]})


def _link(acting: Acting) -> Pair:
    """To whoever has it, signed in or not: of a seat that waits, while there is one; and one that opens nothing."""
    rows = Seat.objects.filter(answer="", vacated_at=None).select_related("panel__cycle", "expert__person").order_by("-pk")
    own = next((seat for seat in rows if waits(seat)), None) if acting.role == "public" else None
    return Pair({"token": token_of(own)} if own else None, {"token": f"1-{64 * '0'}"})


def _evidence(acting: Acting) -> Pair:
    return _pair(reach.evidence(acting), Evidence.objects.all(), lambda e: {"pk": e.pk}, lambda e: e.secret)


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


def _unit(acting: Acting) -> Pair:
    return _pair(reach.units(acting).order_by("pk"), Unit.objects.all(), lambda u: {"code": u.code}, lambda u: u.kind)


def _person(acting: Acting) -> Pair:
    return _pair(reach.people(acting).order_by("pk"), Person.objects.all(), lambda p: {"code": p.code})


def _all(rows: QuerySet[Any], give: Callable[[Any], Values], kind: Callable[[Any], Any], foreign: Values) -> Callable[[Acting], Pair]:
    """Of what everybody may read."""

    def found(_acting: Acting) -> Pair:
        return replace(_pair(rows.all(), rows.all(), give, kind), foreign=foreign)

    return found


_NOTICES, _CYCLES = Notice.objects.order_by("-pk"), Cycle.objects.exclude(pinned_at=None).order_by("pk")
_TIMED = _NOTICES.filter(days__gt=0)
_public_notice = _all(_NOTICES, lambda n: {"code": n.code}, lambda n: (n.kind, n.closed_at is None), {"code": "GS0000-000"})
_objectionable = _all(_TIMED, lambda n: {"code": n.code}, lambda n: n.closed_at is None, {"code": "GS0000-000"})
_public_cycle = _all(_CYCLES, lambda c: {"code": c.code}, lambda c: c.stage, {"code": "1900"})
_public_entry = _all(Entry.objects.order_by("code"), lambda e: {"code": e.code}, lambda e: e.status, {"code": "1900-Z-0001"})
_certificate = _all(
    Certificate.objects.order_by("pk"), lambda c: {"number": c.number}, lambda c: c.revoked_on is None, {"number": "HBZLJ-1900-001"}
)


def _version(scheme: bool) -> Callable[[Acting], Pair]:
    def found(_acting: Acting) -> Pair:
        pack = rules_of(_CYCLES[0])
        values = {"pack": pack.id, "version": pack.version}
        each = [{**values, "scheme": one.code} for one in pack.criteria.schemes] if scheme else [values]
        return Pair(each[0], {**each[0], "version": "0"}, tuple(each[1:]))

    return found


def _scheme(_acting: Acting) -> Pair:
    codes = [one.code for one in rules_of(_CYCLES[0]).criteria.schemes]
    return Pair({"scheme": codes[0]}, {"scheme": "none"}, tuple({"scheme": code} for code in codes[1:]))


#: Name of a route (or its beginning, ending in *) and its parameters → how to find samples. The longest name counts.
SAMPLES: dict[tuple[str, tuple[str, ...]], Callable[[Acting], Pair]] = {
    ("desk:entry", ("code",)): _entry,
    ("desk:expert", ("code",)): _expert,
    ("desk:expert_bank", ("code",)): _expert,
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
    ("expert:visit", ("code",)): _visited,
    ("expert:*", ("pk",)): _panel,
    ("expert:*", ("pk", "code")): _panel_entry,
    ("inspector:*", ("chain", "seq")): _journal,
    ("inspector:dossier", ("code",)): _cycle,
    ("inspector:*", ("code",)): _entry,
    ("draws:*", ("pk",)): _draw,
    ("draws:*", ("code", "name")): _drawn_round,
    ("invited:answer", ("pk",)): _seat,
    ("invited:link", ("token",)): _link,
    ("administration:unit", ("code",)): _unit,
    ("administration:person", ("code",)): _person,
    ("public:notice", ("code",)): _public_notice,
    ("public:object", ("code",)): _objectionable,
    ("public:cycle", ("code",)): _public_cycle,
    ("public:survey", ("code",)): _public_cycle,
    ("public:survey_thanks", ("code",)): _public_cycle,
    ("public:entry", ("code",)): _public_entry,
    ("public:certificate_code", ("number",)): _certificate,
    ("public:rules_version", ("pack", "version")): _version(scheme=False),
    ("public:criteria_version", ("pack", "version")): _version(scheme=False),
    ("public:criteria_version", ("pack", "version", "scheme")): _version(scheme=True),
    ("public:criteria", ("scheme",)): _scheme,
}


def sample(route: Route, acting: Acting) -> Pair | None:
    """Samples for a route; None where none are known."""
    names = [route.name, f"{route.name.partition(':')[0]}:*"]
    found = next((SAMPLES[name, route.parameters] for name in names if (name, route.parameters) in SAMPLES), None)
    return found(acting) if found else None
