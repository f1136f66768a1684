"""What the tests of both rounds share: even marks for a whole scheme, and sheets of all who owe one."""

from fractions import Fraction
from typing import Any

from tests.stages.playing import Played, played
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.register import review
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.review.models import Consensus, Result, Sheet
from zhiheng.stages.review.scoring import missing_sheets, scheme_of

TEXTS = {"strengths": "战略清晰", "improvements": "可加强标杆对比", "conclusion": "建议进入下一环节"}


def even(entry: Entry, value: str, **changed: str) -> dict[str, str]:
    """The same mark on every item; `changed` names others by item, its dot as an underscore (i4_6="45")."""
    other = {name.removeprefix("i").replace("_", "."): mark for name, mark in changed.items()}
    marks = {item.code: value for item in scheme_of(entry).items}
    assert set(other) <= set(marks)
    return marks | other


def scored(world: World, act: Any, panel: Panel, entry: Entry, *marks: dict[str, str]) -> list[str]:
    """Everybody who owes a sheet hands one in, by code, with these marks in turn; gives their codes."""
    owing = missing_sheets(panel, entry, panel.round)
    for number, code in enumerate(owing):
        world.do(act, code, entry, marks=marks[number % len(marks)], comments={})
    return owing


class Reviewing(Played):
    """The panels are drawn: four organizations before one panel, two persons before the other; nobody has scored."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(Stage.MATERIAL_REVIEW, share=0)

    def setUp(self) -> None:
        super().setUp()
        self.panel = Panel.objects.get(award="organization")
        self.entries = list(self.panel.entries.order_by("code"))
        self.entry = self.entries[0]
        self.codes = sorted(self.panel.seats.values_list("expert__code", flat=True))
        self.people = Panel.objects.get(award="individual")
        self.person = self.people.entries.order_by("code")[0]

    def why(self, act: Any, who: str | Acting, subject: Any = None, **details: Any) -> str:
        """The first reason of a refusal."""
        found: str = self.refused(act, who, subject, **details).refusals[0].text
        return found

    def submit(self, who: str, entry: Entry, marks: dict[str, Any], comments: Any = None) -> Sheet:
        found: Sheet = self.world.do(review.submit_sheet, who, entry, marks=marks, comments=comments).value
        return found

    def fill(self, entry: Entry, *marks: dict[str, str], report: bool = True) -> None:
        """All sheets that are owed, and the report."""
        one = self.panel if entry.award == "organization" else self.people
        scored(self.world, review.submit_sheet, one, entry, *marks)
        if report:
            speaker = one.seats.filter(vacated_at=None).select_related("expert")[0].expert.code
            self.world.do(review.submit_report, speaker, one, entry=entry, **TEXTS)

    def fill_others(self) -> None:
        for entry in self.entries[1:]:
            self.fill(entry, even(entry, "50"))
        for entry in self.people.entries.all():
            self.fill(entry, even(entry, "20"))

    def agree(self, value: str = "60", entry: Entry | None = None, who: str = "", **details: Any) -> Consensus:
        row = entry or self.entry
        details = {"entry": row, "marks": even(row, value), "reason": "逐条讨论"} | details
        found: Consensus = self.world.do(review.record_consensus, who or self.codes[0], self.panel, **details).value
        return found

    def total(self, entry: Entry) -> tuple[Fraction, bool | None]:
        row = Result.objects.filter(entry=entry, round="material").order_by("-version")[0]
        return row.total, row.passed
