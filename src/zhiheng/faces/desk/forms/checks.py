"""Sides of an examination, each passed or not with a note: of the recommender's check and of the qualification review (D4, E1)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.faces.desk.forms.base import ActForm
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.lifecycle import Stage

VERDICTS = [("yes", gettext_lazy("符合")), ("no", gettext_lazy("不符合"))]


class SidesForm(ActForm):
    """A verdict and a note on each side that the pack names for the stage."""

    stage: ClassVar[Stage]

    def build(self) -> None:
        """One verdict and one note a side, in the pack's order, before what else the form asks."""
        own = dict(self.fields)
        self.fields.clear()
        self.checks = rules_of(self.subject.cycle).checks_at(self.stage)
        for check in self.checks:
            verdict = forms.ChoiceField(label=check.title, choices=VERDICTS, widget=forms.RadioSelect)
            self.fields[f"passed_{check.code}"] = verdict
            label = _("%(side)s的说明") % {"side": check.title}
            note = forms.CharField(label=label, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
            note.help_text = _("不符合的，必须写明具体情况")
            self.fields[f"note_{check.code}"] = note
        self.fields.update(own)

    def clean(self) -> dict[str, Any]:
        """What does not pass needs its note."""
        data = super().clean() or self.cleaned_data
        for check in self.checks:
            if data.get(f"passed_{check.code}") == "no" and not data.get(f"note_{check.code}", "").strip():
                self.add_error(f"note_{check.code}", _("请写明不符合的具体情况"))
        return data

    def sides(self) -> list[dict[str, Any]]:
        """The sides as the act takes them."""
        data = self.cleaned_data
        return [{"code": c.code, "passed": data[f"passed_{c.code}"] == "yes", "note": data[f"note_{c.code}"]} for c in self.checks]

    def details(self) -> dict[str, Any]:
        """The sides, and the form's other fields."""
        own = {name: value for name, value in self.cleaned_data.items() if not name.startswith(("passed_", "note_"))}
        return {"sides": self.sides(), **own}
