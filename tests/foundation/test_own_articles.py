"""Another award cites its own law: the articles of the cycle's pack, in refusals and in the journal."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Refused
from zhiheng.foundation.administration.cycles import create_cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.process.register import call
from zhiheng.rules.lifecycle import Role

MADE_UP = Path(__file__).parents[1] / "packs" / "made-up"


@pytest.mark.duty("A1", "C1")
@pytest.mark.parametrize(("made_up", "article"), [(True, "第四条"), (False, "四(一)")])
def test_a_refusal_cites_the_cycles_own_law(town: object, made_up: bool, article: str) -> None:
    office = town.acting(Role.OFFICE)  # type: ignore[attr-defined]
    pack = load_pack(MADE_UP if made_up else settings.RULEPACKS_DIR / "hebei-2022")
    with clock.travel(clock.at(date(2026, 3, 2))):
        cycle = create_cycle(office, None, code="2026-own", year=2026, pack=pack).value
        with pytest.raises(Refused) as refused:
            call.issue(office, cycle)
    assert {r.article for r in refused.value.decision.refusals} == {article}
    body = json.loads(JournalEntry.objects.get(chain=cycle.chain, kind="refusal").body)
    assert body["articles"] == [article]
    assert {r["article"] for r in body["payload"]["reasons"]} == {article}
