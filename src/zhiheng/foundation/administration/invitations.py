"""Inviting staff, experts and members to an account, taking the invitation up, and helping who lost their second factor (L1)."""

from __future__ import annotations

from django.db import transaction

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.administration.accounts import account_fault, email_fault, open_account
from zhiheng.foundation.administration.people import give, grant_refusal, identity_fault
from zhiheng.foundation.canonical import salted
from zhiheng.foundation.people.invitations import TERM, digest_of, find, token_of
from zhiheng.foundation.people.models import Account, Invitation, Person, Unit, new_nonce
from zhiheng.foundation.people.services import Newcomer, known
from zhiheng.foundation.people.signals import factor_lost, invited
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role

GONE = "邀请链接无效、已使用或已过期，请联系系统管理员重新发送邀请"


@act("people.invite", "邀请开通账号", duty=["L1"], article="四", roles=[Role.ADMIN])
def invite(
    acting: Acting,
    subject: None,
    *,
    email: str,
    role: Role,
    unit: Unit | None = None,
    cycle: str = "",
    person: Person | None = None,
    name: str = "",
    id_number: str = "",
    employer: str = "",
) -> Outcome:
    """Offer an account with a role to a known person, or to one named by name and ID number, of which only a keyed digest is kept.

    The link goes out by mail once the act is saved. Refused for whom the role could not be granted, and for who has an account already.
    """
    if wrong := email_fault(email):
        return Outcome(no(wrong, duty="L1"))
    if person is None and (wrong := identity_fault(name, id_number, employer)):
        return Outcome(no(wrong, duty="L1"))
    person = person or known(Newcomer(name, id_number, employer))[0]
    if refusal := grant_refusal(acting, person, role, unit):
        return Outcome(refusal)
    if Account.objects.filter(person=person).exists():
        return Outcome(no("该人员已有账号，请直接授予角色", duty="L1"))
    if Account.objects.filter(email=email.lower()).exists():
        return Outcome(no("该邮箱已属于另一个账号，请核对", duty="L1"))
    assert acting.person is not None  # an administrator is somebody
    now, nonce = clock.now(), new_nonce()
    person.invitations.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)
    assert acting.person is not None  # the administrator is a person
    invitation = Invitation.objects.create(
        person=person,
        email=email.lower(),
        role=role.value,
        unit=unit,
        cycle=cycle,
        nonce=nonce,
        digest=digest_of(token_of(nonce)),
        by=acting.person,
        created_at=now,
        expires_at=now + TERM,
    )
    transaction.on_commit(lambda: invited.send(Invitation, invitation=invitation))
    payload = {
        "person": person.code,
        "role": role,
        "unit": unit.code if unit else "",
        "cycle": cycle,
        "invitation": invitation.pk,
        "email": salted(person.salt, email.lower()),
    }
    return Outcome(yes("邀请已发出", duty="L1"), payload, subject=f"person:{person.code}", value=invitation)


@act("people.revoke_invitation", "撤回账号邀请", duty=["L1"], article="四", roles=[Role.ADMIN])
def revoke_invitation(acting: Acting, subject: None, *, invitation: Invitation) -> Outcome:
    """Take an invitation back before it is taken up; its link is dead from then on."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        return Outcome(no("邀请已被接受，如需停止其办理业务，请收回角色", duty="L1"))
    if invitation.revoked_at:
        return Outcome(no("该邀请此前已撤回", duty="L1"))
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    code = Person.objects.values_list("code", flat=True).get(pk=invitation.person_id)
    return Outcome(yes("邀请已撤回", duty="L1"), {"person": code, "invitation": invitation.pk}, subject=f"person:{code}")


@act("people.accept_invitation", "接受邀请开通账号", duty=["L1"], article="四", roles=[Role.PUBLIC])
def accept_invitation(acting: Acting, subject: None, *, token: str, username: str, password: str) -> Outcome:
    """Take an invitation up by its link: the account is opened and the role granted at once, or neither.

    What may not be granted any more, because the person has got another role meanwhile, is refused.
    """
    invitation = find(token, clock.now())
    if invitation is None or Account.objects.filter(person=invitation.person).exists():
        return Outcome(no(GONE, duty="L1", code="gone"))
    if wrong := account_fault(username, password, invitation.email):
        return Outcome(no(wrong, duty="L1"))
    role, person = Role(invitation.role), invitation.person
    if refusal := grant_refusal(Acting(Role.ADMIN, invitation.by), person, role, invitation.unit):
        return Outcome(refusal)
    account = open_account(person, username, password, invitation.email, proved=True)
    give(person, role, invitation.unit, invitation.cycle)
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    unit = invitation.unit.code if invitation.unit else ""
    payload = {"person": person.code, "role": role, "unit": unit, "cycle": invitation.cycle, "invitation": invitation.pk}
    return Outcome(yes("账号已开通", duty="L1"), payload, subject=f"person:{person.code}", value=account)


@act("people.reset_factor", "重置二次验证", duty=["L1"], article="四", roles=[Role.ADMIN])
def reset_factor(acting: Acting, subject: None, *, person: Person, reason: str) -> Outcome:
    """Take the second factors of an account away, whose holder lost them, and end its sessions. The password is not touched, so that
    the administrator does not thereby come into the account; its holder is told."""
    if not reason.strip():
        return Outcome(no("请填写重置的理由", duty="L1"))
    if person == acting.person:
        return Outcome(no("不得为本人重置，请由其他管理员办理", duty="L1"))
    account = Account.objects.filter(person=person).first()
    if account is None:
        return Outcome(no("该人员没有账号", duty="L1"))
    factor_lost.send(Account, account=account)
    return Outcome(yes("二次验证已重置", duty="L1"), {"person": person.code, "reason": reason}, subject=f"person:{person.code}")
