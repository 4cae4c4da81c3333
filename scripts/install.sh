#!/bin/sh
# Make the virtual environment $1 and install the lock file $2 into it; every download is checked against its hash.
set -eu
venv=$1
lock=$2

suits() { "$1" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; }

if [ ! -x "$venv/bin/python" ]; then
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if suits "$candidate"; then python=$candidate; break; fi
    done
    if [ -z "${python:-}" ]; then
        echo "Regulars needs Python 3.11, 3.12 or 3.13; install one, or name it: make PYTHON=/path/to/python3" >&2
        exit 1
    fi
    "$python" -m venv "$venv"
fi
echo "Installing what Regulars needs into $venv (once, about a minute) …"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -e .
