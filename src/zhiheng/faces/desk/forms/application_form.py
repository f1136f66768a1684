"""The application form as fields, made from its definition in `stages/application/forms.py` (D1, B3–B5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Section, form_for, shown
from zhiheng.faces.desk.forms.fields import DayField, LinesField
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.decision import Reason
from zhiheng.stages.application.forms import FORMS
from zhiheng.stages.application.models import Entry

KINDS = [("", "—"), ("quality", _("质量事故")), ("safety", _("生产安全事故")), ("environment", _("突发环境事件"))]
SPARE = 2  # empty rows for further incidents
LONG = {"achievements": 8, "main_business": 4, "profile": 8, "improvement": 5}


@form_for("application.save")
class Save(ActForm):
    """The whole application form. What another window saved meanwhile is shown beside what was typed here (X7)."""

    lead = _("逐项填写，可随时保存，提交前均可修改。内容修改后，责任承诺须重新签署。")
    confirm = False
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def build(self) -> None:
        """One field an answer, in the order of the definition."""
        entry: Entry = self.subject
        self.model = FORMS[entry.party.kind]
        pack = rules_of(entry.cycle)
        self.award, self.scheme = pack.award(entry.award), pack.scheme(entry.award, entry.category)
        self.rows = min(len(entry.form.get("incidents", [])) + SPARE, 20)
        for name, known in self.model.model_fields.items():
            if name not in ("incidents", "answers"):
                self.fields[name] = self._field(name, str(known.title))
        for row in range(self.rows):
            self._incident(row)
        for item in self.scheme.items:
            label = f"{item.code} {item.title}"
            self.fields[f"answer_{item.code}"] = forms.CharField(
                label=label, required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 5}), help_text=item.text[:200]
            )

    def _field(self, name: str, label: str) -> forms.Field:
        if name.endswith(("_on", "_since")):
            return DayField(label=label, required=False)
        if name == "employees":
            return forms.IntegerField(label=label, required=False, min_value=1, max_value=5_000_000)
        if name.endswith("_listed"):
            return forms.BooleanField(label=label, required=False)
        if name == "traits":
            choices = [(text, text) for text in self.award.encouraged]
            return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple)
        if name == "violations":
            return LinesField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("每行一项；没有的留空"))
        if name in LONG:
            most = 20000 if name == "profile" else 5000
            return forms.CharField(label=label, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": LONG[name]}))
        return forms.CharField(label=label, required=False, max_length=200)

    def _incident(self, row: int) -> None:
        place = {"n": row + 1}
        self.fields[f"incident_{row}_kind"] = forms.ChoiceField(label=_now("第%(n)d起：类别") % place, choices=KINDS, required=False)
        self.fields[f"incident_{row}_major"] = forms.BooleanField(label=_now("第%(n)d起：属重大及以上") % place, required=False)
        self.fields[f"incident_{row}_on"] = DayField(label=_now("第%(n)d起：发生日期") % place, required=False)

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """As saved."""
        form = dict(subject.form)
        values: dict[str, Any] = {"revision": subject.revision}
        for row, incident in enumerate(form.pop("incidents", [])):
            values |= {f"incident_{row}_{part}": incident[part] for part in ("kind", "major", "on")}
        values |= {f"answer_{code}": text for code, text in form.pop("answers", {}).items()}
        return values | form | {"violations": "\n".join(form.get("violations", []))}

    def clean(self) -> dict[str, Any]:
        """An incident is whole or absent."""
        data = super().clean() or self.cleaned_data
        for row in range(self.rows):
            kind, on = data.get(f"incident_{row}_kind"), data.get(f"incident_{row}_on")
            if kind and not on:
                self.add_error(f"incident_{row}_on", _("请填写发生日期"))
            if on and not kind:
                self.add_error(f"incident_{row}_kind", _("请选择类别"))
        return data

    def details(self) -> dict[str, Any]:
        """The form as its definition wants it, and the revision that was opened."""
        data = self.cleaned_data
        form: dict[str, Any] = {name: data.get(name) for name in self.model.model_fields if name not in ("incidents", "answers")}
        form = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in form.items()}
        form["incidents"] = [
            {"kind": data[f"incident_{r}_kind"], "major": data[f"incident_{r}_major"], "on": data[f"incident_{r}_on"].isoformat()}
            for r in range(self.rows)
            if data.get(f"incident_{r}_kind")
        ]
        form["answers"] = {name.removeprefix("answer_"): text for name, text in data.items() if name.startswith("answer_") and text}
        return {"form": form, "revision": data["revision"]}

    def sections(self) -> list[Section]:
        """Basics, record, achievements, then the criteria chapter by chapter."""
        main = [n for n in self.fields if not n.startswith(("answer_", "incident_")) and n not in ("revision", *self._record(), *_DEEDS)]
        found = [
            Section(_now("基本情况"), self._bound(main)),
            Section(_now("主要业绩（事迹）"), self._bound(_DEEDS)),
            Section(_now("信用、违法和事故情况"), self._bound(self._record())),
        ]
        for section in self.scheme.sections:
            names = [f"answer_{item.code}" for item in section.items]
            found.append(Section(f"{section.code} {section.title}", self._bound(names)))
        return found

    def _record(self) -> list[str]:
        incidents = [n for n in self.fields if n.startswith("incident_")]
        return ["abnormal_listed", "dishonest_listed", "violations", *incidents]

    def _bound(self, names: Any) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]

    def on_refused(self, reason: Reason) -> None:
        """Saved elsewhere meanwhile: where the two differ, the other text stands at its field; sending again saves this one."""
        if reason.code != "stale":
            return
        fresh = Entry.objects.get(pk=self.subject.pk)
        theirs = type(self)(initial=self.start(self.acting, fresh), acting=self.acting, subject=fresh)
        mine = self.cleaned_data
        for name, value in theirs.initial.items():
            if name in self.fields and name != "revision":
                other = theirs.fields[name].to_python(value) if not isinstance(value, list) else value
                if (other or None) != (mine.get(name) or None):
                    text = shown(theirs[name], other) or _now("（空）")
                    self.add_error(name, _now("另一窗口保存的内容：%(text)s") % {"text": text[:500]})
        data: Any = self.data
        self.data = data.copy()
        self.data["revision"] = str(fresh.revision)  # type: ignore[index]


_DEEDS = ("achievements", "improvement")
