"""What follows when an act opens an account or invites somebody: the e-mail's standing, and the mail with the link."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.urls import reverse

from zhiheng.faces.accounts.adapters import absolute, award_name, post
from zhiheng.faces.shared.official import moment
from zhiheng.foundation import clock
from zhiheng.foundation.people.invitations import token_of
from zhiheng.foundation.people.models import Account, Invitation
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

logger = logging.getLogger(__name__)


def on_opened(sender: type, account: Account, proved: bool, **kwargs: Any) -> None:  # noqa: ARG001 - a signal's signature
    """The account's e-mail as allauth knows it. One that somebody has confirmed already stays theirs, and the account goes without."""
    if not account.email:
        return
    if EmailAddress.objects.filter(email=account.email, verified=True).exists():
        account.email = ""
        account.save(update_fields=["email"])
        return
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=proved)


def on_invited(sender: type, invitation: Invitation, **kwargs: Any) -> None:  # noqa: ARG001 - a signal's signature
    """The mail with the link."""
    deliver(invitation)


def on_factor_lost(sender: type, account: Account, **kwargs: Any) -> None:  # noqa: ARG001 - a signal's signature
    """Factors gone, sessions ended, the holder told once it stands."""
    Authenticator.objects.filter(user_id=account.pk).delete()
    get_adapter().end_sessions(UserSession.objects.filter(user_id=account.pk))
    address = EmailAddress.objects.filter(user_id=account.pk, verified=True).first()
    if address:
        words = {"award_name": award_name(), "site_url": absolute(""), "at": moment(clock.now())}
        transaction.on_commit(lambda: post("accounts/email/factor_reset", address.email, words))


def link(invitation: Invitation) -> str:
    """Where the invited goes."""
    return absolute(reverse("accounts:invitation", args=[token_of(invitation.nonce)]))


def deliver(invitation: Invitation) -> bool:
    """Send the invitation's mail, also again; whether it left. `sent_at` says when it last did."""
    words = {
        "award_name": award_name(),
        "site_url": absolute(""),
        "name": invitation.person.name,
        "role": ROLES[Role(invitation.role)],
        "unit": invitation.unit.name if invitation.unit else "",
        "until": moment(invitation.expires_at),
        "link": link(invitation),
    }
    if not post("accounts/email/invitation", invitation.email, words):
        return False
    invitation.sent_at = clock.now()
    invitation.save(update_fields=["sent_at"])
    return True
