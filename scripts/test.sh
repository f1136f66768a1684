#!/usr/bin/env bash
# Every check there is. The static ones come first and all of them run; then pytest, whose summary
# is the last line. Fails when any of them failed.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
scripts/setup.sh dev || exit 1
scripts/system.sh

failed=()
check() { # name, command...
    local name=$1 output
    shift
    if output=$("$@" 2>&1 </dev/null); then
        printf '  \033[32m✓\033[0m %s\n' "$name"
    else
        printf '  \033[31m✗\033[0m %s\n%s\n' "$name" "$output"
        failed+=("$name")
    fi
}
templates() {
    local found
    mapfile -t found < <(git ls-files --cached --others --exclude-standard 'src/**/templates/**.html')
    [[ ${#found[@]} -eq 0 ]] || "$bin/djade" --target-version 5.2 --check "${found[@]}"
}

mkdir -p var
# mypy takes longest and needs one core: it runs beside the others.
"$bin/mypy" >var/mypy.log 2>&1 </dev/null &
mypy=$!
check "ruff check" "$bin/ruff" check --quiet --output-format concise .
check "ruff format" "$bin/ruff" format --check --quiet --output-format concise .
check "lint-imports" "$bin/lint-imports" --no-logo
check "djade" templates
check "django check" "$bin/python" manage.py check --fail-level WARNING
check "migrations complete" "$bin/python" manage.py makemigrations --check --dry-run
check "pack check" "$bin/zhiheng" pack check rulepacks/hebei-2022
# Waited for here, not in a subshell, which may not wait for its parent's children.
wait "$mypy"
mypy_status=$?
finish_mypy() { cat var/mypy.log; return "$mypy_status"; }
check "mypy" finish_mypy

export ZHIHENG_FAILED_CHECKS="${failed[*]}" # shown again beside pytest's summary
# Neighbours stay together, so that what a class or module makes is made once.
"$bin/pytest" -n auto --dist worksteal "$@" </dev/null
status=$?
[[ ${#failed[@]} -eq 0 ]] || status=1
exit "$status"
