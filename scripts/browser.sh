#!/bin/sh
# Provides a Chromium for the browser tests: does nothing where one is found
# (SPECC_CHROMIUM, or a usual name on the PATH), else installs Debian's. Needs
# root and Debian for the installation. Exit code 0: there is one; 1: there is
# none, and standard error says what to do.
set -u

lockTimeout="DPkg::Lock::Timeout=120"

find_browser() {
  if [ -n "${SPECC_CHROMIUM:-}" ]; then
    [ -x "$SPECC_CHROMIUM" ]
    return
  fi
  for name in chromium google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && return
  done
  return 1
}

give_up() {
  {
    echo "There is no Chromium for the browser tests, and none could be installed: $1"
    echo "What to do:"
    echo "  - install Chromium or Chrome, version 121 or newer"
    echo "  - or name one: SPECC_CHROMIUM=/path/to/chrome npm test"
    echo "  - or test without browsers: SPECC_REQUIRE_BROWSER=0 npm test"
  } >&2
  exit 1
}

find_browser && exit 0
if [ -n "${SPECC_CHROMIUM:-}" ]; then
  give_up "SPECC_CHROMIUM=$SPECC_CHROMIUM is no program."
fi

ID=""
# shellcheck disable=SC1091
[ -r /etc/os-release ] && . /etc/os-release
# Ubuntu's package of that name wants snap, which does not work in containers.
if [ "$ID" != debian ] || ! command -v apt-get >/dev/null 2>&1; then
  give_up "this is no Debian."
fi
if [ "$(id -u)" != 0 ]; then
  give_up "that needs root."
fi

echo "No browser yet: installing Debian's Chromium (about a minute) ..."
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
# A broken third-party source must not stop the installation.
apt-get -o "$lockTimeout" -qq update >>"$log" 2>&1 || true
if ! DEBIAN_FRONTEND=noninteractive apt-get -o "$lockTimeout" -qq -y --no-install-recommends install chromium >>"$log" 2>&1; then
  tail -n 8 "$log" >&2
  give_up "apt-get failed."
fi
find_browser || give_up "it was installed, but is not on the PATH."
echo "A Chromium is ready."
