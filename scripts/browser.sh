#!/bin/sh
# Provides a Chromium for the browser tests: does nothing where one is found
# (SPECC_CHROMIUM, or a usual name on the PATH), else installs Debian's. Needs
# root and Debian for the installation. Exit code 0: there is one; 1: there is
# none, and standard error says what to do.
set -u

# shellcheck source=scripts/debian.sh
. "$(dirname "$0")/debian.sh"

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

require_debian

echo "No browser yet: installing Debian's Chromium (about a minute) ..."
install_or_give_up chromium
find_browser || give_up "it was installed, but is not on the PATH."
echo "A Chromium is ready."
