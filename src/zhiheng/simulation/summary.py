"""What a play came to: the funnel, the gates, who won and why, what was refused and under which article."""

from __future__ import annotations

import json
from typing import Any

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.journal.services import head_of
from zhiheng.rules.lifecycle import FAIL, PASS, EntryStatus, Stage
from zhiheng.rules.pack import Pack
from zhiheng.rules.thresholds import shown
from zhiheng.simulation.world import World
from zhiheng.stages.commendation import selectors as commendations
from zhiheng.stages.committee.models import Motion
from zhiheng.stages.nomination import selectors as nominations


def reached(pack: Pack, row: Cycle) -> dict[str, list[dict[str, Any]]]:
    """Award → the stages of the line with how many entries came through each."""
    statuses: dict[str, list[str]] = {award.code: [] for award in pack.awards}
    for award, status in row.entries.values_list("award", "status"):
        statuses[award].append(status)
    found: dict[str, list[dict[str, Any]]] = {}
    for award, present in statuses.items():
        steps = []
        left = len(present) - sum(s in {EntryStatus.DRAFT.value, EntryStatus.WITHDRAWN.value} for s in present)
        for stage in pack.line:
            if stage not in PASS:
                continue
            left -= sum(s == FAIL[stage].value for s in present) if stage in FAIL else 0
            title = next(s.title for s in pack.stages if s.code == stage)
            steps.append({"stage": stage.value, "title": title, "count": left})
        found[award] = steps
    return found


def winners(pack: Pack, row: Cycle) -> list[dict[str, Any]]:
    """Winners by award and final score, with what made it."""
    finals = nominations.finals(row)
    found: list[dict[str, Any]] = []
    tallies = Motion.objects.filter(cycle=row, closed_at__isnull=False).values_list("entry_id", "tally")
    votes = {pk: f"{t['yes']}/{t['attending']}" for pk, t in tallies if t}
    order = {award.code: place for place, award in enumerate(pack.awards)}
    by_score = sorted(commendations.winners(row), key=lambda e: (order[e.award], -finals[e.pk].total, e.code))
    for entry in by_score:
        final, award = finals[entry.pk], pack.award(entry.award)
        parts = {"material": final.material, "site": final.site, "survey": final.survey, "bonus": final.bonus}
        found.append(
            {
                "entry": entry.code,
                "name": entry.name,
                "award": award.title,
                "total": shown(final.total, 2, award.final_threshold.value),
                **{name: None if value is None else shown(value) for name, value in parts.items()},
                "votes": votes.get(entry.pk),
                "certificate": entry.certificate.number,
                "revoked": entry.status == EntryStatus.REVOKED.value,
            }
        )
    return found


def of(world: World, row: Cycle) -> dict[str, Any]:
    """Everything worth telling of a play, as plain data."""
    journal = JournalEntry.objects.filter(chain=row.chain)
    gates = journal.filter(act="cycle.advance", kind="act").order_by("seq")
    ends = [{"at": g.at.isoformat()[:10], "body": g.body} for g in gates]
    titles = {s.code.value: s.title for s in world.pack.stages}
    meetings = [
        {
            "code": m.code,
            "members": m.members,
            "present": m.attendances.count(),
            "status": m.get_status_display(),
            "motions": m.motions.count(),
        }
        for m in row.meetings.order_by("pk")
    ]
    return {
        "cycle": row.code,
        "title": row.title,
        "pack": f"{world.pack.id} {world.pack.version}",
        "stage": titles[Stage(row.stage).value],
        "funnel": reached(world.pack, row),
        "gates": [{"on": e["at"], "from": _stage(e["body"], "from", titles), "to": _stage(e["body"], "to", titles)} for e in ends],
        "winners": winners(world.pack, row),
        "meetings": meetings,
        "turns": list(world.turns),
        "refused": [{"what": r.what, "text": r.text, "articles": list(r.articles), "duties": list(r.duties)} for r in world.refusals],
        "acts": sum(world.done.values()),
        "journal": {"entries": journal.count(), "refusals": journal.filter(kind="refusal").count(), "head": head_of(row.chain)},
    }


def _stage(body: str, key: str, titles: dict[str, str]) -> str:
    return titles[json.loads(body)["payload"][key]]
