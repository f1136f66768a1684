"""Acts of the recommender: check, opinions, publicity, signed opinion, consent, recommendation (D4, D5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.publicity import services as publicity
from zhiheng.foundation.publicity.models import Notice
from zhiheng.foundation.publicity.selectors import upheld_entries
from zhiheng.rules.decision import Decision, decide, no, yes
from zhiheng.rules.eligibility import checked
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application import forms, moves, texts
from zhiheng.stages.application.facts import relations
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import of_my_unit
from zhiheng.stages.recommendation import facts, selectors
from zhiheng.stages.recommendation.models import CityOpinion, Recommendation

ARTICLE = "四(二)"
STAGES = [Stage.APPLICATION, Stage.RECOMMENDATION]
SUBMITTED = [EntryStatus.SUBMITTED]


def _refuse(text: str) -> Outcome:
    return Outcome(no(text, article=ARTICLE, duty="D4"))


def _fit(*typed: tuple[str, str, int]) -> Decision[None]:
    return texts.fit(ARTICLE, "D4", *typed)


@act(
    "recommendation.check",
    "审核申报材料",
    duty="D4",
    article=ARTICLE,
    roles=[Role.RECOMMENDER],
    stages=STAGES,
    states=SUBMITTED,
    scope=of_my_unit,
)
def check(acting: Acting, entry: Entry, *, sides: Sequence[Mapping[str, Any]], warnings_answer: str = "") -> Outcome:
    """Record the check on completeness, truth, accuracy and legality; findings of Q11 are answered here."""
    found = facts.typed(sides, rules_of(entry.cycle).checks_at(Stage.RECOMMENDATION), "审核", "D4")
    if found.value is None:
        return Outcome(Decision(found.reasons))
    if not (fit := _fit(("核实说明", warnings_answer, texts.LONG))).ok:
        return Outcome(fit)
    if relations(entry) and not (warnings_answer or entry.warnings_answer).strip():
        return _refuse(f"请先核实并说明：{'；'.join(relations(entry))}")
    if warnings_answer.strip():
        entry.warnings_answer = warnings_answer
        entry.save(update_fields=["warnings_answer"])
    fields = {"sides": found.value, "checked_at": clock.now()}
    Recommendation.objects.update_or_create(entry=entry, defaults=fields)
    passed = all(side["passed"] for side in found.value)
    payload = {"sides": {side["code"]: side["passed"] for side in found.value}}
    return Outcome(yes("审核情况已记录" + ("" if passed else "，存在不符合项"), duty="D4"), payload)


@act(
    "recommendation.return",
    "退回补正",
    duty="D4",
    article=ARTICLE,
    roles=[Role.RECOMMENDER],
    stages=[Stage.APPLICATION],
    states=SUBMITTED,
    scope=of_my_unit,
)
def return_entry(acting: Acting, entry: Entry, *, reason: str) -> Outcome:
    """Send an application back for correction while applying is still open. What was examined, published and signed was another text:
    the corrected one goes through all of it again.
    """
    assert entry.cycle.deadline is not None  # set when the call was issued
    if clock.now() >= entry.cycle.deadline:
        return _refuse("申报已经截止，退回后不能再提交，请就现有材料作出审核结论")
    if not reason.strip():
        return _refuse("请写明需要补正的内容")
    if not (fit := _fit(("补正内容", reason, texts.LONG))).ok:
        return Outcome(fit)
    if numbers := selectors.objections(entry):
        return _refuse(f"公示期间对该申报有未办结或经查属实的异议（{'、'.join(numbers)}），不能退回，请先办结")
    Recommendation.objects.filter(entry=entry).delete()
    moves.to(entry, EntryStatus.DRAFT)
    entry.submitted_at = None  # a draft again, its owner's alone, even when it is withdrawn as one
    entry.save(update_fields=["submitted_at"])
    tell = [To(f"person:{entry.owner.code}", "申报已退回补正", f"{entry.code}：{reason}")]
    return Outcome(yes("已退回申报人补正", duty="D4"), {"reason": reason}, tell=tell)


@act(
    "recommendation.city_opinion",
    "同级部门意见",
    duty="D4",
    article=ARTICLE,
    roles=[Role.CITY_DEPARTMENT, Role.RECOMMENDER],
    stages=STAGES,
    states=SUBMITTED,
    scope=of_my_unit,
)
def city_opinion(
    acting: Acting, entry: Entry, *, department: str, positive: bool, text: str = "", letter: Letterhead | None = None
) -> Outcome:
    """A same-level department's opinion, given by itself or recorded with its letter."""
    word = letters.spoken(acting.role, frozenset({Role.CITY_DEPARTMENT}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    if not department.strip():
        return _refuse("请填写部门名称")
    if not positive and not text.strip():
        return _refuse("有不同意见的须写明具体情况")
    if not (fit := _fit(("部门名称", department, texts.TITLE), ("意见", text, texts.LONG))).ok:
        return Outcome(fit)
    department = department.strip()
    kept = letters.keep(letter, entry.cycle.code, "recommendation.city_opinion")
    CityOpinion.objects.create(entry=entry, department=department, positive=positive, text=text, letter=kept, given_at=clock.now())
    payload = {"department": department, "positive": positive, "letter": letters.particulars(letter)}
    return Outcome(yes("部门意见已记录", duty="D4"), payload)


@act("recommendation.publish", "发布推荐公示", duty=["D4", "L2"], article=ARTICLE, roles=[Role.RECOMMENDER], stages=STAGES)
def publish(acting: Acting, cycle: Cycle, *, entries: Sequence[Entry]) -> Outcome:
    """Publish the applications that passed the check and on which departments were heard, for the working days of the pack."""
    assert acting.unit is not None  # a recommender's grant names its unit
    entries = list(Entry.objects.select_for_update(of=("self",)).filter(pk__in=[e.pk for e in entries]).select_related(*Entry.READ_WITH))
    ready: Decision[Notice] = decide(reason for entry in entries for reason in _ready(acting, cycle, entry).reasons)
    if not ready.ok or not entries:
        return Outcome(ready if entries else no("请选择拟公示的申报", article=ARTICLE, duty="D4"))
    posted = publicity.post(cycle, acting.unit, "city_publicity", items=[public_item(e) for e in sorted(entries, key=lambda e: e.name)])
    if posted.value is None:
        return Outcome(posted)
    Recommendation.objects.filter(entry__in=entries).update(notice=posted.value)
    return Outcome(posted, publicity.payload_of(posted.value), value=posted.value)


def _ready(acting: Acting, cycle: Cycle, entry: Entry) -> Decision[None]:
    record = selectors.of(entry)
    if not of_my_unit(acting, entry) or entry.cycle_id != cycle.pk or entry.status != EntryStatus.SUBMITTED.value:
        return no(f"{entry.code} 不是本单位待推荐的申报", article=ARTICLE, duty="D4")
    if record is None:
        return no(f"{entry.code} 尚未审核", article=ARTICLE, duty="D4")
    if record.notice_id:
        return no(f"{entry.code} 已经公示，请勿重复发布", article=ARTICLE, duty="D4")
    if not selectors.opinions(entry).exists():
        return no(f"{entry.code} 尚未征求同级有关部门意见", article=ARTICLE, duty="D4")
    return checked(facts.sides(record.sides), rules_of(cycle).checks_at(Stage.RECOMMENDATION), f"{entry.code} 审核", "D4")


def public_item(entry: Entry) -> dict[str, str]:
    """What the public reads of an entry in a list."""
    pack = rules_of(entry.cycle)
    category = next(c.title for c in pack.award(entry.award).categories if c.code == entry.category)
    form = forms.FORMS[entry.party.kind].model_validate(entry.form)
    employer = entry.party.employer.name if entry.party.employer else ""
    return {
        "code": entry.code,
        "name": entry.name,
        "award": pack.award(entry.award).title,
        "category": category,
        "city": entry.party.city,
        "unit": employer,
        "recommender": entry.recommender.name,
        "achievements": form.achievements,
    }


@act(
    "recommendation.sign",
    "签署审核意见",
    duty="D4",
    article=ARTICLE,
    roles=[Role.RECOMMENDER],
    stages=STAGES,
    states=SUBMITTED,
    scope=of_my_unit,
)
def sign(acting: Acting, entry: Entry, *, opinion: str, signed_by: str) -> Outcome:
    """Sign the opinion: only after the publicity ended without an objection that stands. A new opinion asks for a new consent."""
    record = selectors.of(entry)
    clear = _clear(entry, record)
    if not clear.ok or record is None or record.notice is None:
        return Outcome(clear)
    if not opinion.strip() or not signed_by.strip():
        return _refuse("请填写审核意见并由负责人签署")
    if not (fit := _fit(("审核意见", opinion, texts.LONG), ("签署人", signed_by, texts.NAME))).ok:
        return Outcome(fit)
    record.consent, record.consented_at = None, None
    record.opinion, record.signed_by, record.signed_at = opinion, signed_by, clock.now()
    record.save(update_fields=["opinion", "signed_by", "signed_at", "consent", "consented_at"])
    return Outcome(yes("审核意见已签署", duty="D4"), {"notice": record.notice.code})


def _clear(entry: Entry, record: Recommendation | None) -> Decision[None]:
    """Whether nothing stands against the recommendation: publicity over, no objection upheld, every side passed, departments without
    another opinion, findings of Q11 answered.
    """
    ended = publicity.concluded(record.notice if record else None, f"{entry.code} ", ARTICLE, "D4")
    if not ended.ok or record is None or record.notice is None:
        return ended
    if number := upheld_entries(record.notice).get(entry.code):
        return no(f"公示期间的异议（{number}）经查属实，不能签署推荐意见，请办理不予推荐", article=ARTICLE, duty="D4")
    if against := selectors.adverse(entry):
        said = "；".join(f"{opinion.department}：{opinion.text}" for opinion in against)
        return no(f"同级部门有不同意见（{said}），经该部门复核无异议前不能推荐", article=ARTICLE, duty="D4", code="department")
    if (found := relations(entry)) and not entry.warnings_answer.strip():
        return no(f"请先核实并在审核情况中说明：{'；'.join(found)}", article=ARTICLE, duty="D4", code="to_answer")
    return checked(facts.sides(record.sides), rules_of(entry.cycle).checks_at(Stage.RECOMMENDATION), f"{entry.code} 审核", "D4")


@act(
    "recommendation.consent",
    "市级协调机构同意推荐",
    duty="D4",
    article=ARTICLE,
    roles=[Role.CITY_COORDINATION, Role.RECOMMENDER],
    stages=STAGES,
    states=SUBMITTED,
    scope=of_my_unit,
)
def consent(acting: Acting, entry: Entry, *, letter: Letterhead | None = None) -> Outcome:
    """The city's quality coordination body agrees to the recommendation."""
    record = selectors.of(entry)
    if record is None or record.signed_at is None:
        return _refuse("须先签署审核意见，再提请市质量强市战略议事协调机构同意")
    word = letters.spoken(acting.role, frozenset({Role.CITY_COORDINATION}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    record.consent, record.consented_at = letters.keep(letter, entry.cycle.code, "recommendation.consent"), clock.now()
    record.save(update_fields=["consent", "consented_at"])
    return Outcome(yes("市级协调机构已同意推荐", duty="D4"), {"letter": letters.particulars(letter)})


@act(
    "recommendation.recommend",
    "推荐",
    duty=["D4", "D5"],
    article=ARTICLE,
    roles=[Role.RECOMMENDER],
    stages=STAGES,
    states=SUBMITTED,
    scope=of_my_unit,
)
def recommend(acting: Acting, entry: Entry) -> Outcome:
    """Recommend to the office, with the consent of the coordination body."""
    record = selectors.of(entry)
    if record is None or record.consented_at is None:
        return _refuse("须经市质量强市战略议事协调机构同意后方可推荐")
    if not (clear := _clear(entry, record)).ok:
        return Outcome(clear)
    record.concluded_at = clock.now()
    record.save(update_fields=["concluded_at"])
    moves.to(entry, EntryStatus.RECOMMENDED)
    tell = [To("role:office", "收到推荐", entry.code), To(f"person:{entry.owner.code}", "申报已获推荐", entry.code)]
    return Outcome(yes("已向省质评办推荐", duty="D4"), tell=tell)


@act(
    "recommendation.decline",
    "不予推荐",
    duty="D4",
    article=ARTICLE,
    roles=[Role.RECOMMENDER],
    stages=STAGES,
    states=SUBMITTED,
    scope=of_my_unit,
)
def decline(acting: Acting, entry: Entry, *, reason: str) -> Outcome:
    """Do not recommend, with the reason that the applicant is told."""
    if not reason.strip():
        return _refuse("请写明不予推荐的理由，将告知申报人")
    if not (fit := _fit(("不予推荐的理由", reason, texts.LONG))).ok:
        return Outcome(fit)
    Recommendation.objects.update_or_create(entry=entry, defaults={"reason": reason, "concluded_at": clock.now()})
    moves.to(entry, EntryStatus.NOT_RECOMMENDED)
    tell = [To(f"person:{entry.owner.code}", "申报未予推荐", f"{entry.code}：{reason}")]
    return Outcome(yes("已办理不予推荐", duty="D4"), {"reason": reason}, tell=tell)
