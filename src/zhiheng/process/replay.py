"""Drawing again what was drawn: from the frozen pool and the revealed seeds, beside what was written then (F1, G1, L3)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.canonical import digest, digest_of
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.rules import draw as lot
from zhiheng.rules.draw_record import expert_from_json, pool_digest, spec_from_json, transcript_to_json
from zhiheng.stages.panel.models import Draw


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: what was compared (Chinese), and whether it agrees."""

    title: str
    ok: bool


def replay(draw: Draw) -> list[Check]:
    """Draw again and compare: pool and panels with their digest, seeds with the commitments, the joined seed, every ticket and seat, and
    the journal's digest of the transcript. Nothing is changed; a draw that has not taken place gives the first comparison only."""
    pool = [expert_from_json(one) for one in draw.frozen["pool"]]
    specs = [spec_from_json(one) for one in draw.frozen["panels"]]
    found = [Check("冻结的专家池和分组与其摘要", pool_digest(pool, specs) == draw.pool_digest)]
    if draw.transcript is None:
        return found
    committed = {role: digest(number.encode()) for role, number in draw.seeds.items()}
    found.append(Check("各方揭示的种子与事先承诺", committed == draw.seed_commitments))
    joined = "|".join([draw.pool_digest, *(draw.seeds[role] for role in sorted(draw.seeds))])
    found.append(Check("合成种子", digest(joined.encode()) == draw.seed))
    params, on = rules_of(draw.cycle).parameters, date.fromisoformat(draw.frozen["on"])
    name = "site" if draw.round == "site" else "material"
    again = lot.draw(pool, specs, draw.seed, params, on, name, draw.frozen["max_load"])  # type: ignore[arg-type]
    found.append(Check("签号、回避、人选和席位", again.value is not None and transcript_to_json(again.value) == draw.transcript))
    found.append(Check("日志所载抽取记录的摘要", digest_of(draw.transcript) == _journalled(draw)))
    return found


def _journalled(draw: Draw) -> str:
    rows = JournalEntry.objects.filter(chain=draw.cycle.chain, act="panel.draw", kind="act", subject=ref(draw.cycle))
    for body in rows.values_list("body", flat=True):
        payload = json.loads(body)["payload"]
        if (payload["round"], payload["version"]) == (draw.round, draw.version):
            return str(payload["transcript_digest"])
    return ""
