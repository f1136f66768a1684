"""Forms of publicity of the winners, commendation and what winners report (J1–J6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import LONG, SHORT, DayField, UploadField
from zhiheng.faces.desk.forms.letters import LetterForm
from zhiheng.foundation.acts import Acting
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.commendation.selectors import balance
from zhiheng.stages.commendation.services import PURPOSES


@form_for("commendation.publish")
class Publish(Plain):
    """The proposed winners go public."""

    lead = _("授奖建议名单向社会公示不少于 5 个工作日，按名称排列，不公布得分和排序。")
    effects = (_("公众网站发布授奖公示"), _("公示期间受理异议"))


@form_for("commendation.cancel")
class Cancel(LetterForm):
    """A proposed winner cancelled."""

    lead = _("异议经查属实或不再符合条件的，提请省质评委取消其授奖建议名单资格，名额空缺不递补。")
    speakers = frozenset({Role.CHAIR})
    report = forms.CharField(label=_("调查报告"), widget=LONG, max_length=10000)


@form_for("commendation.confirm")
class Confirm(Plain):
    """The result of the publicity."""

    lead = _("公示期满、异议办结后确认公示结果，报请省政府批准。")


@form_for("commendation.approve")
class Approve(LetterForm):
    """The government's approval."""

    lead = _("登记省政府批准文件。")
    speakers = frozenset({Role.GOVERNMENT})


@form_for("commendation.award")
class Award(Plain):
    """Commendation."""

    lead = _("经省政府批准后通报表彰，颁发证书，登记应发奖金。")
    effects = (_("证书编号随即生成，任何人可在公众网站查验"), _("公众网站发布表彰公告"))


@form_for("commendation.release_feedback")
class ReleaseFeedback(Plain):
    """Feedback released."""

    lead = _("授奖决定作出后，向各申报人公布其本人的评审反馈报告。")
    effects = (_("各申报人只能看到本单位（本人）的得分和报告"),)


@form_for("commendation.pay")
class Pay(ActForm):
    """A payment."""

    lead = _("登记已经发放的奖金。累计不超过应发金额。")
    amount = forms.IntegerField(label=_("金额（元）"), min_value=1)
    on = DayField(label=_("发放日期"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """What is owed."""
        return {"amount": balance(subject)["to_pay"] or None}


@form_for("commendation.report_use")
class ReportUse(ActForm):
    """What the prize money was used for."""

    lead = _("报告奖励经费的使用情况，可分次报告。")
    purpose = forms.ChoiceField(label=_("用途"), choices=list(PURPOSES.items()))
    amount = forms.IntegerField(label=_("金额（元）"), min_value=1)
    text = forms.CharField(label=_("使用情况"), widget=LONG, max_length=5000)


@form_for("commendation.promote")
class Promote(ActForm):
    """How a winner shares its methods."""

    lead = _("登记宣传推广先进经验的情况。")
    kind = forms.ChoiceField(label=_("形式"), choices=[("event", _("宣传推广活动")), ("visit", _("观摩学习")), ("material", _("编印资料"))])
    text = forms.CharField(label=_("内容"), widget=SHORT, max_length=5000)
    on = DayField(label=_("日期"))
    file = UploadField(label=_("附件"), required=False)
