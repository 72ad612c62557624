#!/bin/sh
# Makes sure that the tests find Chromium, PostgreSQL, curl and strace.
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
command -v strace >/dev/null || needed="$needed strace"
[ -z "$needed" ] && exit 0

# shellcheck disable=SC2086  # several words on purpose
exec "$(dirname "$0")/packages.sh" "the tests" $needed
