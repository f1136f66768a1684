"""How an expert worked on a panel, as the office or the agency records it after a round (F1, G4)."""

from __future__ import annotations

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import RATINGS, Appraisal, Expert, Panel
from zhiheng.stages.qualification.selectors import commissioned

ARTICLE = "四(五)2"


@act("panel.appraise", "评价评审专家", duty=["F1", "G4"], article=ARTICLE, roles=[Role.AGENCY, Role.OFFICE], scope=commissioned)
def appraise(acting: Acting, panel: Panel, *, expert: Expert, rating: str, text: str = "") -> Outcome:
    """Record how an expert worked on a panel, once they handed in a sheet there or left it. A later one stands beside the earlier."""
    if acting.person is not None and acting.person.pk == expert.person_id:
        return Outcome(no("不得评价本人，请由其他工作人员办理", article="七(七)", duty="K7"))
    seat = panel.seats.filter(expert=expert).first()
    if seat is None:
        return Outcome(no("该专家不在本评审专家组", article=ARTICLE, duty="F1", code="expert"))
    # The sheets belong to the next stage and are reached from the expert's side.
    if seat.vacated_at is None and not Expert.objects.filter(pk=expert.pk, sheets__panel=panel).exists():
        return Outcome(no("该专家尚未提交评分表，评审后再作评价", article=ARTICLE, duty="F1", code="expert"))
    if rating not in dict(RATINGS):
        return Outcome(no("请选择评价等次", article=ARTICLE, duty="F1", code="rating"))
    if rating == "poor" and not text.strip():
        return Outcome(no("评价为“不称职”的，请写明情况", article=ARTICLE, duty="F1", code="text"))
    assert acting.person is not None  # a role of a unit is somebody's
    version = Appraisal.objects.filter(panel=panel, expert=expert).count() + 1
    row = Appraisal.objects.create(
        panel=panel, expert=expert, version=version, rating=rating, text=text.strip(), by=acting.person, at=clock.now()
    )
    payload = {"panel": panel.code, "round": panel.round, "expert": expert.code, "version": version, "rating": rating}
    return Outcome(yes("评价已记录", duty="F1"), payload, value=row)
