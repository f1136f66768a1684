"""The ledger of prize money takes no UPDATE and no DELETE (Q35)."""

from django.db import migrations

from zhiheng.foundation.journal.triggers import protect, unprotect

TABLE = "commendation_ledgerline"


class Migration(migrations.Migration):
    dependencies = [("commendation", "0001_initial")]
    operations = [
        migrations.RunPython(lambda _, editor: protect(editor, TABLE, (("id",),)), lambda _, editor: unprotect(editor, TABLE)),
    ]
