"""`zhiheng simulate` as a whole process at real size, and at a multiple of it, and verify.py on its dossier.

Run by hand: .venv/bin/python bench/simulate.py [TIMES]. TIMES: the multiple for the second run (default 1: only the first run).
Goals: under 60 s at real size; under 1.2 × TIMES for TIMES the entries; verify.py under 10 s. The exit code is 1 when one is missed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

BIN = Path(sys.executable).parent
ORGANIZATIONS, INDIVIDUALS, EXPERTS = 150, 60, 300
GOAL, VERIFY_GOAL, SLACK = 60, 10, 1.2


def timed(*command: str) -> float:
    """Runs a command, which must succeed; returns its seconds."""
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - start


def one(times: int, out: Path) -> tuple[float, float]:
    """Simulates `times` the real size; seconds of the play and of the check of its dossier."""
    size = ["--organizations", str(ORGANIZATIONS * times), "--individuals", str(INDIVIDUALS * times), "--experts", str(EXPERTS * times)]
    played = timed(str(BIN / "zhiheng"), "simulate", *size, "--seed", "1", "--out", str(out), "--json")
    return played, timed(sys.executable, "-I", str(out / "verify.py"), str(out / "dossier.zip"))


def main(times: int) -> int:
    """Prints the table and returns the exit code."""
    good = True
    print(f"{'entries':>8} {'experts':>8} {'simulate s':>11} {'verify s':>9}")
    first = 0.0
    for factor in dict.fromkeys((1, times)):
        with tempfile.TemporaryDirectory() as scratch:
            played, checked = one(factor, Path(scratch))
        first = first or played
        print(f"{(ORGANIZATIONS + INDIVIDUALS) * factor:>8} {EXPERTS * factor:>8} {played:>11.1f} {checked:>9.1f}", flush=True)
        good &= played < GOAL if factor == 1 else played < SLACK * factor * first
        good &= checked < VERIFY_GOAL or factor > 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
