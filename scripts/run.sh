#!/usr/bin/env bash
# Set-up, database, demo, then the site. With --prepare: all of it but the site.
# Every step is skipped when what it was made from has not changed, so that a second start
# costs hardly more than the server's own.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[2m[run]\033[0m %s\n' "$*" >&2; }
port=${ZHIHENG_PORT:-8000}
var=${ZHIHENG_VAR:-var}
export ZHIHENG_DEMO=${ZHIHENG_DEMO:-1}
prepare_only=${1:-}

if [[ -z $prepare_only ]] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    say "端口 $port 已被占用，请先停止该程序，或另选端口：ZHIHENG_PORT=8001 make run"
    say "Port $port is taken: stop what uses it, or choose another: ZHIHENG_PORT=8001 make run"
    exit 1
fi

scripts/setup.sh run
umask 077 # personal data: for this account only
mkdir -p "$var"

# --- static files: collected again when one of them, or a lock, is newer than the last time
if [[ ! -f $var/.stamp-static ]] \
    || [[ -n $(find static src/zhiheng -path '*static/*' -newer "$var/.stamp-static" -print -quit 2>/dev/null) ]] \
    || [[ config/settings.py -nt $var/.stamp-static || requirements/run.txt -nt $var/.stamp-static ]]; then
    .venv/bin/python manage.py collectstatic --noinput --clear --verbosity 0
    : >"$var/.stamp-static"
fi

# --- database: the stamp names the migrations and the very file they were applied to
database_digest() {
    { find src/zhiheng -path '*/migrations/*.py' -exec cksum {} + | sort; ls -i "$var/zhiheng.sqlite3" 2>/dev/null || true; } | cksum | tr ' ' '-'
}
if [[ -n ${ZHIHENG_DATABASE_URL:-} || ! -f $var/.stamp-database-$(database_digest) ]]; then
    say "database"
    .venv/bin/python manage.py migrate --noinput --verbosity 0
    if [[ $ZHIHENG_DEMO != 0 ]]; then .venv/bin/zhiheng demo load; fi
    rm -f "$var"/.stamp-database-*
    [[ -n ${ZHIHENG_DATABASE_URL:-} ]] || : >"$var/.stamp-database-$(database_digest)"
fi
[[ -z $prepare_only ]] || exit 0

say "http://127.0.0.1:$port/   (Ctrl-C 停止 · stops)"
exec .venv/bin/python -m config.server
