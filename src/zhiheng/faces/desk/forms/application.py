"""Forms of applying: a new application, declarations, internal publicity, submission (B1–B5, D1–D3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import SHORT, DayField
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.industries import divisions
from zhiheng.foundation.parties.services import Individual, Organization
from zhiheng.foundation.people.models import Unit
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import live_evidence


@form_for("application.open")
class Open(ActForm):
    """A new application."""

    lead = _("选择奖项和类别，填写申报组织（个人申报的，填写所在单位）。申报按属地推荐。")
    effects = (_("生成申报编号，随后可逐项填报，申报截止前可多次保存"),)
    award = forms.ChoiceField(label=_("奖项和类别"))
    organization = forms.CharField(label=_("单位名称"), max_length=120, help_text=_("须与营业执照或法人证书一致"))
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=24)
    city = forms.ChoiceField(label=_("所在地"), help_text=_("由该地市场监督管理部门审核推荐"))
    industry = forms.ChoiceField(label=_("所属行业"))
    group_code = forms.CharField(label=_("所属集团统一社会信用代码"), max_length=24, required=False)

    def build(self) -> None:
        """Awards, places and industries of the cycle's pack."""
        pack = rules_of(self.subject)
        awards = [(f"{a.code}:{c.code}", f"{a.title} · {c.title}") for a in pack.awards for c in a.categories]
        self.fields["award"].choices = [("", _("请选择")), *awards]  # type: ignore[attr-defined]
        self.fields["city"].choices = [("", _("请选择")), *((r.code, r.city) for r in pack.recommenders)]  # type: ignore[attr-defined]
        kinds = [(code, f"{code} {name}") for code, name in divisions().items()]
        self.fields["industry"].choices = [("", _("请选择")), *kinds]  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """Who applies for what, through whom."""
        data, pack = self.cleaned_data, rules_of(self.subject)
        award, _colon, category = data["award"].partition(":")
        place = pack.recommender(data["city"])
        body = Organization(data["organization"], data["credit_code"], place.city, data["industry"], data["group_code"])
        person = pack.award(award).applicant == "person" and self.acting.person
        return {
            "party": Individual(person, body) if person else body,
            "award": award,
            "category": category,
            "recommender": Unit.objects.get(code=place.code),
            "name": person.name if person else data["organization"],
            "industry": data["industry"],
        }

    def reasons_at(self) -> dict[str, str]:
        """Faults of the credit codes at their fields."""
        return {"credit_code": "credit_code", "group_code": "group_code", "organization": "organization"}


@form_for("application.declare")
class Declare(ActForm):
    """Declarations and signature."""

    lead = _("逐项声明符合申报条件，声明材料不涉及国家秘密，并签署责任承诺。内容修改后须重新签署。")
    conditions = forms.MultipleChoiceField(label=_("声明符合下列条件"), widget=forms.CheckboxSelectMultiple, required=False)
    no_state_secrets = forms.BooleanField(label=_("声明：申报材料不涉及国家秘密"), required=False)
    responsible = forms.BooleanField(label=_("承诺：对申报材料的完整性、真实性、准确性负责"), required=False)
    signed_by = forms.CharField(label=_("签署人"), max_length=60, required=False, help_text=_("组织申报由法定代表人或主要负责人签署"))

    def build(self) -> None:
        """The award's conditions, in the regulation's words."""
        entry: Entry = self.subject
        rows = [c for c in rules_of(entry.cycle).award(entry.award).conditions if not c.applies_to or entry.category in c.applies_to]
        self.fields["conditions"].choices = [(c.code, c.text) for c in rows]  # type: ignore[attr-defined]

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """As declared before; a signature is given anew each time."""
        return {"conditions": subject.declared, "no_state_secrets": subject.no_state_secrets}

    def clean(self) -> dict[str, Any]:
        """Who signs, promises."""
        data = super().clean() or self.cleaned_data
        if data.get("signed_by") and not data.get("responsible"):
            self.add_error("responsible", _("签署前请勾选责任承诺"))
        return data

    def details(self) -> dict[str, Any]:
        """As the act takes it."""
        return {name: self.cleaned_data[name] for name in ("conditions", "signed_by", "no_state_secrets")}


class EvidenceField(forms.ModelChoiceField):
    """A piece of the entry's evidence."""

    def label_from_instance(self, obj: Any) -> str:
        """Its title."""
        return str(obj.title)


@form_for("application.internal_publicity")
class InternalPublicity(ActForm):
    """Publicity inside the applicant's own unit."""

    lead = _("申报前应在本单位内部公示且无异议。公示时间一般不少于 5 个工作日。")
    confirm = False
    start_on = DayField(label=_("公示开始日期"))
    end_on = DayField(label=_("公示结束日期"))
    objections = forms.IntegerField(label=_("收到异议（件）"), min_value=0, max_value=9999, initial=0)
    proof = EvidenceField(label=_("证明材料"), queryset=None, required=False, help_text=_("请先上传“内部公示”的证明材料，再在此选择"))

    def build(self) -> None:
        """Evidence that stands."""
        rows = live_evidence(self.subject).select_related("file")
        proofs = rows.filter(proves__startswith="internal")
        self.fields["proof"].queryset = proofs if proofs.exists() else rows  # type: ignore[attr-defined]

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """As recorded."""
        proof = live_evidence(subject).filter(file=subject.internal_proof).first() if subject.internal_proof_id else None
        first = proof or live_evidence(subject).filter(proves__startswith="internal").first()
        days = {"start_on": subject.internal_from, "end_on": subject.internal_until}
        return {**days, "objections": subject.internal_objections, "proof": first}

    def details(self) -> dict[str, Any]:
        """As the act takes it."""
        data = self.cleaned_data
        return {"start": data["start_on"], "end": data["end_on"], "objections": data["objections"], "proof": data["proof"]}


@form_for("application.submit")
class Submit(Plain):
    """Submission."""

    lead = _("提交后由所在地市场监督管理部门审核。申报截止前，如需修改可请其退回。")
    effects = (_("提交后不能自行修改，材料的商业秘密标注不能再改"), _("以收到时间为准，截止时间以前收到的有效"))


@form_for("application.withdraw")
class Withdraw(ActForm):
    """Withdrawal."""

    lead = _("撤回申报不影响以后申报。")
    effects = (_("本周期内该申报终止；申报期内可以重新申报"),)
    reason = forms.CharField(label=_("撤回原因"), widget=SHORT, required=False, max_length=5000)


@form_for("application.correct_category")
class CorrectCategory(ActForm):
    """The category corrected by the office."""

    lead = _("受理前，省质评办可更正申报类别并说明理由。")
    category = forms.ChoiceField(label=_("更正为"))
    reason = forms.CharField(label=_("更正理由"), widget=SHORT, max_length=5000)

    def build(self) -> None:
        """The award's other categories."""
        entry: Entry = self.subject
        rows = rules_of(entry.cycle).award(entry.award).categories
        self.fields["category"].choices = [(c.code, c.title) for c in rows if c.code != entry.category]  # type: ignore[attr-defined]
