"""What the tests of the expert's pages share: panels before which nobody has scored, seen through browsers."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.faces.rooms import entered, hidden
from tests.stages.scored import Reviewing, even
from zhiheng.stages.application.models import Entry
from zhiheng.stages.review.models import Sheet

FORM = '<form class="scoring"'


def fields(marks: dict[str, str], **texts: str) -> dict[str, str]:
    """Marks as the page sends them; texts: strengths_1_1="…"."""
    found = {f"mark-{code}": mark for code, mark in marks.items()}
    for name, text in texts.items():
        kind, _, code = name.partition("_")
        found[f"{kind}-{code.replace('_', '.')}"] = text
    return found


class Judging(Reviewing):
    """The pages of the material review."""

    def setUp(self) -> None:
        super().setUp()
        self.browsers: dict[str, Client] = {}

    def as_(self, who: str) -> Client:
        """The browser of one of the play, the same for a whole test."""
        if who not in self.browsers:
            self.browsers[who] = entered(self.world.people[who])
        return self.browsers[who]

    def path(self, entry: Entry | None = None) -> str:
        return reverse("expert:review", args=[(entry or self.entry).code])

    def agreeing(self, entry: Entry | None = None) -> str:
        return reverse("expert:consensus", args=[self.panel.pk, (entry or self.entry).code])

    def page(self, who: str, entry: Entry | None = None) -> Any:
        return self.as_(who).get(self.path(entry))

    def send(self, who: str, step: str, marks: dict[str, str], entry: Entry | None = None, **texts: str) -> Any:
        """Send a sheet's form with the envelope of the page as it stands."""
        page = self.page(who, entry)
        return self.as_(who).post(self.path(entry), hidden(page, FORM) | fields(marks, **texts) | {"step": step})

    def submit_by_page(self, who: str, marks: dict[str, str], entry: Entry | None = None, **texts: str) -> Any:
        """Preview and confirm, as a person does; the answer to the confirmation."""
        sure = self.send(who, "preview", marks, entry, **texts)
        assert sure.status_code == 200, sure.text
        return self.as_(who).post(self.path(entry), hidden(sure, '<form class="consequences"') | {"step": "confirm"})

    def even(self, value: str = "60", entry: Entry | None = None, **changed: str) -> dict[str, str]:
        return even(entry or self.entry, value, **changed)

    @property
    def sheets(self) -> list[Sheet]:
        return list(Sheet.objects.order_by("pk"))
