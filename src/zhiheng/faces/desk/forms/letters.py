"""The word of an outside party: given by itself when it has an account, else recorded with its letter (L1)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm
from zhiheng.faces.desk.forms.fields import SHORT, DayField, UploadField
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.rules.lifecycle import Role

LETTER = ("issuer", "number", "dated", "summary", "scan")


class LetterForm(ActForm):
    """A form that records a letter. speakers: whose own word needs none; issuer_title: who usually writes it."""

    speakers: ClassVar[frozenset[Role]] = frozenset()

    issuer = forms.CharField(label=_("来文单位"), max_length=120)
    number = forms.CharField(label=_("文号"), max_length=80, help_text=_("例如：冀评组办函〔2026〕6号"))
    dated = DayField(label=_("成文日期"))
    summary = forms.CharField(label=_("内容摘要"), widget=SHORT, required=False, max_length=2000)
    scan = UploadField(label=_("来文扫描件"), help_text=_("PDF 或图片"))

    def build(self) -> None:
        """Who speaks for itself needs no letter."""
        if self.speaks_itself:
            for name in LETTER:
                del self.fields[name]

    @property
    def speaks_itself(self) -> bool:
        """Whether the actor is the party whose word it is."""
        return self.acting.role in self.speakers

    def letter(self) -> Letterhead | None:
        """The letter as the act takes it; None when the party speaks itself."""
        if self.speaks_itself:
            return None
        data = self.cleaned_data
        return Letterhead(data["issuer"], data["number"], data["dated"], data["summary"], data["scan"])

    def details(self) -> dict[str, Any]:
        """What was filled in beside the letter, and the letter."""
        return {**{name: value for name, value in self.cleaned_data.items() if name not in LETTER}, "letter": self.letter()}

    def layout(self) -> dict[str, tuple[str, ...]]:
        """The letter comes last, under its own heading."""
        own = tuple(name for name in self.fields if name not in LETTER)
        if self.speaks_itself:
            return {"": own} if own else {}
        return {**({str(_("意见")): own} if own else {}), str(_("来文")): LETTER}
