"""Entries as standings: final scores with what breaks ties."""

from __future__ import annotations

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.bonus import BonusClaim as ClaimFacts
from zhiheng.rules.ranking import Standing
from zhiheng.stages.application.models import Entry
from zhiheng.stages.nomination.models import Final
from zhiheng.stages.review import facts as marks
from zhiheng.stages.review import selectors as reviews


def claims(entry: Entry) -> list[ClaimFacts]:
    """The bonus claims with what staff found."""
    return [ClaimFacts(c.kind, c.granted_on, c.valid_until, c.verified) for c in entry.bonus_claims.all()]


def standings(cycle: Cycle, finals: dict[int, Final]) -> list[Standing]:
    """What is ranked. Chapter points are those of the site visit, or of the material review where there is none."""
    site, material = reviews.results(cycle, "site"), reviews.results(cycle, "material")
    return [
        Standing(
            entry=final.entry.code,
            award=final.entry.award,
            final=final.total,
            material=final.material,
            site=final.site,
            survey=final.survey,
            sections=marks.marks((site.get(pk) or material[pk]).sections),
        )
        for pk, final in finals.items()
    ]
