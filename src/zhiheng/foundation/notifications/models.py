"""Messages within the product, who has read them, and what is sent onward by mail, SMS and WeCom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.people.models import Account, Person


class Notification(models.Model):
    """A message to a person (`p-…`), a unit or a role of a cycle, saved in the act's own transaction."""

    to = models.CharField("收件", max_length=60)  # person:CODE, unit:CODE or role:ROLE
    cycle = models.CharField(max_length=20, blank=True)
    title = models.CharField("标题", max_length=200)  # goes out by mail: never a name of an applicant or a score
    text = models.TextField("内容")  # stays in the product
    subject = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        indexes = [models.Index(fields=["to", "id"], name="message_box")]

    def __str__(self) -> str:
        return self.title


class ReadUpTo(models.Model):
    """That one person has read every message of one address up to this one: what goes to a unit or a role, each reads for themselves.

    So that the count of new messages costs as much as there is new, and not as much as there ever was.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="read_up_to")
    to = models.CharField(max_length=60)
    message = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "to"], name="one_mark_an_address")]


class Reading(models.Model):
    """That one person has read one message beyond their mark."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="readings")
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="readings")
    at = models.DateTimeField("阅读时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "person"], name="read_once")]


class When(models.TextChoices):
    """When a message is sent on by mail."""

    ONCE = "once", "立即发送"
    DIGEST = "digest", "每日汇总一次"
    NONE = "none", "不发送"


class Preference(models.Model):
    """How a person wants to hear of their messages outside the product. No row: the defaults."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="preference")
    own = models.CharField("发给本人的消息", max_length=10, choices=When.choices, default=When.ONCE)
    shared = models.CharField("发给本单位、本角色的消息", max_length=10, choices=When.choices, default=When.DIGEST)
    mobile = models.CharField("接收短信的手机号码", max_length=11, blank=True)
    wecom = models.CharField("企业微信账号", max_length=64, blank=True)


class Channel(models.TextChoices):
    """The ways out of the product."""

    MAIL = "mail", "邮件"
    SMS = "sms", "短信"
    WECOM = "wecom", "企业微信"


class Kind(models.TextChoices):
    """What an outgoing message is."""

    ONCE = "once", "即时提醒"
    DIGEST = "digest", "每日汇总"
    TEST = "test", "测试"


class State(models.TextChoices):
    """Where an outgoing message stands. `sending` after the sender has died is a failure: nobody knows whether it arrived."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"
    DROPPED = "dropped", "无需发送"


class Delivery(models.Model):
    """One outgoing message to one account. Sent exactly once, or visibly failed and sent again by hand (X3).

    due_at is told by the clock that everybody sees; claimed_at and done_at by the machine's.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField("应发时间")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    gathering = models.BooleanField(default=False)  # further messages join it until it is claimed
    worker = models.CharField(max_length=100, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField("办结时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="known_delivery_state"),
            models.UniqueConstraint(fields=["account", "channel"], condition=Q(gathering=True), name="one_gathers"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["state", "id"], name="delivery_state"),
        ]


class DeliveryItem(models.Model):
    """That an outgoing message speaks of a notification; of each, an account hears once by each channel."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="items")
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="items")
    account = models.ForeignKey(Account, models.CASCADE)
    channel = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "account", "channel"], name="heard_once")]
