"""Who may do what, when: the golden table act_matrix.csv, which the register must equal.

`python -m tests.architecture.act_matrix` writes the table anew from the register; read the difference before it is committed.
"""

import csv
import os
from pathlib import Path

GOLDEN = Path(__file__).with_name("act_matrix.csv")
ANY = "any"  # at every stage
HEAD = ("act", "duties", "roles", "stages")


def registered() -> list[dict[str, str]]:
    """The table as the register has it: acts by id, roles and stages in the order of the rules."""
    from zhiheng.process.register import REGISTER
    from zhiheng.rules.lifecycle import Role, Stage

    rows = []
    for spec in sorted(REGISTER.values(), key=lambda spec: spec.id):
        roles = " ".join(role.value for role in Role if role in spec.roles)
        stages = " ".join(stage.value for stage in Stage if stage in spec.stages) or ANY
        rows.append(dict(zip(HEAD, (spec.id, " ".join(spec.duties), roles, stages), strict=True)))
    return rows


def golden() -> list[dict[str, str]]:
    """The table as it is committed."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write() -> None:
    """Write the register into the table."""
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, HEAD, lineterminator="\n")
        table.writeheader()
        table.writerows(registered())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    write()
