"""What is typed and not yet sent: drafts of acts, kept for their author alone."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.people.models import Person


class Draft(models.Model):
    """The fields of one act's form as last typed by one person in one role. `revision` counts its saves (X7)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    role = models.CharField("角色", max_length=30)
    act = models.CharField("办理事项", max_length=60)
    subject = models.CharField("办理对象", max_length=80, blank=True)  # its address
    fields = models.JSONField("填写内容", default=dict)  # field → list of texts, as a form sends them
    revision = models.PositiveIntegerField("版次", default=0)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role", "act", "subject"], name="one_draft_a_form")]
