"""Forms of an expert's service: approval, suspension, confirmation, absences, account, appraisal (F1, G4, K7; Q36)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.experts.words import book
from zhiheng.faces.desk.forms.base import ActForm, form_for
from zhiheng.faces.desk.forms.fields import SHORT, DayField
from zhiheng.faces.desk.forms.lines import PeriodsField
from zhiheng.foundation import clock
from zhiheng.foundation.packs.selectors import newest
from zhiheng.stages.panel import profile
from zhiheng.stages.panel.models import RATINGS, Expert


@form_for("panel.approve_expert")
class ApproveExpert(ActForm):
    """Approval of an expert."""

    lead = _("审核通过后，该专家进入专家库，可以抽取。审核之日视同本人首次确认信息。")
    term_from = DayField(label=_("聘期起"), required=False)
    term_until = DayField(label=_("聘期止"), required=False, help_text=_("不填的，不设届满日期"))
    draft = False

    @classmethod
    def start(cls, acting: Any, subject: Any) -> dict[str, Any]:
        """From today."""
        return {"term_from": subject.term_from or clock.today(), "term_until": subject.term_until}


@form_for("panel.suspend_expert")
class SuspendExpert(ActForm):
    """Suspension or removal."""

    lead = _("暂停或移出的，立即不能以专家身份办理任何事项。")
    remove = forms.TypedChoiceField(
        label=_("处理"),
        choices=[("no", _("暂停")), ("yes", _("移出专家库"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)


@form_for("panel.reinstate_expert")
class ReinstateExpert(ActForm):
    """Back into service."""

    lead = _("恢复后，该专家即可办理评审事项，并可参加抽取。恢复之日视同本人确认信息。")
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)

    def facts(self) -> list[tuple[str, str]]:
        """Why they were taken out."""
        return [(_now("暂停或移出理由"), self.subject.reason)] if self.subject.reason else []


@form_for("panel.confirm_profile")
class ConfirmProfile(ActForm):
    """The yearly confirmation."""

    lead = _("请逐项核对。有误的，先办理“更新本人信息”；逾期未确认的，不参加抽取。")
    checked = forms.BooleanField(label=_("本人已核对上述信息，内容真实、准确、完整"))
    draft = False

    def facts(self) -> list[tuple[str, str]]:
        """The whole record, as it is confirmed."""
        return book(newest()).rows(profile.held(self.subject), (*profile.FIELDS,))

    def details(self) -> dict[str, Any]:
        """Nothing but the act."""
        return {}


@form_for("panel.set_absences")
class SetAbsences(ActForm):
    """Days on which one cannot take part."""

    lead = _("登记不能参加评审的日期；与评审日期重叠的，不参加该轮抽取。再次提交即替换此前登记的全部日期。")
    confirm = False
    periods = PeriodsField(
        label=_("日期"), required=False, help_text=_("每行一段：开始日期，结束日期，说明（可不填）。例如 2026-03-02，2026-03-08，出国")
    )

    @classmethod
    def start(cls, acting: Any, subject: Any) -> dict[str, Any]:
        """What is noted so far."""
        rows = subject.absences.order_by("from_on", "pk")
        return {"periods": "\n".join("，".join(filter(None, (str(r.from_on), str(r.until_on), r.note))) for r in rows)}


@form_for("panel.set_bank")
class SetBank(ActForm):
    """Where the fee is paid."""

    lead = _("账户信息加密保存，仅供发放评审费使用。平时只显示末四位；省质评办查阅全号须逐次留痕。")
    draft = False
    confirm = False  # the page that asks would send the number to the browser once more
    submit = _("保存账户")
    bank = forms.CharField(label=_("开户银行"), max_length=120, help_text=_("写到支行"))
    holder = forms.CharField(label=_("户名"), max_length=60)
    number = forms.CharField(label=_("账号"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}))


@form_for("panel.appraise")
class Appraise(ActForm):
    """How an expert worked on the panel."""

    given = ("expert",)
    lead = _("评价专家在本组的评审工作，作为续聘和抽取管理的参考。再次评价不覆盖此前的评价。")
    expert = forms.ModelChoiceField(label=_("专家"), queryset=Expert.objects.none(), empty_label=None)
    rating = forms.ChoiceField(label=_("评价"), choices=[(code, _(title)) for code, title in RATINGS], widget=forms.RadioSelect)
    text = forms.CharField(label=_("情况说明"), widget=SHORT, max_length=1000, required=False)

    def build(self) -> None:
        """Whoever sits or sat on the panel."""
        field = self.fields["expert"]
        field.queryset = Expert.objects.filter(seats__panel=self.subject).select_related("person").order_by("code")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.code} {one.person.name}"  # type: ignore[attr-defined]
