#!/usr/bin/env bash
# Throws the local SQLite database and the local files away and loads the demo anew.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ -n ${ZHIHENG_DATABASE_URL:-} ]]; then
    echo "ZHIHENG_DATABASE_URL is set: this only resets the local SQLite database. 仅重置本机 SQLite 数据库。" >&2
    exit 1
fi
var=${ZHIHENG_VAR:-var}
rm -rf "$var"/zhiheng.sqlite3 "$var"/zhiheng.sqlite3-wal "$var"/zhiheng.sqlite3-shm "$var"/.stamp-database-* "${ZHIHENG_MEDIA:-$var/files}"
exec scripts/run.sh --prepare
