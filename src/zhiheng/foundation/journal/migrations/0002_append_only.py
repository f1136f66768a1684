"""The journal takes no UPDATE and no DELETE."""

from django.db import migrations

from zhiheng.foundation.journal.triggers import protect, unprotect

TABLE = "journal_journalentry"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunPython(lambda apps, editor: protect(editor, TABLE), lambda apps, editor: unprotect(editor, TABLE)),
    ]
