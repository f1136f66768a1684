"""Who may apply and submit: each condition by itself, exact to the day, the good application passing first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import HEBEI, with_parameters
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.calendar import WorkCalendar
from zhiheng.rules.decision import Decision
from zhiheng.rules.eligibility import (
    ApplicantFacts,
    BanFacts,
    Incident,
    InternalPublicity,
    SideFacts,
    SubmissionFacts,
    checked,
    eligible,
    may_submit,
)
from zhiheng.rules.lifecycle import Stage
from zhiheng.rules.pack import Pack

PACK = load_pack(HEBEI)
BEIJING = timezone(timedelta(hours=8))
REFERENCE = date(2026, 6, 30)
DEADLINE = datetime(2026, 6, 30, 18, 0, tzinfo=BEIJING)
AT = datetime(2026, 6, 22, 9, 0, tzinfo=BEIJING)
FIRM = ApplicantFacts(
    award="organization",
    category="organization",
    in_region=True,
    established_on=date(2009, 5, 4),
    work_since=None,
    local_work_since=None,
    abnormal_listed=False,
    dishonest_listed=False,
    violations=(),
    incidents=(),
    past_award=False,
    past_attempts=0,
    improvement_statement="",
    bans=(),
)
PERSON = replace(
    FIRM, award="individual", category="senior_leader", established_on=None, work_since=date(2010, 7, 1), local_work_since=date(2016, 3, 1)
)
CONDITIONS = frozenset({"c1", "c2", "c3", "c4", "c5"})
SUBMISSION = SubmissionFacts(
    applicant=FIRM,
    declared=CONDITIONS,
    evidenced=CONDITIONS,
    responsibility_signed_by="王某某",
    no_state_secrets=True,
    internal_publicity=InternalPublicity(date(2026, 6, 1), date(2026, 6, 8), objections=0, proof=True),
    fields_missing=(),
    warnings=(),
    warnings_answered=False,
)


def refused(answer: Decision[None]) -> list[tuple[str, str, str]]:
    return [(reason.code, reason.article, reason.duty) for reason in answer.refusals]


def codes(answer: Decision[None]) -> list[str]:
    return [reason.code for reason in answer.refusals]


@pytest.fixture
def pack(hebei: Pack) -> Pack:
    """The Hebei pack; the facts above use its codes."""
    return hebei


@pytest.mark.duty("B1", "B2", "B3", "B4")
@pytest.mark.parametrize("facts", [FIRM, PERSON])
def test_a_good_applicant_is_eligible(facts: ApplicantFacts, pack: Pack) -> None:
    answer = eligible(facts, pack, REFERENCE)
    assert answer.ok
    assert [reason.text for reason in answer.reasons] == ["符合申报条件"]


@pytest.mark.duty("B1", "B2")
def test_only_the_region_applies(pack: Pack) -> None:
    assert refused(eligible(replace(FIRM, in_region=False), pack, REFERENCE)) == [("not_in_region", "二(一)", "B1")]
    assert refused(eligible(replace(PERSON, in_region=False), pack, REFERENCE)) == [("not_in_region", "二(二)", "B2")]
    assert eligible(replace(FIRM, in_region=False), pack, REFERENCE).text() == (
        "申报人不在河北省范围内，请核对登记住所；不在范围内的不能申报（《细则》二（一））"
    )


@pytest.mark.duty("B1")
@pytest.mark.parametrize("change", [{"award": "gold"}, {"category": "front_line"}])
def test_an_unknown_award_or_category_is_refused(change: dict[str, str], pack: Pack) -> None:
    assert codes(eligible(replace(FIRM, **change), pack, REFERENCE)) == ["unknown_award"]


@pytest.mark.duty("B3")
@pytest.mark.parametrize(("on", "code"), [(None, "no_establishment"), (date(2026, 7, 1), "not_established"), (REFERENCE, "")])
def test_an_organization_is_established_by_the_reference_date(on: date | None, code: str, pack: Pack) -> None:
    answer = eligible(replace(FIRM, established_on=on), pack, REFERENCE)
    assert refused(answer) == ([(code, "三(一)2", "B3")] if code else [])


@pytest.mark.duty("B3", "B4")
@pytest.mark.parametrize(
    ("incident", "on", "free"),
    [
        (Incident("safety", True, date(2021, 6, 30)), REFERENCE, False),  # the corresponding day still belongs to the five years
        (Incident("safety", True, date(2021, 6, 29)), REFERENCE, True),
        (Incident("quality", True, date(2026, 6, 30)), REFERENCE, False),
        (Incident("environment", True, date(2026, 8, 1)), REFERENCE, False),  # after the reference date, known at a later check
        (Incident("safety", False, date(2025, 1, 1)), REFERENCE, True),  # not a major one
        (Incident("safety", True, date(2024, 2, 29)), date(2029, 2, 28), False),
        (Incident("safety", True, date(2024, 2, 29)), date(2029, 3, 1), True),
    ],
)
@pytest.mark.parametrize("facts", [FIRM, PERSON])
def test_five_clean_years(facts: ApplicantFacts, incident: Incident, on: date, free: bool, pack: Pack) -> None:
    article, duty = ("三(一)5", "B3") if facts is FIRM else ("三(二)5", "B4")
    assert refused(eligible(replace(facts, incidents=(incident,)), pack, on)) == ([] if free else [("incident", article, duty)])


@pytest.mark.duty("B3")
def test_each_incident_is_named(pack: Pack) -> None:
    incidents = (
        Incident("environment", True, date(2025, 5, 1)),
        Incident("safety", True, date(2024, 8, 9)),
        Incident("quality", False, REFERENCE),
    )
    assert [reason.text for reason in eligible(replace(FIRM, incidents=incidents), pack, REFERENCE).refusals] == [
        "2024年8月9日发生重大安全事故，不符合近5年无重大事故、事件的条件，请期满后再申报",
        "2025年5月1日发生重大突发环境事件，不符合近5年无重大事故、事件的条件，请期满后再申报",
    ]


@pytest.mark.duty("B3")
def test_the_clean_years_are_the_packs(pack: Pack) -> None:
    short = pack.model_copy(update={"parameters": with_parameters(pack.parameters, clean_years=2)})
    facts = replace(FIRM, incidents=(Incident("safety", True, date(2024, 6, 29)),))
    assert not eligible(facts, pack, REFERENCE).ok
    assert eligible(facts, short, REFERENCE).ok


@pytest.mark.duty("B3", "B4")
def test_lists_and_violations(pack: Pack) -> None:
    marked = {"abnormal_listed": True, "dishonest_listed": True, "violations": ("2025年因虚假宣传被行政处罚",)}
    assert refused(eligible(replace(FIRM, **marked), pack, REFERENCE)) == [
        ("abnormal_listed", "三(一)5", "B3"),
        ("dishonest_listed", "三(一)5", "B3"),
        ("violation", "三(一)5", "B3"),
    ]
    answer = eligible(replace(PERSON, **marked), pack, REFERENCE)
    assert refused(answer) == [
        ("abnormal_listed", "三(二)5", "B4"),
        ("dishonest_listed", "三(二)5", "B4"),
        ("violation", "三(二)4", "B4"),
    ]
    assert answer.refusals[2].text == "存在违法、违规、违纪行为：2025年因虚假宣传被行政处罚；如情况不实，请提交有关部门出具的证明"


@pytest.mark.duty("B4")
@pytest.mark.parametrize(
    ("work", "local", "expected"),
    [
        (date(2021, 6, 30), date(2023, 6, 30), []),  # five and three years complete on the day
        (date(2021, 7, 1), date(2023, 6, 30), ["work_years"]),
        (date(2021, 6, 30), date(2023, 7, 1), ["local_work_years"]),
        (None, None, ["no_work_years", "no_local_work_years"]),
        (date(2025, 1, 1), date(2025, 1, 1), ["work_years", "local_work_years"]),
    ],
)
def test_years_of_work(work: date | None, local: date | None, expected: list[str], pack: Pack) -> None:
    answer = eligible(replace(PERSON, work_since=work, local_work_since=local), pack, REFERENCE)
    assert codes(answer) == expected
    assert all((reason.article, reason.duty) == ("三(二)2", "B4") for reason in answer.refusals)


@pytest.mark.duty("B4")
def test_work_begun_on_29_february_is_complete_on_28(pack: Pack) -> None:
    facts = replace(PERSON, work_since=date(2020, 2, 29), local_work_since=date(2020, 2, 29))
    assert codes(eligible(facts, pack, date(2025, 2, 27))) == ["work_years"]
    assert eligible(facts, pack, date(2025, 2, 28)).ok
    assert eligible(facts, pack, date(2025, 2, 27)).refusals[0].text == (
        "截至2025年2月27日，从事质量工作不满5年（自2020年2月29日起），请满年限后再申报"
    )


@pytest.mark.duty("B4")
def test_an_organization_needs_no_years_of_work(pack: Pack) -> None:
    assert FIRM.work_since is None
    assert eligible(FIRM, pack, REFERENCE).ok


@pytest.mark.duty("B5")
def test_a_past_winner_never_again(pack: Pack) -> None:
    facts = replace(FIRM, past_award=True, past_attempts=2)
    answer = eligible(facts, pack, REFERENCE)
    assert refused(answer) == [("past_winner", "三(三)", "B5")]
    assert answer.refusals[0].text == "已获得往届河北省政府质量奖，不再重复申报"
    lenient = pack.model_copy(update={"parameters": with_parameters(pack.parameters, past_winner_barred=False)})
    assert eligible(facts, lenient, REFERENCE).ok


@pytest.mark.duty("B5")
@pytest.mark.parametrize(
    ("attempts", "statement", "ok"), [(1, "", False), (3, " \n", False), (1, "顾客满意度提高6个百分点", True), (0, "", True)]
)
def test_a_past_applicant_shows_its_improvement(attempts: int, statement: str, ok: bool, pack: Pack) -> None:
    answer = eligible(replace(FIRM, past_attempts=attempts, improvement_statement=statement), pack, REFERENCE)
    assert refused(answer) == ([] if ok else [("no_improvement", "三(三)", "B5")])


@pytest.mark.duty("K1")
@pytest.mark.parametrize(("on", "ok"), [(date(2026, 6, 29), False), (date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_a_ban_is_tested_on_the_day(on: date, ok: bool, pack: Pack) -> None:
    facts = replace(FIRM, bans=(BanFacts(date(2021, 6, 30), date(2026, 6, 30), "七(一)", "提供虚假材料"),))
    assert refused(eligible(facts, pack, on)) == ([] if ok else [("barred", "七(一)", "K1")])


@pytest.mark.duty("B3")
def test_everything_that_is_wrong_is_named_at_once(pack: Pack) -> None:
    facts = replace(FIRM, in_region=False, established_on=None, abnormal_listed=True, past_award=True)
    assert codes(eligible(facts, pack, REFERENCE)) == ["not_in_region", "no_establishment", "abnormal_listed", "past_winner"]


# ---------------------------------------------------------------- submission


@pytest.mark.duty("D1", "D2", "D3")
def test_a_good_application_may_be_submitted(pack: Pack, calendar: WorkCalendar) -> None:
    answer = may_submit(SUBMISSION, pack, calendar, AT, DEADLINE)
    assert [(reason.ok, reason.text) for reason in answer.reasons] == [(True, "申报材料齐备，符合提交要求")]
    person = replace(SUBMISSION, applicant=PERSON)
    assert may_submit(person, pack, calendar, AT, DEADLINE).ok


@pytest.mark.duty("B3", "B4")
@pytest.mark.parametrize("missing", sorted(CONDITIONS))
def test_each_condition_is_declared_and_evidenced(missing: str, pack: Pack, calendar: WorkCalendar) -> None:
    """One condition at a time; proof is asked where the pack asks for it."""
    for applicant, duty in ((FIRM, "B3"), (PERSON, "B4")):
        condition = next(one for one in pack.award(applicant.award).conditions if one.code == missing)
        undeclared = replace(SUBMISSION, applicant=applicant, declared=CONDITIONS - {missing})
        assert refused(may_submit(undeclared, pack, calendar, AT, DEADLINE)) == [("undeclared", condition.article, duty)]
        bare = replace(SUBMISSION, applicant=applicant, evidenced=CONDITIONS - {missing})
        wanted = [("unevidenced", condition.article, duty)] if condition.evidence else []
        assert refused(may_submit(bare, pack, calendar, AT, DEADLINE)) == wanted


@pytest.mark.duty("B4")
def test_the_leaders_condition_is_asked_of_leaders_only(pack: Pack, calendar: WorkCalendar) -> None:
    four = CONDITIONS - {"c5"}
    for category, expected in (("senior_leader", ["undeclared", "unevidenced"]), ("middle_manager", [])):
        facts = replace(SUBMISSION, applicant=replace(PERSON, category=category), declared=four, evidenced=four)
        assert codes(may_submit(facts, pack, calendar, AT, DEADLINE)) == expected


@pytest.mark.duty("B3")
def test_a_long_condition_is_quoted_by_its_opening(pack: Pack, calendar: WorkCalendar) -> None:
    facts = replace(SUBMISSION, declared=CONDITIONS - {"c2", "c5"})
    assert [reason.text for reason in may_submit(facts, pack, calendar, AT, DEADLINE).refusals] == [
        "申报条件“在河北省行政区域内依法设立”尚未承诺，请逐项确认",
        "申报条件“积极履行社会责任，依法诚信经营，近 5 年无重大……”尚未承诺，请逐项确认",
    ]


@pytest.mark.duty("D1", "D2")
def test_gaps_signature_and_secrets(pack: Pack, calendar: WorkCalendar) -> None:
    facts = replace(SUBMISSION, fields_missing=("主营产品", "联系人"), responsibility_signed_by="  ", no_state_secrets=False)
    answer = may_submit(facts, pack, calendar, AT, DEADLINE)
    assert refused(answer) == [
        ("field_missing", "四(二)", "D1"),
        ("field_missing", "四(二)", "D1"),
        ("unsigned", "四(二)", "D1"),
        ("state_secrets", "四(二)", "D2"),
    ]
    assert answer.refusals[0].text == "申报表“主营产品”未填写，请补充完整"


@pytest.mark.duty("D1")
@pytest.mark.parametrize(
    ("at", "code"),
    [
        (DEADLINE - timedelta(microseconds=1), []),
        (DEADLINE, ["late"]),
        (DEADLINE + timedelta(seconds=1), ["late"]),
        (datetime(2026, 6, 30, 9, 59, 59, tzinfo=UTC), []),  # 17:59:59 in Beijing
        (datetime(2026, 6, 30, 10, 0, tzinfo=UTC), ["late"]),
    ],
)
def test_received_before_the_close_counts(at: datetime, code: list[str], pack: Pack, calendar: WorkCalendar) -> None:
    answer = may_submit(SUBMISSION, pack, calendar, at, DEADLINE)
    assert codes(answer) == code
    if code:
        assert answer.text().startswith("申报截止时间为2026年6月30日18:00，现已截止，不能再提交")


def test_a_naive_time_is_an_error(pack: Pack, calendar: WorkCalendar) -> None:
    for at, deadline in ((AT.replace(tzinfo=None), DEADLINE), (AT, DEADLINE.replace(tzinfo=None))):
        with pytest.raises(ValueError, match="时区"):
            may_submit(SUBMISSION, pack, calendar, at, deadline)


@pytest.mark.duty("D3")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"end": date(2026, 6, 22)}, ["publicity_running"]),  # the day of submission: not over yet
        ({"end": date(2026, 6, 21)}, []),
        ({"objections": 1}, ["publicity_objections"]),
        ({"proof": False}, ["publicity_proof"]),
        ({"end": date(2026, 5, 29)}, ["publicity_dates"]),
        ({"end": date(2026, 6, 30), "objections": 2, "proof": False}, ["publicity_running", "publicity_objections", "publicity_proof"]),
    ],
)
def test_internal_publicity_is_over_proven_and_without_objection(
    change: dict[str, object], expected: list[str], pack: Pack, calendar: WorkCalendar
) -> None:
    held = replace(SUBMISSION.internal_publicity, **change)
    answer = may_submit(replace(SUBMISSION, internal_publicity=held), pack, calendar, AT, DEADLINE)
    assert refused(answer) == [(code, "四(二)", "D3") for code in expected]


@pytest.mark.duty("D3")
def test_no_internal_publicity_is_refused(pack: Pack, calendar: WorkCalendar) -> None:
    assert codes(may_submit(replace(SUBMISSION, internal_publicity=None), pack, calendar, AT, DEADLINE)) == ["no_publicity"]


@pytest.mark.duty("D3")
@pytest.mark.parametrize(
    ("end", "warnings"),
    [(date(2026, 6, 8), []), (date(2026, 6, 5), ["内部公示不足5个工作日（应至2026年6月8日），请推荐单位核实"])],
)
def test_a_short_internal_publicity_is_a_warning(end: date, warnings: list[str], pack: Pack, calendar: WorkCalendar) -> None:
    facts = replace(SUBMISSION, internal_publicity=replace(SUBMISSION.internal_publicity, end=end))
    answer = may_submit(facts, pack, calendar, AT, DEADLINE)
    assert answer.ok
    assert [reason.text for reason in answer.warnings] == warnings


@pytest.mark.duty("D3")
def test_a_publicity_beyond_the_calendar_is_left_to_people(pack: Pack) -> None:
    answer = may_submit(SUBMISSION, pack, WorkCalendar({}), AT, DEADLINE)
    assert answer.ok
    assert [reason.code for reason in answer.warnings] == ["publicity_uncounted"]


@pytest.mark.duty("B5")
def test_findings_wait_for_an_answer_and_refuse_nothing(pack: Pack, calendar: WorkCalendar) -> None:
    facts = replace(SUBMISSION, warnings=("与本届申报单位甲公司存在关联关系",))
    answer = may_submit(facts, pack, calendar, AT, DEADLINE)
    assert answer.ok
    assert [reason.text for reason in answer.warnings] == ["与本届申报单位甲公司存在关联关系，请推荐单位核实并答复"]
    answered = may_submit(replace(facts, warnings_answered=True), pack, calendar, AT, DEADLINE)
    assert answered.ok
    assert answered.warnings == ()


@pytest.mark.duty("B3")
def test_conditions_are_tested_on_the_deadlines_date(pack: Pack, calendar: WorkCalendar) -> None:
    """Five years are over between submission and deadline: the deadline's date governs."""
    facts = replace(SUBMISSION, applicant=replace(FIRM, incidents=(Incident("safety", True, date(2021, 6, 25)),)))
    assert may_submit(facts, pack, calendar, AT, DEADLINE).ok
    assert codes(may_submit(facts, pack, calendar, AT, DEADLINE - timedelta(days=5))) == ["incident"]


