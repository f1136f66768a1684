"""Forms of the recommender (D4, D5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.checks import SidesForm
from zhiheng.faces.desk.forms.fields import LONG, SHORT
from zhiheng.faces.desk.forms.letters import LETTER, LetterForm
from zhiheng.foundation.acts import Acting
from zhiheng.process import reach
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application.facts import relations
from zhiheng.stages.application.models import Entry
from zhiheng.stages.recommendation import selectors


@form_for("recommendation.check")
class Check(SidesForm):
    """The four sides."""

    stage = Stage.RECOMMENDATION
    lead = _("对申报材料的完整性、真实性、准确性、合法性逐项审核。")
    warnings_answer = forms.CharField(label=_("核实说明"), widget=SHORT, required=False, max_length=5000)

    def build(self) -> None:
        """The findings that must be answered are named; without any the field is not asked."""
        super().build()
        if found := relations(self.subject):
            self.fields["warnings_answer"].help_text = _now("须核实并说明：%(found)s") % {"found": "；".join(found)}
            self.fields["warnings_answer"].required = not self.subject.warnings_answer
        else:
            del self.fields["warnings_answer"]

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """The sides as last examined."""
        record = selectors.of(subject)
        values = {"warnings_answer": subject.warnings_answer}
        for side in record.sides if record else []:
            values |= {f"passed_{side['code']}": "yes" if side["passed"] else "no", f"note_{side['code']}": side.get("note", "")}
        return values


@form_for("recommendation.return")
class Return(ActForm):
    """Back for correction."""

    lead = _("申报截止前，可将申报退回申报人补正。")
    effects = (_("已作的审核、公示、签署均告失效，补正后重新办理"), _("申报人收到退回通知和补正要求"))
    reason = forms.CharField(label=_("需要补正的内容"), widget=LONG, max_length=5000)


@form_for("recommendation.decline")
class Decline(ActForm):
    """No recommendation."""

    lead = _("不予推荐的，须写明理由并告知申报人。")
    effects = (_("该申报到此终止，本周期内不能恢复"),)
    reason = forms.CharField(label=_("不予推荐的理由"), widget=LONG, max_length=5000)


@form_for("recommendation.city_opinion")
class CityOpinion(LetterForm):
    """A same-level department's opinion."""

    lead = _("登记同级有关部门对该申报的意见。")
    speakers = frozenset({Role.CITY_DEPARTMENT})
    department = forms.CharField(label=_("部门名称"), max_length=120)
    positive = forms.TypedChoiceField(
        label=_("意见"),
        choices=[("yes", _("无不同意见")), ("no", _("有不同意见"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("具体意见"), widget=SHORT, required=False, max_length=5000, help_text=_("有不同意见的必须填写"))

    field_order = ("department", "positive", "text", *LETTER)


class EntriesField(forms.ModelMultipleChoiceField):
    """Entries to tick, by code and name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Entry) -> str:
        """The entry as lists name it."""
        return f"{obj.code} {obj.name}"


@form_for("recommendation.publish")
class Publish(ActForm):
    """The city's publicity list."""

    lead = _("审核合格并已征求同级部门意见的申报，向社会公示不少于 5 个工作日。")
    effects = (_("公众网站发布公示，自次日起计算工作日"), _("公示期满前不能结束"))
    draft = False
    entries = EntriesField(label=_("拟公示的申报"), queryset=Entry.objects.none())

    def build(self) -> None:
        """The recommender's own submitted entries that have not been published yet."""
        self.fields["entries"].queryset = ready(self.acting, self.subject)  # type: ignore[attr-defined]

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """All that are ready."""
        return {"entries": [e.pk for e in ready(acting, subject)]}

    def details(self) -> dict[str, Any]:
        """The entries as a list."""
        return {"entries": list(self.cleaned_data["entries"])}


def ready(acting: Acting, cycle: Any) -> QuerySet[Entry]:
    """Entries examined, on which a department was heard, not yet published."""
    rows = reach.entries(acting).filter(cycle=cycle, status=EntryStatus.SUBMITTED.value, recommendation__checked_at__isnull=False)
    return rows.filter(recommendation__notice=None, city_opinions__isnull=False).distinct().order_by("code")


@form_for("recommendation.sign")
class Sign(ActForm):
    """The signed opinion."""

    lead = _("公示期满无异议的，由负责人签署审核意见。")
    opinion = forms.CharField(label=_("审核意见"), widget=LONG, max_length=5000)
    signed_by = forms.CharField(label=_("签署人"), max_length=60)


@form_for("recommendation.consent")
class Consent(LetterForm):
    """The coordination body's consent."""

    lead = _("登记市质量强市战略议事协调机构同意推荐的意见。")
    speakers = frozenset({Role.CITY_COORDINATION})


@form_for("recommendation.recommend")
class Recommend(Plain):
    """The recommendation."""

    lead = _("经市级协调机构同意后，向省质评办推荐。")
    effects = (_("该申报进入资格审查"),)
