"""Forms of the platform: calendar, cycles (A1, L2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import DaysField
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.packs.selectors import pack_of


@form_for("calendar.extend")
class ExtendCalendar(ActForm):
    """A year's holidays."""

    lead = _("国务院办公厅公布下一年度放假安排后，据此增补工作日历。已有年度不得改动。")
    effects = (_("此前因日历未公布而不能计算的期限，自此可以计算"),)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    holidays = DaysField(label=_("放假日期"), help_text=_("每行一个日期，含调休形成的连休"), widget=forms.Textarea(attrs={"rows": 10}))
    workdays = DaysField(label=_("调休上班日期"), help_text=_("每行一个日期"), widget=forms.Textarea(attrs={"rows": 5}), required=False)
    source = forms.CharField(label=_("文件名称和文号"), max_length=200)


@form_for("cycle.create")
class CreateCycle(ActForm):
    """A new cycle."""

    lead = _("建立新的评审周期。规则包在印发申报通知时锁定。")
    code = forms.RegexField(label=_("周期代码"), regex=r"^[0-9A-Za-z-]{1,20}$", help_text=_("例如 2028"))
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    pack = forms.ChoiceField(label=_("规则包"))

    def build(self) -> None:
        """The packs in store, newest first."""
        rows = PackVersion.objects.order_by("-stored_at").values_list("digest", "pack_id", "version")
        self.fields["pack"].choices = [(digest, f"{pack} {version}") for digest, pack, version in rows]  # type: ignore[attr-defined]

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """This year."""
        return {"year": clock.today().year, "code": str(clock.today().year)}

    def details(self) -> dict[str, Any]:
        """The pack itself."""
        return {**self.cleaned_data, "pack": pack_of(self.cleaned_data["pack"])}


@form_for("cycle.advance")
class Advance(Plain):
    """The next stage."""

    lead = _("本阶段各项程序全部完成后，进入下一阶段。")
