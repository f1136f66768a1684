"""`zhiheng admin`: the first system administrator of an empty installation, with an account to sign in by."""

from __future__ import annotations

from typing import Annotated

import django
import typer


def admin(
    name: Annotated[str, typer.Option(prompt="姓名", help="系统管理员姓名")],
    username: Annotated[str, typer.Option(prompt="用户名", help="登录用的用户名")],
    email: Annotated[str, typer.Option(help="账号邮箱，登录后确认")] = "",
    password: Annotated[
        str, typer.Option(prompt="密码", confirmation_prompt="再次输入密码", hide_input=True, help="不在命令行写出时会询问")
    ] = "",
) -> None:
    """开通第一名系统管理员。此后的账号由其邀请；首次登录须启用二次验证。"""
    django.setup()
    from django.db import transaction

    from zhiheng.faces.cli.answers import fail
    from zhiheng.foundation.administration.accounts import account_fault, email_fault, open_account
    from zhiheng.foundation.administration.people import install

    if wrong := account_fault(username, password, email) or (email and email_fault(email)):
        fail([wrong], as_json=False)
    try:
        with transaction.atomic():
            person = install(name).person
            assert person is not None
            open_account(person, username, password, email, proved=False)
    except ValueError as error:
        fail([str(error)], as_json=False)
    typer.echo(f"系统管理员“{name}”已开通，请以用户名 {username.lower()} 登录，并启用二次验证")
