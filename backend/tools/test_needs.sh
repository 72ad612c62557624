#!/bin/sh
# Makes sure that the tests find Chromium, PostgreSQL and curl. As root on Debian it installs what is missing, else it names
# the one command that does, and fails.
set -eu

needed=""
if [ -z "${CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
    needed="$needed chromium fonts-liberation"
fi
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    needed="$needed postgresql"
fi
# Playwright's own Node.js is linked with it.
/sbin/ldconfig -p | grep -q 'libatomic\.so\.1' || needed="$needed libatomic1"
command -v curl >/dev/null || needed="$needed curl"
[ -z "$needed" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests:$needed"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086  # several words on purpose
    exec apt-get install -y -qq --no-install-recommends $needed >/dev/null
fi

echo "The tests need$needed, which only root can install. Run this once, then again what you ran:" >&2
echo "    sudo apt-get install -y --no-install-recommends$needed" >&2
exit 1
