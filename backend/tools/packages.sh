#!/bin/sh
# packages.sh WHAT PACKAGE...: as root on Debian installs the packages that WHAT needs, else names the one command that does,
# and fails.
set -eu

what=$1
shift
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for $what: $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    exec apt-get install -y -qq --no-install-recommends "$@" >/dev/null
fi

echo "There is something missing for $what that only root can install. Run this once, then again what you ran:" >&2
echo "    sudo apt-get install -y --no-install-recommends $*" >&2
exit 1
