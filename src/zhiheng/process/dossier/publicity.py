"""What a dossier says of applications, notices, objections and the way to the site visits (D1, L2, F4, F5, G5)."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity.models import Objection
from zhiheng.stages.application.models import Entry
from zhiheng.stages.review.models import Handover
from zhiheng.stages.shortlist.models import Shortlist
from zhiheng.stages.sitevisit.models import Visit

Rows = list[dict[str, Any]]
#: What stands in place of a name that no notice made public.
UNPUBLISHED = "（未公开）"


def acts(**times: Any) -> dict[str, Any]:
    """The acts that made a record with their times; `True`: done at a time the record does not keep; nothing: not done.
    A double underscore in a name stands for a dot, three for a slash."""
    done = {name.replace("___", "/").replace("__", "."): at for name, at in times.items() if at}
    return {name: None if at is True else at for name, at in done.items()}


def lists(cycle: Cycle, draws: Rows) -> dict[str, Rows]:
    """The lists of this module. draws: as `panels.draws` gives them."""
    notices = _notices(cycle)
    published = {item["code"]: item for notice in notices for item in notice["items"] if "code" in item}
    drawn = {entry["code"] for draw in draws for panel in draw["frozen"]["panels"] for entry in panel["entries"]}
    return {
        "entries": [_entry(entry, published.get(entry.code, {}), entry.code in drawn) for entry in _entries(cycle)],
        "notices": notices,
        "objections": _objections(cycle),
        "shortlist": _shortlist(cycle),
        "handovers": _handovers(cycle),
    }


def _entries(cycle: Cycle) -> list[Entry]:
    return list(Entry.objects.filter(cycle=cycle).select_related("recommender").order_by("code"))


def _entry(entry: Entry, published: dict[str, Any], drawn: bool) -> dict[str, Any]:
    """An application: of its applicant only what a notice published, of its trade only what a draw was frozen with."""
    return {
        "entry": entry.code,
        "award": entry.award,
        "category": entry.category,
        "name": published.get("name", UNPUBLISHED),
        "status": entry.status,
        "city": published.get("city", ""),
        "industry": entry.industry if drawn else "",
        "recommender": entry.recommender.code,
        "submitted_at": entry.submitted_at,
        "at": acts(application__open=True, application__submit=entry.submitted_at),
    }


def _notices(cycle: Cycle) -> Rows:
    return [
        {
            "notice": row.code,
            "kind": row.kind,
            "title": row.title,
            "body": row.body,
            "items": row.items,
            "unit": row.unit.code,
            "days": row.days,
            "posted": row.posted_at,
            "ends_on": row.ends_on,
            "digest": row.digest,
            "head": row.journal_head,
            "at": {"*": row.posted_at} | acts(publicity__close=row.closed_at),
        }
        for row in cycle.notices.select_related("unit").order_by("code")
    ]


def _objections(cycle: Cycle) -> Rows:
    """Number, notice, entry, outcome and times: nothing of who objected or of what they wrote."""
    outcome = {"upheld": True, "dismissed": False}
    return [
        {
            "objection": row.number,
            "notice": row.notice.code,
            "entry": row.entry,
            "formal": row.formal,
            "upheld": outcome.get(row.status),
            "at": acts(publicity__object=row.received_at, publicity__answer=row.answered_at),
        }
        for row in Objection.objects.filter(notice__cycle=cycle).select_related("notice").order_by("number")
    ]


def _shortlist(cycle: Cycle) -> Rows:
    return [
        {
            "cycle": cycle.code,
            "proposed": row.proposed,
            "notice": row.notice.code if row.notice else None,
            "at": acts(shortlist__authority_opinion=row.authority_at, shortlist__approve=row.approved_at, shortlist__settle=row.settled_at),
        }
        for row in Shortlist.objects.filter(cycle=cycle).select_related("notice")
    ]


def _handovers(cycle: Cycle) -> Rows:
    """One record of both rounds: when the agency handed over, and when it had to."""
    rows = {row.round: row for row in Handover.objects.filter(cycle=cycle)}
    if not rows:
        return []
    material, site = rows.get("material"), rows.get("site")
    done = acts(review__hand_over=material and material.handed_at, sitevisit__hand_over=site and site.handed_at)
    if site is None:
        return [{"cycle": cycle.code, "at": done}]
    last = Visit.objects.filter(cycle=cycle).aggregate(last=Max("ended_on"))["last"]
    return [{"cycle": cycle.code, "last_visit": last, "due": site.due_on, "overdue": site.overdue, "at": done}]
