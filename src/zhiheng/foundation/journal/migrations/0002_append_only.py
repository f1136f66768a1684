"""The journal takes no UPDATE and no DELETE."""

from django.db import migrations

from zhiheng.foundation.journal.triggers import protect, unprotect

TABLE = "journal_journalentry"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunPython(lambda _, editor: protect(editor, TABLE), lambda _, editor: unprotect(editor, TABLE)),
    ]
