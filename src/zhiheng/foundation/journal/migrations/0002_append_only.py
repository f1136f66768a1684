"""The journal takes no UPDATE and no DELETE."""

from django.db import migrations

from zhiheng.foundation.journal.triggers import JOURNAL, JOURNAL_KEYS, protect, unprotect


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunPython(lambda _, editor: protect(editor, JOURNAL, JOURNAL_KEYS), lambda _, editor: unprotect(editor, JOURNAL)),
    ]