@pytest.mark.duty("K1")
@pytest.mark.parametrize(("last", "expected"), [(date(2026, 6, 21), []), (date(2026, 6, 22), ["barred"]), (date(2026, 6, 25), ["barred"])])
def test_bans_are_tested_on_the_day_of_submission(last: date, expected: list[str], pack: Pack, calendar: WorkCalendar) -> None:
    bans = (BanFacts(date(2021, 6, 1), last, "七(一)", "提供虚假材料"),)
    assert codes(may_submit(replace(SUBMISSION, applicant=replace(FIRM, bans=bans)), pack, calendar, AT, DEADLINE)) == expected


# ---------------------------------------------------------------- examinations


@pytest.mark.duty("D4", "E1")
@pytest.mark.parametrize(("stage", "count", "duty"), [(Stage.RECOMMENDATION, 4, "D4"), (Stage.QUALIFICATION, 5, "E1")])
def test_every_side_is_examined(stage: Stage, count: int, duty: str, pack: Pack) -> None:
    wanted = pack.checks_at(stage)
    assert len(wanted) == count
    sides = [SideFacts(check.code, True, "") for check in wanted]
    assert checked(sides, wanted, "审核", duty).ok
    assert checked(sides[::-1], wanted, "审核", duty).ok
    for number, check in enumerate(wanted):
        rest = sides[:number] + sides[number + 1 :]
        for others, code in (
            (rest, "unchecked"),
            ([*rest, SideFacts(check.code, None, "")], "unchecked"),
            ([*rest, SideFacts(check.code, False, "材料不全")], "failed"),
            ([*sides, SideFacts(check.code, True, "")], "twice"),
        ):
            assert refused(checked(others, wanted, "审核", duty)) == [(code, check.article, duty)]


