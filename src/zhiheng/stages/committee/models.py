"""The committee: members, meetings, sign-in, ballots (I1, I2, Q19–Q21, T13)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation import entropy
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter
from zhiheng.foundation.people.models import Person
from zhiheng.stages.application.models import Entry

CHOICES = [("yes", "赞成"), ("no", "反对"), ("abstain", "弃权")]


class Member(models.Model):
    """A member of a cycle's committee; those appointed at the meeting are the base of the quorum."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    seat = models.PositiveSmallIntegerField("席位")
    chair = models.BooleanField("主任", default=False)
    ended_at = models.DateTimeField("卸任时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "person"], name="one_membership_a_cycle"),
            models.UniqueConstraint(fields=["cycle", "seat"], name="one_member_a_seat"),
            models.UniqueConstraint(fields=["cycle"], condition=Q(chair=True, ended_at=None), name="one_chair"),
        ]


class Meeting(models.Model):
    """A full meeting convened by the chair. `members`: the number appointed when it was convened."""

    READ_WITH = ("cycle",)  # what an act on it reads besides

    code = models.CharField("编号", max_length=40, unique=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="meetings")
    members = models.PositiveSmallIntegerField("委员总数")
    held_on = models.DateField("会议日期")
    status = models.CharField(
        "状态", max_length=12, default="open", choices=[("open", "进行中"), ("failed", "未达法定人数"), ("closed", "已结束")]
    )
    minutes = models.TextField("会议纪要", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle"], condition=Q(status="open"), name="one_open_meeting")]


class Attendance(models.Model):
    """A member signed in to a meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    at = models.DateTimeField("签到时间")
    by_code = models.BooleanField("凭签到码", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="one_sign_in")]


class Motion(models.Model):
    """One ballot on one candidate. `entitled`: the members attending at its opening, less those recused from this candidate."""

    READ_WITH = ("cycle", "entry", "meeting")  # what an act on it reads besides

    code = models.CharField("编号", max_length=60, unique=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="motions")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="motions")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="motions")
    present = models.PositiveSmallIntegerField("出席委员")
    entitled = models.JSONField("有表决权委员")  # seat numbers
    recused = models.JSONField("回避委员")  # seat numbers
    secret = models.BooleanField("无记名")
    opened_at = models.DateTimeField("开始时间")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    tally = models.JSONField("计票", null=True, blank=True)
    passed = models.BooleanField("通过", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "entry"], name="one_motion_a_candidate"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(closed_at=None), name="one_open_motion"),
        ]


class BallotIssue(models.Model):
    """That a member has voted on a motion, and nothing of how."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="issues")
    seat = models.PositiveSmallIntegerField("席位")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "seat"], name="one_ballot_a_member")]


class Ballot(models.Model):
    """A ballot: a random token and a choice. Under a secret ballot no member and no time; the box is rewritten in token order
    when the motion closes, so that the order of storage tells nothing either."""

    token = models.CharField(primary_key=True, max_length=32, default=entropy.token)
    motion = models.ForeignKey(Motion, models.PROTECT, related_name="ballots")
    choice = models.CharField("表决", max_length=8, choices=CHOICES)
    seat = models.PositiveSmallIntegerField("席位", null=True)  # an open ballot only

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(choice__in=[c for c, _ in CHOICES]), name="known_choice")]


class Code(models.Model):
    """A member's one-time code for one step on a shared tablet: signing in (no entry), or the ballot on one candidate.

    Only a keyed digest is kept, and nothing of how or when the code was used beside that it was spent (T13).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="codes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="codes")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    digest = models.CharField("摘要", max_length=64, unique=True)
    spent = models.BooleanField("已使用", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member", "entry"], name="one_code_a_ballot"),
            models.UniqueConstraint(fields=["meeting", "member"], condition=Q(entry=None), name="one_code_to_sign_in"),
        ]


class Guesses(models.Model):
    """Wrong codes entered at a meeting's tablets since a code was spent, and until when they take no more."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="guesses")
    wrong = models.PositiveSmallIntegerField("错误次数", default=0)
    until = models.DateTimeField("暂停至", null=True, blank=True)


class Resolution(models.Model):
    """What the committee resolved: the proposed winners, or the cancellation of one."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="resolutions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="resolutions")
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(
        "类别", max_length=20, choices=[("proposal", "授奖建议名单"), ("cancellation", "取消授奖建议资格"), ("revocation", "取消奖励")]
    )
    entries = models.JSONField("名单")
    text = models.TextField("决议", blank=True)
    resolved_at = models.DateTimeField("时间")
