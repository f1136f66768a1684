"""Forms of the call: plan, approval (C1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import DayField, MomentField
from zhiheng.faces.desk.forms.letters import LetterForm
from zhiheng.foundation.acts import Acting
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.call.models import Plan


@form_for("call.draft_plan")
class DraftPlan(ActForm):
    """The plan of a cycle."""

    lead = _("拟订本年度评选方案，报省评比达标表彰工作协调小组办公室审核。")
    effects = (_("方案重新拟订的，此前的审核同意失效，须重新报审"),)

    text = forms.CharField(label=_("评选方案"), widget=forms.Textarea(attrs={"rows": 12}), max_length=20000)
    opens_on = DayField(label=_("申报开始日期"))
    deadline = MomentField(label=_("申报截止时间"), help_text=_("截止时间以前收到的申报有效"))

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """The plan as last drafted."""
        plan = Plan.objects.filter(cycle=subject).first()
        return {"text": plan.text, "opens_on": plan.opens_on, "deadline": plan.deadline} if plan else {}


@form_for("call.approve_plan")
class ApprovePlan(LetterForm):
    """The coordination group's approval."""

    lead = _("登记省评比达标表彰工作协调小组办公室对评选方案的审核意见。")
    speakers = frozenset({Role.COORDINATION})


@form_for("call.issue")
class Issue(Plain):
    """Issuing the call."""

    lead = _("向各推荐单位和省有关部门印发申报通知，同时向社会公告。")
    effects = (_("本周期自此锁定现行规则包，此后规则修订不影响本周期"), _("公众网站发布申报公告"), _("本周期进入申报阶段"))
