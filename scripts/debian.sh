# Packages of Debian for the scripts that provide what tests need. To be
# sourced; the caller has a function give_up, which says why and ends.
# shellcheck shell=sh

lockTimeout="DPkg::Lock::Timeout=120"

# Gives up where packages cannot be installed.
require_debian() {
  ID=""
  # shellcheck disable=SC1091
  [ -r /etc/os-release ] && . /etc/os-release
  # Ubuntu's Chromium wants snap, which does not work in containers, and not
  # every release of it has a package of PyTorch.
  if [ "$ID" != debian ] || ! command -v apt-get >/dev/null 2>&1; then
    give_up "this is no Debian."
  fi
  if [ "$(id -u)" != 0 ]; then
    give_up "that needs root."
  fi
}

# install_packages LOG PACKAGE...: what apt-get says goes to the end of LOG.
# Some image's apt settings drop the lists after each run, so always update; a
# broken third-party source must not stop the installation.
install_packages() {
  packagesLog=$1
  shift
  apt-get -o "$lockTimeout" -qq update >>"$packagesLog" 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get -o "$lockTimeout" -qq -y --no-install-recommends install "$@" >>"$packagesLog" 2>&1
}

# The same with a log of its own, whose end is shown where it fails.
install_or_give_up() {
  log=$(mktemp) || exit 1
  trap 'rm -f "$log"' EXIT
  if ! install_packages "$log" "$@"; then
    tail -n 8 "$log" >&2
    give_up "apt-get failed."
  fi
}
