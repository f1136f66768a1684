"""Forms of supervision (J6, K1–K5, K7)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import LONG, SHORT, DayField
from zhiheng.faces.desk.forms.letters import LetterForm
from zhiheng.faces.desk.forms.people import PersonField
from zhiheng.rules.lifecycle import Role


@form_for("supervision.report_misuse")
class ReportMisuse(ActForm):
    """A report of misuse."""

    lead = _("登记反映的违规使用奖项情况：用于产品或者广告宣传，出售、出租、伪造证书等。")
    content = forms.CharField(label=_("反映的情况"), widget=LONG, max_length=5000)
    reporter = forms.CharField(label=_("反映人"), max_length=60, required=False)


@form_for("supervision.handle_misuse")
class HandleMisuse(ActForm):
    """How it was handled."""

    lead = _("登记违规使用奖项的处理结果。")
    outcome = forms.CharField(label=_("处理结果"), widget=LONG, max_length=5000)


@form_for("supervision.find_false")
class FindFalse(ActForm):
    """False materials."""

    lead = _("认定隐瞒情况、提供虚假材料的，自认定之日起 5 年内不再受理其申报。")
    effects = (_("限制申报记录随即生效，期满自动解除"),)
    text = forms.CharField(label=_("查实情况"), widget=LONG, max_length=5000)


@form_for("supervision.revoke_deceit")
class RevokeDeceit(ActForm):
    """Revocation for deceit."""

    lead = _("以不正当手段获奖的，取消奖励，收回证书、奖牌，追缴奖金，向社会公开，10 年内不予受理。")
    effects = (_("公众网站发布取消奖励公告"), _("证书查询显示“已取消”"), _("奖金列入追缴"))
    evidence = forms.CharField(label=_("查实情况和证据"), widget=LONG, max_length=5000)


@form_for("supervision.verify_event")
class VerifyEvent(LetterForm):
    """An event verified by a department."""

    lead = _("登记有关部门对获奖后重大问题的核实意见。")
    speakers = frozenset({Role.DEPARTMENT})
    text = forms.CharField(label=_("核实情况"), widget=LONG, max_length=5000)
    event_on = DayField(label=_("发生日期"))


@form_for("supervision.agree_revocation")
class AgreeRevocation(LetterForm):
    """The committee agrees."""

    lead = _("登记省质评委同意取消奖励的意见。主任本人办理的，无须来文。")
    speakers = frozenset({Role.CHAIR})


@form_for("supervision.revoke_event")
class RevokeEvent(Plain):
    """Revocation for an event."""

    lead = _("经部门核实并经省质评委同意，取消奖励。")
    effects = (_("公众网站发布取消奖励公告"), _("证书查询显示“已取消”"), _("奖金列入追缴"))


@form_for("supervision.recover")
class Recover(ActForm):
    """Recovery."""

    lead = _("登记追缴的奖金和收回的证书、奖牌或者奖杯。")
    amount = forms.IntegerField(label=_("追缴金额（元）"), min_value=0, initial=0)
    certificate = forms.BooleanField(label=_("证书、奖牌或者奖杯已收回"), required=False)


@form_for("supervision.report_change")
class ReportChange(ActForm):
    """A major change."""

    lead = _("获奖组织发生重大变更的，书面告知所在地市级市场监管部门。")
    kind = forms.ChoiceField(
        label=_("变更类别"), choices=[("structure", _("组织架构")), ("quality_model", _("质量管理模式")), ("other", _("其他重大变更"))]
    )
    text = forms.CharField(label=_("变更情况"), widget=LONG, max_length=5000)


@form_for("supervision.revisit")
class Revisit(ActForm):
    """A follow-up visit."""

    lead = _("登记会同有关部门回访获奖组织的情况。")
    on = DayField(label=_("回访日期"))
    departments = forms.CharField(label=_("会同部门"), max_length=200)
    text = forms.CharField(label=_("回访情况"), widget=LONG, max_length=5000)
    advice = forms.CharField(label=_("改进建议"), widget=SHORT, max_length=5000, required=False)


@form_for("supervision.record_abuse")
class RecordAbuse(ActForm):
    """Abuse of office."""

    lead = _("登记工作人员、评审专家违规违纪情况及其处理。不得登记本人事项。")
    person = PersonField(label=_("人员"), max_length=60, help_text=_("人员代码、专家编号或准确姓名"))
    text = forms.CharField(label=_("情况"), widget=LONG, max_length=5000)
    handling = forms.CharField(label=_("处理意见"), widget=SHORT, max_length=2000)
