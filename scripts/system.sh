#!/usr/bin/env bash
# What the tests use beside Python, from Debian: Chromium for the browser journeys and LibreOffice to
# open the documents we write. Installed when root and absent; otherwise those tests are skipped
# (with one line each), and in CI, where nothing is skipped, they fail.
set -euo pipefail
cd "$(dirname "$0")/.."
found() { command -v "$1" >/dev/null 2>&1; }
missing=()
found chromium-headless-shell || found chromium || found chromium-browser || missing+=(chromium-headless-shell)
found soffice || missing+=(libreoffice-writer-nogui libreoffice-calc-nogui)
[[ ${#missing[@]} -gt 0 ]] || exit 0
if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null 2>&1; then
    echo "[system] not here and not installed: ${missing[*]}" >&2
    exit 0
fi
mkdir -p var
echo "[system] apt-get install ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } </dev/null >var/apt.log 2>&1; then
    tail -n 5 var/apt.log >&2
    echo "[system] could not be installed: ${missing[*]}" >&2
fi
