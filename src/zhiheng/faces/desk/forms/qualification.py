"""Forms of the qualification review (E1–E3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, form_for
from zhiheng.faces.desk.forms.checks import SidesForm
from zhiheng.faces.desk.forms.fields import SHORT
from zhiheng.faces.desk.forms.letters import LETTER, LetterForm
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Unit
from zhiheng.foundation.publicity.selectors import latest
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.facts import earlier
from zhiheng.stages.qualification.models import Qualification
from zhiheng.stages.qualification.selectors import concerns, incoming


@form_for("qualification.commission")
class Commission(ActForm):
    """The commission."""

    lead = _("委托相关机构承担资格审查和评审组织工作。")
    effects = (_("受托机构自此可以查阅已推荐的申报材料，查阅留痕"),)
    agency = forms.ModelChoiceField(label=_("受托机构"), queryset=Unit.objects.none(), empty_label=None)
    terms = forms.CharField(label=_("委托事项"), widget=SHORT, max_length=5000)

    def build(self) -> None:
        """The agencies on record."""
        self.fields["agency"].queryset = Unit.objects.filter(kind=Role.AGENCY.value, active=True).order_by("name")  # type: ignore[attr-defined]

    def recap(self) -> list[tuple[str, str]]:
        """The agency by name."""
        return [(str(_("受托机构")), self.cleaned_data["agency"].name), (str(_("委托事项")), self.cleaned_data["terms"])]


@form_for("qualification.check")
class Check(SidesForm):
    """The five sides."""

    stage = Stage.QUALIFICATION
    lead = _("从主体资格、申报渠道、申报程序、材料规范性和信用记录五个方面审查。申报条件由系统按规则同时复核。")
    improvement = forms.CharField(label=_("提高情况的审查意见"), widget=SHORT, max_length=5000)

    def build(self) -> None:
        """The finding on improvement is asked of those who applied before."""
        super().build()
        before = list(earlier(self.subject).select_related("cycle"))
        if not before:
            del self.fields["improvement"]
            return
        years = "、".join(_now("%(year)s年") % {"year": e.cycle.year} for e in before)
        self.fields["improvement"].help_text = _now("曾于%(years)s申报，请对照上次申报写明") % {"years": years}

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """As last examined."""
        record = Qualification.objects.filter(entry=subject).first()
        if record is None:
            return {}
        values: dict[str, Any] = {"improvement": record.improvement}
        for side in record.sides:
            values |= {f"passed_{side['code']}": "yes" if side["passed"] else "no", f"note_{side['code']}": side.get("note", "")}
        return values


def concern_fields(form: ActForm, entries: list[Any], label: str, prefix: str) -> None:
    """One optional note an entry."""
    for entry in entries:
        title = _now(label) % {"entry": f"{entry.code} {entry.name}"}
        form.fields[f"{prefix}{entry.code}"] = forms.CharField(label=title, required=False, max_length=5000, widget=SHORT)


def noted(form: ActForm, prefix: str) -> dict[str, str]:
    """Entry code → note, of those filled in."""
    rows = ((name.removeprefix(prefix), value) for name, value in form.cleaned_data.items() if name.startswith(prefix))
    return {code: value for code, value in rows if value.strip()}


@form_for("qualification.consult")
class Consult(LetterForm):
    """A provincial department's opinion on the whole list."""

    lead = _("登记省有关部门对申报名单的意见。没有不同意见的，各项留空。")
    speakers = frozenset({Role.DEPARTMENT})
    department = forms.CharField(label=_("部门名称"), max_length=120)

    def build(self) -> None:
        """A department speaks in its own name; one note an entry."""
        letter = {name: self.fields.pop(name) for name in LETTER}
        if self.speaks_itself and self.acting.unit:
            self.fields["department"].initial, self.fields["department"].disabled = self.acting.unit.name, True
        concern_fields(self, incoming(self.subject), "对 %(entry)s 的不同意见", "concern_")
        if not self.speaks_itself:
            self.fields.update(letter)

    def details(self) -> dict[str, Any]:
        """Department, concerns, letter."""
        return {"department": self.cleaned_data["department"], "concerns": noted(self, "concern_"), "letter": self.letter()}


class Overruling(ActForm):
    """Where a department has a concern, it bars unless a reason is given."""

    def build(self) -> None:
        """One note an entry against which a department spoke."""
        against = self.against()
        rows = [e for e in incoming(self.subject) if e.code in against]
        concern_fields(self, rows, "对 %(entry)s 不采纳部门意见的理由", "overruled_")
        for entry in rows:
            self.fields[f"overruled_{entry.code}"].help_text = _now("部门意见：%(text)s。留空即采纳，该申报不予受理") % {
                "text": "；".join(against[entry.code])
            }

    def against(self) -> dict[str, list[str]]:
        """Entry code → what departments said against it."""
        return dict(concerns(self.subject))

    def details(self) -> dict[str, Any]:
        """The reasons given."""
        return {"overruled": noted(self, "overruled_")}


@form_for("qualification.publish")
class Publish(Overruling):
    """The accepted list goes public."""

    lead = _("资格审查合格的申报列入受理名单，向社会公示不少于 5 个工作日。")
    effects = (_("公众网站发布受理名单公示"),)


@form_for("qualification.settle")
class Settle(Overruling):
    """The accepted list is settled."""

    lead = _("公示期满后确定受理名单。名录、条件和限制申报情形再作一次复核。")
    effects = (_("向推荐单位和申报人反馈不予受理的情况和理由"), _("受理的申报进入材料评审"))

    def against(self) -> dict[str, list[str]]:
        """What departments said after the publication."""
        notice = latest(self.subject, "accepted_list")
        return dict(concerns(self.subject, notice.posted_at)) if notice else {}
