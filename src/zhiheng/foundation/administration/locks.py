"""Locking an account and letting it in again (L1): roles and everything done stay; nobody signs in meanwhile."""

from __future__ import annotations

from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.people.models import Account, Person
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role


@act("accounts.lock", "停用账号", duty=["L1"], article="四", roles=[Role.ADMIN])
def lock_account(acting: Acting, subject: None, *, person: Person, reason: str) -> Outcome:
    """Lock a person's account: sessions that are open are refused at their next request. Never one's own."""
    account = Account.objects.select_for_update().filter(person=person).first()
    if account is None:
        return Outcome(no("该人员没有账号", duty="L1"))
    if not reason.strip():
        return Outcome(no("请填写停用账号的理由", duty="L1", code="form.reason"))
    if person == acting.person:
        return Outcome(no("不得停用本人账号，请由其他管理员办理", duty="L1"))
    if not account.is_active:
        return Outcome(no("该账号此前已停用", duty="L1"))
    return _set(account, person, active=False, reason=reason.strip(), text="账号已停用")


@act("accounts.unlock", "恢复账号", duty=["L1"], article="四", roles=[Role.ADMIN])
def unlock_account(acting: Acting, subject: None, *, person: Person, reason: str) -> Outcome:
    """Let a locked account in again."""
    account = Account.objects.select_for_update().filter(person=person).first()
    if account is None:
        return Outcome(no("该人员没有账号", duty="L1"))
    if not reason.strip():
        return Outcome(no("请填写恢复账号的理由", duty="L1", code="form.reason"))
    if account.is_active:
        return Outcome(no("该账号正在使用，无需恢复", duty="L1"))
    return _set(account, person, active=True, reason=reason.strip(), text="账号已恢复使用")


def _set(account: Account, person: Person, *, active: bool, reason: str, text: str) -> Outcome:
    account.is_active = active
    account.save(update_fields=["is_active"])
    return Outcome(yes(text, duty="L1"), {"person": person.code, "reason": reason}, subject=f"person:{person.code}")
