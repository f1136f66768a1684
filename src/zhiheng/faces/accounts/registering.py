"""Opening an account: the applicant's own registration, and the taking up of an invitation. Both are acts of the public (D1, L1)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.ratelimit import consume_or_429
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhiheng.faces.accounts.opening_forms import Chosen, Registration
from zhiheng.faces.shared.private import private
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import ActError, Acting
from zhiheng.foundation.administration import accounts, invitations, people
from zhiheng.foundation.people.invitations import find
from zhiheng.foundation.people.models import Account, Invitation
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

OPENED = "zhiheng_invitation"  # session key: the token of the invitation being taken up
HELD = sensitive_post_parameters("id_number", "password1", "password2")


def _tell(form: forms.Form, error: ActError) -> None:
    """The act's reasons on the form."""
    for reason in error.decision.refusals:
        form.add_error("username" if reason.text == accounts.TAKEN else None, reason.text)


@HELD
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """An applicant registers: person, role and account by one act, then a mail that confirms the address."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("accounts:home"))
    if request.method != "POST":
        return _page(request, "accounts/register.html", Registration(initial={"once": entropy.token()}))
    if stop := consume_or_429(request, action="signup"):
        return stop
    form = Registration(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            receipt = people.register(
                Acting(Role.PUBLIC, request_id=data["once"]),
                None,
                name=data["name"],
                id_number=data["id_number"],
                employer=data["employer"],
                contact=data["contact"],
                username=data["username"],
                password=data["password1"],
                email=data["email"],
            )
        except ActError as error:
            _tell(form, error)
        else:
            if not receipt.repeated:
                _write(request, Account.objects.get(person=receipt.value), data["email"].lower())
            told = _("注册成功，现在即可用用户名登录。确认邮件已发送至 %(email)s，请打开其中的链接。")
            return _opened(request, told % {"email": data["email"]})
    return _page(request, "accounts/register.html", form)


def _write(request: HttpRequest, account: Account, email: str) -> None:
    """One mail either way: to confirm the address, or, where it is somebody's already, to tell its owner (T9)."""
    address = EmailAddress.objects.filter(user_id=account.pk, email=email).first()
    if address:
        address.send_confirmation(request, signup=True)
    else:
        get_adapter().send_account_already_exists_mail(email)


@HELD
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str = "") -> HttpResponse:
    """The invited choose user name and password. The link's token moves into the session at once, out of addresses and logs."""
    if token and request.method != "POST":
        if find(token, clock.now()):
            request.session[OPENED] = token
        else:
            request.session.pop(OPENED, None)
        return private(HttpResponseRedirect(reverse("accounts:invited")))
    found = find(str(request.session.get(OPENED, "")), clock.now())
    if found is None:
        return private(render(request, "accounts/invitation_gone.html", {"why": invitations.GONE}, status=404))
    if request.method != "POST":
        return _invited(request, Chosen(initial={"once": entropy.token()}), found)
    if stop := consume_or_429(request, action="signup"):
        return stop
    form = Chosen(request.POST)
    form.address = found.email
    if form.is_valid():
        data = form.cleaned_data
        acting = Acting(Role.PUBLIC, request_id=data["once"])
        try:
            invitations.accept_invitation(
                acting, None, token=request.session[OPENED], username=data["username"], password=data["password1"]
            )
        except ActError as error:
            _tell(form, error)
        else:
            del request.session[OPENED]
            return _opened(request, _("账号已开通，请用刚才设置的用户名和密码登录。"))
    return _invited(request, form, found)


def _invited(request: HttpRequest, form: forms.Form, found: Invitation) -> HttpResponse:
    return _page(request, "accounts/invitation.html", form, invitation=found, role=ROLES[Role(found.role)])


def _page(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    return private(render(request, template, {"form": form, **more}))


def _opened(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("account_login"), status=303)
