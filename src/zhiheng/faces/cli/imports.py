"""`zhiheng import experts|applications FILE.xlsx`: row-by-row checks, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import django
import typer

from zhiheng.faces.cli import answers
from zhiheng.foundation import clock
from zhiheng.foundation.documents.reading import ReadLimits
from zhiheng.rules.lifecycle import Role, Stage

if TYPE_CHECKING:  # models load after django.setup
    from zhiheng.foundation.acts import Acting
    from zhiheng.foundation.cycles.models import Cycle
    from zhiheng.foundation.documents.records import Problem

app = typer.Typer(help="从表格导入评审专家或申报", no_args_is_help=True)

File = Annotated[Path | None, typer.Argument(help="按模板填写的xlsx文件", metavar="FILE.xlsx")]
Template = Annotated[Path | None, typer.Option(help="写出一份空白模板后退出", metavar="OUT.xlsx")]
PackDir = Annotated[Path | None, typer.Option("--pack", help="规则包目录（写模板和导入专家时用）", metavar="DIR")]
Check = Annotated[bool, typer.Option("--check", help="只检查，不导入")]
AsJson = Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")]


@app.command("experts")
def import_experts(
    file: File = None,
    template: Template = None,
    pack: PackDir = None,
    actor: Annotated[str, typer.Option(help="经办人代码（省质评办工作人员）")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="同时审核入库")] = False,
    check: Check = False,
    as_json: AsJson = False,
) -> None:
    """导入评审专家。有一处错误则全部不导入。"""
    django.setup()
    from zhiheng.process.imports import expert_run, experts

    rules = answers.pack_in(pack, as_json)
    if template is not None:
        answers.template(template, experts.template(rules, clock.now()), as_json)
        return
    rows, problems = experts.read(answers.grids(file, ReadLimits(), as_json), rules, clock.today())
    problems = problems or expert_run.plan(rows)[1]
    if not problems and not check:
        problems = expert_run.import_experts(_office(actor, as_json), rows, approve=approve)
    _finish(problems, f"{len(rows)}名专家{'检查通过，未导入' if check else '已导入'}", {"rows": len(rows), "imported": not check}, as_json)


@app.command("applications")
def import_applications(
    file: File = None,
    template: Template = None,
    pack: PackDir = None,
    cycle: Annotated[str, typer.Option(help="评审周期代码；只有一个在申报阶段的周期时可不填")] = "",
    check: Check = False,
    as_json: AsJson = False,
) -> None:
    """导入申报草稿。有一处错误则全部不导入。"""
    django.setup()
    from zhiheng.foundation.cycles.selectors import rules_of
    from zhiheng.process.imports import applications, run

    if template is not None:
        answers.template(template, applications.template(answers.pack_in(pack, as_json), clock.now()), as_json)
        return
    grids = answers.grids(file, ReadLimits(), as_json)
    chosen = _cycle(cycle, as_json)
    rules = rules_of(chosen)
    rows, problems = applications.read(grids, rules, clock.today())
    problems = problems or run.known_applications(rows, chosen)
    codes: list[str] = []
    if not problems and not check:
        codes, problems = run.import_applications(chosen, rules, rows)
    done = f"{len(rows)}份申报{'检查通过，未导入' if check else '已建立草稿'}"
    _finish(problems, done, {"cycle": chosen.code, "rows": len(rows), "imported": not check, "entries": codes}, as_json)


def _office(code: str, as_json: bool) -> Acting:
    """The member of the office who acts: the one named, or the only one there is."""
    from zhiheng.foundation import acts
    from zhiheng.foundation.people.models import RoleGrant

    grants = RoleGrant.objects.filter(role=Role.OFFICE.value, revoked_at=None).select_related("person", "unit").order_by("pk")
    people = {grant.person.code: grant for grant in reversed(grants) if code in ("", grant.person.code)}
    if len(people) != 1:
        answers.fail(["没有这名省质评办工作人员" if code else f"省质评办工作人员有{len(people)}名，请用 --actor 指定经办人代码"], as_json)
    grant = next(iter(people.values()))
    return acts.Acting(Role.OFFICE, grant.person, grant.unit)


def _cycle(code: str, as_json: bool) -> Cycle:
    """The cycle named, or the only one that takes applications."""
    from zhiheng.foundation.cycles import models

    found = list(models.Cycle.objects.filter(code=code) if code else models.Cycle.objects.filter(stage=Stage.APPLICATION.value))
    if len(found) != 1:
        answers.fail([f"没有代码为“{code}”的评审周期" if code else f"在申报阶段的评审周期有{len(found)}个，请用 --cycle 指定"], as_json)
    return found[0]


def _finish(problems: list[Problem], done: str, data: dict[str, object], as_json: bool) -> None:
    if problems:
        if not as_json:
            typer.echo(f"共{len(problems)}处错误，均未导入，请更正后重新导入：", err=True)
        answers.fail_rows(problems, as_json)
    answers.say(done, data, as_json)
