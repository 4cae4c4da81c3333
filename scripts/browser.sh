#!/bin/sh
# The browser tests drive a real Chromium: find it, install it where that is possible, or say in one line what to install.
set -eu
for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests …"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null && exit 0
fi
echo "The browser tests need Chromium: install the package “chromium”, or set CHROMIUM to its path." >&2
exit 1