@pytest.mark.duty("E1", "E3")
def test_a_failed_side_says_why(pack: Pack) -> None:
    wanted = pack.checks_at(Stage.QUALIFICATION)
    sides = [SideFacts(check.code, True, "") for check in wanted[1:]]
    failed = checked([SideFacts(wanted[0].code, False, " 营业执照已过期 "), *sides], wanted, "资格审查", "E1")
    assert failed.text() == "资格审查“主体资格”不符合要求：营业执照已过期（《细则》四（三）1）"
    silent = checked([SideFacts(wanted[0].code, False, ""), *sides], wanted, "资格审查", "E1")
    assert silent.refusals[0].text == "资格审查“主体资格”不符合要求：未写明原因，请补写"


@pytest.mark.duty("E1")
def test_sides_that_nobody_asked_for_are_refused(pack: Pack) -> None:
    wanted = pack.checks_at(Stage.QUALIFICATION)
    sides = [SideFacts(check.code, True, "") for check in wanted]
    assert codes(checked([*sides, SideFacts("luck", True, "")], wanted, "资格审查", "E1")) == ["unknown_side"]
    assert codes(checked([], (), "资格审查", "E1")) == ["no_sides"]


@pytest.mark.duty("B3", "D1")
@given(
    st.lists(
        st.sampled_from(
            [
                {"responsibility_signed_by": ""},
                {"no_state_secrets": False},
                {"internal_publicity": None},
                {"fields_missing": ("名称",)},
                {"declared": CONDITIONS - {"c1"}},
            ]
        ),
        unique_by=str,
    )
)
def test_faults_add_up(faults: list[dict[str, object]]) -> None:
    """As many refusals as faults: none hides another."""
    changes = {name: value for fault in faults for name, value in fault.items()}
    answer = may_submit(replace(SUBMISSION, **changes), PACK, WorkCalendar({}), AT, DEADLINE)
    assert len(answer.refusals) == len(faults)
    assert answer.ok is (not faults)
