"""Files stored outside the web root under their digest, and letters of outside parties (D1, D2, L1)."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation import entropy


class StoredFile(models.Model):
    """An uploaded file: content by SHA-256; `owner` names the object whose rights govern it (T6)."""

    id = models.UUIDField(primary_key=True, default=entropy.new_uuid, editable=False)
    owner = models.CharField(max_length=80, db_index=True)  # e.g. entry:2026-O-0001
    name = models.CharField("文件名", max_length=130)
    kind = models.CharField("类型", max_length=10)
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.FileField(max_length=200)
    stored_at = models.DateTimeField("上传时间")

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """The word of an outside party, as recorded: who wrote it, its number and date, and the scan."""

    issuer = models.CharField("来文单位", max_length=120)
    number = models.CharField("文号", max_length=80)
    dated = models.DateField("成文日期")
    summary = models.TextField("内容摘要")
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True)
    cycle = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=60)  # the act that it serves

    def __str__(self) -> str:
        return f"{self.issuer} {self.number}"
