"""Forms of the administrator's acts: units, and accounts that are locked or let in again (L1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import SHORT
from zhiheng.faces.desk.forms.people import OfPerson
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.administration.people import OF_A_UNIT
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

KINDS = [(role.value, ROLES[role]) for role in Role if role in OF_A_UNIT]


class UnitForm(ActForm):
    """What is known of a unit."""

    name = forms.CharField(label=_("单位名称"), max_length=120, help_text=_("规范全称，用于公告和函件"))
    city = forms.CharField(label=_("所在市"), max_length=40, required=False, help_text=_("推荐单位填写，例如 石家庄市"))
    contact = forms.CharField(
        label=_("对外联系方式"),
        max_length=200,
        required=False,
        widget=SHORT,
        help_text=_("电话、地址等。以该单位名义发布公示时，一并公布，供反映异议。"),
    )


@form_for("units.create")
class CreateUnit(UnitForm):
    """A new unit."""

    lead = _("设立后，即可为人员授予该单位的角色。单位代码和类别设立后不得改动。")
    code = forms.CharField(label=_("单位代码"), max_length=40, help_text=_("小写字母、数字或连字符，例如 sjz；记入日志，设立后不得改动"))
    kind = forms.ChoiceField(label=_("类别"), choices=KINDS)
    field_order = ("kind", "code", "name", "city", "contact")

    def details(self) -> dict[str, Any]:
        """The kind as the register knows it."""
        return {**self.cleaned_data, "kind": Role(self.cleaned_data["kind"])}


@form_for("units.change")
class ChangeUnit(UnitForm):
    """Another name, city or contact."""

    lead = _("变更自办理之日起生效；此前已发布的公告和函件仍为原内容。")

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """As it is now."""
        return {name: getattr(subject, name) for name in ("name", "city", "contact")}


@form_for("units.close")
class CloseUnit(ActForm):
    """A unit that is not used any more."""

    lead = _("停用后，不再为其授予角色；已办理的事项和记录不受影响。")
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)


@form_for("units.reopen")
class ReopenUnit(Plain):
    """A unit that is used again."""

    lead = _("恢复后，可以重新为人员授予该单位的角色。")


@form_for("accounts.lock")
class LockAccount(OfPerson):
    """Nobody signs in with it any more."""

    said = _("停用%(name)s的账号：自下一次请求起不能登录，角色和已办理的事项不受影响。")
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)


@form_for("accounts.unlock")
class UnlockAccount(OfPerson):
    """It may be used again."""

    said = _("恢复%(name)s的账号：可以重新登录，按现有角色办理事项。")
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)
