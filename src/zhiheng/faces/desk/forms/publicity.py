"""Forms of publicity: objections and the end of a period (L2, J2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import LONG, UploadField


@form_for("publicity.object")
class Object(ActForm):
    """An objection by a signed-in applicant or inspector."""

    lead = _("具真实姓名（名称）和联系方式并在公示期内提出的，作为正式异议调查答复；其他的作为线索处理。")
    effects = (_("正式异议未办结前，公示不能结束"),)

    entry = forms.ChoiceField(label=_("所涉申报"), required=False)
    content = forms.CharField(label=_("异议内容"), widget=LONG, max_length=5000)
    name = forms.CharField(label=_("姓名（名称）"), max_length=60, required=False)
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)
    proof = UploadField(label=_("证明材料"), required=False)

    def build(self) -> None:
        """The entries that the notice names."""
        rows = [(item["code"], f"{item['code']} {item.get('name', '')}") for item in self.subject.items if item.get("code")]
        self.fields["entry"].choices = [("", _("不针对具体申报")), *rows]  # type: ignore[attr-defined]


@form_for("publicity.investigate")
class Investigate(ActForm):
    """What an investigation found."""

    lead = _("登记异议的调查情况。多次登记的，依次附后，原记录保留。")
    findings = forms.CharField(label=_("调查情况"), widget=LONG, max_length=10000)


@form_for("publicity.answer")
class Answer(ActForm):
    """The answer to an objection."""

    lead = _("根据调查情况答复异议人。")
    upheld = forms.TypedChoiceField(
        label=_("调查结论"),
        choices=[("yes", _("异议属实")), ("no", _("异议不属实"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("答复意见"), widget=LONG, max_length=10000)

    def recap(self) -> list[tuple[str, str]]:
        """The conclusion in words."""
        upheld = _("异议属实") if self.cleaned_data.get("upheld") else _("异议不属实")
        return [(str(_("调查结论")), str(upheld)), (str(_("答复意见")), self.cleaned_data.get("text", ""))]

    def details(self) -> dict[str, Any]:
        """As the act takes it."""
        return dict(self.cleaned_data)


@form_for("publicity.close")
class Close(Plain):
    """The end of a publicity period."""

    lead = _("公示期满且正式异议全部办结的，结束公示。")
    effects = (_("公示期间的异议情况随公示结果存入卷宗"),)
