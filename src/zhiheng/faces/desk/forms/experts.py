"""Forms of the expert library (F1, G4, K7; Q18, Q36)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.experts.words import book
from zhiheng.faces.desk.forms.base import ActForm, form_for
from zhiheng.faces.desk.forms.fields import SHORT, DayField
from zhiheng.faces.desk.forms.lines import PartsField, QualificationsField, TiesField, TrainingField
from zhiheng.foundation import industries
from zhiheng.foundation.packs.selectors import newest
from zhiheng.foundation.people.services import Newcomer
from zhiheng.stages.panel import profile
from zhiheng.stages.panel.models import Expert, Revision

LISTED: dict[str, Any] = {"employers": TiesField, "consulted": TiesField, "qualifications": QualificationsField, "training": TrainingField}


class ProfileForm(ActForm):
    """The fields of a profile. names: those that the form has, in order."""

    names: ClassVar[tuple[str, ...]] = (*profile.GATED, *profile.FREE)

    kind = forms.ChoiceField(label=_("专家类型"), choices=[(k, _(t)) for k, t in profile.KINDS.items()], widget=forms.RadioSelect)
    title = forms.CharField(label=_("职称"), max_length=60, required=False)
    employer = forms.CharField(label=_("现工作单位"), max_length=120)
    credit_code = forms.CharField(label=_("工作单位信用代码"), max_length=18, required=False, help_text=_("18位统一社会信用代码"))
    group_code = forms.CharField(
        label=_("所属集团信用代码"), max_length=18, required=False, help_text=_("单位隶属集团公司的，填集团（母公司）代码，用于认定回避")
    )
    employers = TiesField(
        label=_("近年工作单位"),
        required=False,
        widget=SHORT,
        help_text=_("近3年内的其他工作单位，每行一个：单位名称，信用代码（可不填），离任日期；仍在任的不写日期"),
    )
    consulted = TiesField(
        label=_("有偿咨询服务单位"), required=False, widget=SHORT, help_text=_("每行一个：单位名称，终止日期；仍在服务的只写名称")
    )
    industries = forms.MultipleChoiceField(label=_("熟悉行业"), widget=forms.SelectMultiple(attrs={"size": 8}))
    main_industries = forms.MultipleChoiceField(
        label=_("主攻行业"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("从熟悉行业中选择本人主要从事的行业"),
    )
    categories = forms.MultipleChoiceField(label=_("可评类别"), widget=forms.CheckboxSelectMultiple)
    criteria = forms.MultipleChoiceField(label=_("擅长评审章节"), required=False, widget=forms.SelectMultiple(attrs={"size": 6}))
    qualifications = QualificationsField(
        label=_("评审资格"),
        required=False,
        widget=SHORT,
        help_text=_("每行一项：类别，证书编号，发证日期，有效期至。类别有卓越绩效评审员、卓越绩效评审组长、管理体系审核员、其他"),
    )
    training = TrainingField(label=_("培训经历"), required=False, widget=SHORT, help_text=_("每行一项：培训名称，日期"))
    languages = PartsField(label=_("语种"), max_length=120, required=False, help_text=_("例如 英语、日语"))
    city = forms.ChoiceField(label=_("所在市"), required=False)
    leader = forms.BooleanField(label=_("可任组长"), required=False)
    max_load = forms.IntegerField(label=_("工作量上限（组）"), min_value=1, max_value=20, initial=3)
    term_from = DayField(label=_("聘期起"), required=False)
    term_until = DayField(label=_("聘期止"), required=False, help_text=_("不填的，不设届满日期"))

    def build(self) -> None:
        """Industries of GB/T 4754, section by section; categories, criteria and cities of the newest pack."""
        pack = newest()
        self.book = book(pack)
        kinds = [(c.code, f"{a.title} · {c.title}") for a in (pack.awards if pack else ()) for c in a.categories]
        known = industries.divisions()
        tree = [
            (f"{letter} {name}", [(code, f"{code} {known[code]}") for code in known if industries.section_of(code) == letter])
            for letter, name in industries.sections().items()
        ]
        city = self.subject.city if isinstance(self.subject, Expert) else ""
        cities = dict.fromkeys([*self.book.cities, *([city] if city else [])])
        offered = {
            "industries": tree, "main_industries": tree, "categories": kinds, "criteria": list(self.book.criteria.items()),
            "city": [("", _now("请选择")), *((one, one) for one in cities)],
        }  # fmt: skip
        for name in profile.FIELDS:
            if name not in self.names:
                del self.fields[name]
            elif name in offered:
                self.fields[name].choices = offered[name]  # type: ignore[attr-defined]

    @classmethod
    def start(cls, acting: Any, subject: Any) -> dict[str, Any]:
        """What is on record."""
        if not isinstance(subject, Expert):
            return {"kind": "assessor"}
        found = profile.held(subject, cls.names)
        found |= {name: field.typed(found[name]) for name, field in LISTED.items() if name in found}
        return found | {"languages": "、".join(subject.languages)}

    def layout(self) -> dict[str, tuple[str, ...]]:
        """By subject."""
        return {
            _now("人员"): ("name", "id_number", "code", "kind", "title", "contact", "languages"),
            _now("工作单位和利害关系"): ("employer", "credit_code", "group_code", "city", "employers", "consulted"),
            _now("可评范围"): ("industries", "main_industries", "categories", "criteria"),
            _now("资格和任务"): ("qualifications", "training", "leader", "max_load", "term_from", "term_until"),
            _now("说明"): ("grounds", "reason"),
        }

    def sections(self) -> list[Any]:
        """Headings that have a field in this form."""
        return [section for section in super().sections() if section.fields]

    def reasons_at(self) -> dict[str, str]:
        """Faults of the ID number at its field."""
        return {"identity": "id_number"}

    def recap(self) -> list[tuple[str, str]]:
        """Without the ID number; lists in words."""
        own = {str(self.fields[name].label): self.book.text(name, self.cleaned_data[name]) for name in LISTED if name in self.fields}
        hidden = str(self.fields["id_number"].label) if "id_number" in self.fields else ""
        return [(label, own.get(label, text)) for label, text in super().recap() if label != hidden]


@form_for("panel.register_expert")
class RegisterExpert(ProfileForm):
    """A new expert for the library."""

    lead = _("登记拟入库的评审专家，经省质评办审核后方可抽取。证件号码只用于核对身份，不保存原文。")
    names = profile.FIELDS
    draft = False  # it would keep an ID number

    name = forms.CharField(label=_("姓名"), max_length=60)
    id_number = forms.CharField(label=_("证件号码"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    code = forms.CharField(label=_("专家编号"), max_length=20, help_text=_("例如 ZJ0121"))

    def details(self) -> dict[str, Any]:
        """The person by name and number; the act makes them known when new."""
        data = dict(self.cleaned_data)
        return {"person": Newcomer(data.pop("name"), data.pop("id_number")), **data}


class Changes(ProfileForm):
    """A profile changed: the recap says what was and what will be."""

    def recap(self) -> list[tuple[str, str]]:
        """Old and new of each field that changes, and the words beside them."""
        values, _wrong = profile.cleaned({name: self.cleaned_data[name] for name in self.names})
        before, after = profile.held(self.subject), profile.changes(self.subject, values)
        rows = self.book.compared(before, after)
        told = [
            (label, _now("原：%(old)s\n现：%(new)s") % {"old": old or _now("（空）"), "new": new or _now("（空）")})
            for label, old, new in rows
        ]
        words = [name for name in ("contact", "grounds", "reason") if self.cleaned_data.get(name)]
        return told + [(str(self.fields[name].label), self.cleaned_data[name]) for name in words]


@form_for("panel.update_profile")
class UpdateProfile(Changes):
    """An expert's own changes."""

    lead = _("工作单位、利害关系、可评范围、评审资格、组长资格和所在市关系到抽取和回避，变更须经省质评办审核；其他内容提交后即行更新。")
    effects = (_("待审核的新单位和咨询关系立即计入回避，其余变更在审核后生效"),)
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)
    grounds = forms.CharField(label=_("变更说明"), widget=SHORT, max_length=1000, required=False)

    @classmethod
    def start(cls, acting: Any, subject: Any) -> dict[str, Any]:
        """What is on record, with what was asked for already in its place."""
        asked = subject.revisions.filter(status="pending").first()
        found = super().start(acting, subject)
        for name, value in (asked.after if asked else {}).items():
            found[name] = LISTED[name].typed(value) if name in LISTED else value
        return found | {"contact": subject.person.contact, "grounds": asked.grounds if asked else ""}


@form_for("panel.amend_expert")
class AmendExpert(Changes):
    """The office's corrections."""

    lead = _("更正后立即生效，并通知专家本人。冻结以后的抽取仍以冻结时的信息为准。")
    names = profile.FIELDS
    reason = forms.CharField(label=_("更正理由"), widget=SHORT, max_length=1000)


@form_for("panel.rule_on_revision")
class RuleOnRevision(ActForm):
    """The office's word on a change."""

    lead = _("对照变更前后的内容审核。采用的，即行更新；不采用的，须写明理由。")
    adopt = forms.TypedChoiceField(
        label=_("审核结论"),
        choices=[("yes", _("采用")), ("no", _("不采用"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("审核意见"), widget=SHORT, max_length=1000, required=False)

    def facts(self) -> list[tuple[str, str]]:
        """Whose it is, and why they ask."""
        one: Revision = self.subject
        rows = [(_now("专家"), f"{one.expert.code} {one.expert.person.name}"), (_now("变更说明"), one.grounds)]
        return [(label, text) for label, text in rows if text]

    def compared(self) -> list[tuple[str, str, str]]:
        """Old and new, field by field."""
        return book(newest()).compared(self.subject.before, self.subject.after)
