#!/bin/sh
# Makes .venv at the top of the checkout with the Python packages that read our files in the tests. Does nothing when it
# is already there with the same requirements.
set -eu
cd "$(dirname "$0")/../.."
requirements=test/python/requirements.txt
stamp=.venv/requirements.installed
if cmp -s "$requirements" "$stamp"; then
  exit 0
fi
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$stamp"
