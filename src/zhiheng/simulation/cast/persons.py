"""Fictional persons who apply for the individual award, in its four categories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhiheng.simulation.cast.chance import Chance, day_between, one_in
from zhiheng.simulation.cast.model import Claim, OrganizationCast, PersonCast
from zhiheng.simulation.cast.organizations import Casting

#: Of ten persons.
MIX = ("senior_leader",) * 2 + ("middle_manager",) * 3 + ("front_line",) * 3 + ("other",) * 2
WORKER, ENGINEER = "一线技术工人", "工程技术人员"
_JOBS: dict[str, tuple[str, ...]] = {
    "senior_leader": ("总经理", "副总经理兼首席质量官", "总工程师", "分管质量的副总经理"),
    "middle_manager": ("质量管理部部长", "技术中心主任", "生产部经理", "检验中心主任", "标准化室主任"),
    "front_line": ("高级技师", "装配班组长", "质检员", "工艺技术员", "试验工程师"),
    "other": ("研究员", "高级工程师", "副教授", "质量工程师", "主任检验师"),
}
_SENTENCES: dict[str, tuple[str, ...]] = {
    "senior_leader": (
        "主持制定质量发展战略并连续{n}年组织实施，单位主要质量指标进入国内同行业前列。",
        "推动建立首席质量官制度和质量一票否决机制，质量损失率下降{p}%。",
        "倡导并践行以顾客为中心的质量文化，员工参与改进活动比例达到{q}%。",
        "组织完成重大技术改造{k}项，带动产业链{m}家供方共同提升质量。",
    ),
    "middle_manager": (
        "牵头完善过程质量控制体系，关键工序能力指数达标率提高到{q}%。",
        "主持质量改进项目{m}项，累计创造效益{f}万元。",
        "总结形成的质量管理方法在{k}家兄弟单位推广应用。",
        "组织质量管理小组活动，获省级及以上优秀成果{k}项，培养内训师{m}名。",
    ),
    "front_line": (
        "扎根生产一线{n}年，经手产品一次合格率始终保持在{q}%以上。",
        "改进工装和操作方法{m}项，其中{k}项获得国家专利。",
        "以师带徒培养技术骨干{m}名，所在班组多次获评质量信得过班组。",
        "提出合理化建议{m}条，解决质量难题{k}项，年节约成本{f}万元。",
    ),
    "other": (
        "长期从事质量理论与方法研究，发表论文{m}篇，出版专著{k}部。",
        "主持或参与制修订国家、行业和地方标准{k}项，研究成果被{m}家单位采用。",
        "为{f}家企业开展质量诊断和培训，培训质量骨干{m}百人次。",
        "承担省部级质量科研课题{k}项，建立的评价方法在全省推广。",
    ),
}
_IMPROVEMENTS = (
    "较上次申报，新增改进成果{k}项，推广应用单位增加{m}家，累计创造效益{f}万元。",
    "对照上次评审意见，补充了成果应用的量化验证，主导项目合格率提高到{q}%。",
)


def persons(
    casting: Casting,
    applicants: Sequence[OrganizationCast],
    firms: Sequence[OrganizationCast],
    institutes: Sequence[OrganizationCast],
    count: int,
) -> tuple[PersonCast, ...]:
    """`count` persons. About one in three of those from enterprises works for an organization that applies as well.

    The jobs are those of a factory, so these employers are manufacturers.
    """
    own, other = ([body for body in bodies if body.kind == "manufacturing"] for bodies in (applicants, firms))
    categories = [MIX[index % len(MIX)] for index in range(count)]
    casting.rng.shuffle(categories)
    made = []
    for category in categories:
        if category == "other":
            employer = casting.rng.choice(institutes)
        else:
            employer = casting.rng.choice(own if own and one_in(casting.rng, 3) else other or firms)
        made.append(_person(casting, category, employer))
    return tuple(made)


def _person(casting: Casting, category: str, employer: OrganizationCast) -> PersonCast:
    rng, year = casting.rng, casting.year
    id_number = casting.identities.next_id_number(31 if category == "front_line" else 36, 59)
    years = rng.randint(8, year - int(id_number[6:10]) - 21)
    numbers = {"n": years, "p": rng.randint(12, 45), "q": rng.randint(93, 99), "k": rng.randint(2, 9)}
    numbers |= {"m": rng.randint(10, 48), "f": rng.randint(6, 90) * 10}
    job = rng.choice(_JOBS[category])
    work_since = day_between(rng, date(year - years, 1, 1), date(year - years, 12, 31))
    return PersonCast(
        name=casting.names.person(),
        id_number=id_number,
        category=category,
        employer=employer,
        job=job,
        phone=casting.identities.phone(),
        work_since=work_since,
        local_work_since=day_between(rng, work_since, date(year - 4, 12, 31)) if one_in(rng, 4) else work_since,
        achievements=tuple(sentence.format(**numbers) for sentence in rng.sample(_SENTENCES[category], rng.randint(3, 4))),
        traits=_traits(category, job),
        # Three dice near 88 %: an individual needs 70 of 80 points to go on.
        ability=76 + sum(rng.randint(0, 8) for _ in range(3)),
        claims=_claims(rng, year),
        improvement=rng.choice(_IMPROVEMENTS).format(**numbers),
    )


def _traits(category: str, job: str) -> tuple[str, ...]:
    """Which encouraged group the person belongs to, if any (二(二))."""
    if "工程师" in job or job == "工艺技术员":
        return (ENGINEER,)
    return (WORKER,) if category == "front_line" else ()


def _claims(rng: Chance, year: int) -> tuple[Claim, ...]:
    """Three in ten claim a provincial commendation; one such claim in ten is too old."""
    if rng.randint(1, 10) > 3:
        return ()
    sound = not one_in(rng, 10)
    first, last = (date(year - 4, 3, 1), date(year - 1, 12, 20)) if sound else (date(year - 9, 3, 1), date(year - 6, 12, 20))
    title = rng.choice(("省级劳动模范", "省级五一劳动奖章", "省级技术能手", "省级科学技术奖励"))
    return (Claim("provincial_commendation", title, day_between(rng, first, last), None, sound),)
