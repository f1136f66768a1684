#!/usr/bin/env bash
# Makes .venv from the hashed lock, and static/vendor/ from the npm lock.
#   scripts/setup.sh run   what the server needs
#   scripts/setup.sh dev   ... and what the tests need (a superset, pinned to the same versions)
# Nothing is done when nothing changed: each step leaves a stamp named after what it was made from.
set -euo pipefail
kind=${1:-dev}
# Two at once would trip over each other: the second waits.
if command -v flock >/dev/null 2>&1; then exec 9<"$0" && flock 9; fi
cd "$(dirname "$0")/.."
venv=.venv
say() { printf '\033[2m[setup]\033[0m %s\n' "$*" >&2; }
# Digest of the named files, and of the folder: a virtual environment cannot be moved.
digest() { { cat "$@"; pwd; } | cksum | tr ' ' '-'; }

run_stamp=$venv/.stamp-run-$(digest requirements/run.txt)
dev_stamp=$venv/.stamp-dev-$(digest requirements/run.txt requirements/dev.txt)
self_stamp=$venv/.stamp-self-$(digest pyproject.toml)

find_python() {
    local candidate
    for candidate in "${ZHIHENG_PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 \
            && "$candidate" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    say "Python 3.11 or later is needed and was not found. 需要 Python 3.11 或更高版本。"
    exit 1
}

if [[ ! -f $dev_stamp && ! ( $kind == run && -f $run_stamp ) ]]; then
    lock=requirements/$kind.txt
    if ! compgen -G "$venv/.stamp-*" >/dev/null; then
        python=$(find_python)
        say "new environment in $venv ($("$python" --version))"
        "$python" -m venv --clear "$venv"
    fi
    say "installing $lock (every file checked against its hash)"
    rm -f "$venv"/.stamp-*
    # Byte code is made when a module is first used: quicker than compiling everything now.
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-compile --require-hashes --no-deps --only-binary :all: -r "$lock"
    : >"$venv/.stamp-$kind-partial"
fi
if [[ ! -f $self_stamp ]]; then
    say "installing zhiheng itself (editable)"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
    rm -f "$venv"/.stamp-self-*
    : >"$self_stamp"
fi
if [[ -f $venv/.stamp-dev-partial ]]; then : >"$dev_stamp"; : >"$run_stamp"; fi
if [[ -f $venv/.stamp-run-partial ]]; then : >"$run_stamp"; fi
rm -f "$venv"/.stamp-*-partial

exec scripts/assets.sh
