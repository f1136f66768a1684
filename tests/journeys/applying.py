"""The journey's first half-year: call, application, recommendation, qualification (C, D, E)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.journeys.stage import CYCLE, ORGANIZATION, PERSON, Actor, letter, paper

PASSWORD = "燕赵-Quality-2026"
ORG = {"name": "任质衡", "id_number": "130102198003072530", "employer": "河北衡测装备有限公司", "contact": "13800000001"}
WHO = {"name": "米工匠", "id_number": "130102197505121246", "employer": "河北衡测装备有限公司", "contact": "13800000002"}
CREDIT = "91130100MA07XK3L4W"


def call(actor: Actor, folder: Path) -> None:
    """C1: cycle, plan, approval, call; before its approval it cannot be issued."""
    actor.become("office")
    actor.do("cycle.create", "platform:-", todo=False, code="2026", year="2026")
    actor.do("call.draft_plan", CYCLE, text="2026年度评选方案", opens_on="2026-03-09", deadline="2026-04-28T18:00")
    assert "须经审核同意后方可印发申报通知" in actor.refused("call.issue", CYCLE)
    head = letter(folder, "省评比达标表彰工作协调小组办公室", "冀评组办函〔2026〕6号", "2026-03-02")
    actor.do("call.approve_plan", CYCLE, **head)
    actor.do("call.issue", CYCLE)
    actor.forward("deadline")  # the day on which applying opens


def apply(actor: Actor, folder: Path) -> None:
    """D1–D3: both register by themselves, fill in, attach, declare, submit."""
    form: dict[str, Any] = {
        "achievements": "近三年质量指标持续提升。",
        "main_business": "检测装备",
        "established_on": "2009-05-01",
        "employees": "420",
    }
    _register(actor, "hengce", ORG)
    _open(actor, "organization:organization")
    _prove(actor, ORGANIZATION, ["condition:c2", "condition:c3", "condition:c4", "condition:c5", "bonus:high_tech"], form, folder)
    form = {"achievements": "攻克关键工序质量难题。", "job": "高级技师", "work_since": "1998-07-01", "local_work_since": "1998-07-01"}
    _register(actor, "migongjiang", WHO)
    _open(actor, "individual:front_line")
    _prove(actor, PERSON, ["condition:c2", "condition:c3"], form, folder)


def _register(actor: Actor, username: str, who: dict[str, str]) -> None:
    actor.page.context.clear_cookies()
    actor.open("/accounts/register/")
    for name, value in {
        **who,
        "username": username,
        "email": f"{username}@example.com",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }.items():
        actor.page.locator(f'main [name="{name}"]').fill(value)
    actor.page.locator('main [name="agreed"]').check()
    actor.page.locator('main [name="password2"]').press("Enter")
    actor.page.wait_for_url(lambda url: "/register/" not in url)


def _open(actor: Actor, award: str) -> None:
    actor.become("applicant", (ORG if award.startswith("org") else WHO)["name"])
    place: dict[str, Any] = {"organization": ORG["employer"], "credit_code": CREDIT, "city": "sjz", "industry": "34"}
    actor.do("application.open", CYCLE, award=award, **place)


def _prove(actor: Actor, entry: str, proofs: list[str], form: dict[str, Any], folder: Path) -> None:
    actor.do("application.save", entry, todo=False, **form)
    for proof in [*proofs, "internal:"]:
        file = paper(folder, f"{entry} {proof}")
        actor.do("application.attach", entry, todo=False, file=file, title=f"材料 {proof}", proves=proof)
    if "bonus:high_tech" in proofs:
        label = "材料 bonus:high_tech"
        actor.do("application.claim_bonus", entry, todo=False, kind="high_tech", valid_until="2027-12-31", evidence={"label": label})
    actor.do("application.internal_publicity", entry, start_on="2026-02-26", end_on="2026-03-06", objections="0")
    conditions = [f"c{n}" for n in range(1, 6) if actor.offers("application.declare", entry, "conditions", f"c{n}")]
    actor.do("application.declare", entry, conditions=conditions, no_state_secrets=True, responsible=True, signed_by="负责人")
    actor.do("application.submit", entry)


def recommend(actor: Actor, folder: Path) -> None:
    """D4: the city examines, hears a department, publishes, signs, gets consent, recommends; the publicity cannot be closed early."""
    actor.become("recommender", "石家庄")
    for entry in (ORGANIZATION, PERSON):
        sides: dict[str, Any] = {f"passed_{side}": "yes" for side in ("completeness", "truth", "accuracy", "legality")}
        # The unit and its own worker apply in one cycle: the platform asks for an answer (Q11).
        actor.do("recommendation.check", entry, **sides, warnings_answer="已核实，各自独立申报，不影响推荐。")
        head = letter(folder, "石家庄市生态环境局", "石环函〔2026〕12号", "2026-03-09")
        actor.do("recommendation.city_opinion", entry, department="石家庄市生态环境局", positive="yes", **head)
    actor.do("recommendation.publish", CYCLE)
    notice = actor.notice()
    assert "公示期" in actor.refused("publicity.close", notice)
    actor.forward("deadline")
    actor.do("publicity.close", notice)
    for entry in (ORGANIZATION, PERSON):
        actor.do("recommendation.sign", entry, opinion="材料真实完整，同意推荐。", signed_by="分管负责人")
        day = actor.today()
        actor.do("recommendation.consent", entry, **letter(folder, "石家庄市质量强市战略议事协调机构", "石质强〔2026〕3号", day))
        actor.do("recommendation.recommend", entry)


def qualify(actor: Actor, folder: Path) -> None:
    """E1–E3: commission, five sides, a department, the accepted list."""
    actor.forward("deadline")  # applying closes
    actor.become("office")
    actor.do("cycle.advance", CYCLE)
    actor.do("cycle.advance", CYCLE)
    actor.do("qualification.commission", CYCLE, terms="资格审查、材料评审和现场评审的组织工作")
    actor.become("agency")
    for entry in (ORGANIZATION, PERSON):
        sides: dict[str, Any] = {f"passed_{side}": "yes" for side in ("standing", "channel", "procedure", "form", "credit")}
        actor.do("qualification.check", entry, **sides)
    actor.become("office")
    head = letter(folder, "河北省生态环境厅", "冀环函〔2026〕31号", actor.today())
    actor.do("qualification.consult", CYCLE, department="河北省生态环境厅", **head)
    actor.do("qualification.publish", CYCLE)
    notice = actor.notice()
    actor.forward("deadline")
    actor.become("office")
    actor.do("publicity.close", notice)
    actor.do("qualification.settle", CYCLE)
    actor.do("cycle.advance", CYCLE)
