#!/bin/sh
# Provides the Python of the tests, with PyTorch, Pillow and PyYAML: does
# nothing where one is found (SPECC_PYTHON, or a usual name), else installs
# Debian's packages. Needs root and Debian for the installation. Exit code 0:
# there is one; 1: there is none, and standard error says what to do.
set -u

lockTimeout="DPkg::Lock::Timeout=120"

# As test/support/python.ts does.
find_python() {
  if [ -n "${SPECC_PYTHON:-}" ]; then
    has_torch "$SPECC_PYTHON"
    return
  fi
  has_torch python3 || has_torch /usr/bin/python3
}

has_torch() {
  "$1" -c 'import PIL, yaml, torch; assert tuple(map(int, torch.__version__.split(".")[:2])) >= (1, 13)' >/dev/null 2>&1
}

give_up() {
  {
    echo "There is no Python with PyTorch for the tests of exports, and none could be installed: $1"
    echo "What to do:"
    echo "  - install PyTorch 1.13 or newer, Pillow and PyYAML: pip install torch pillow pyyaml"
    echo "  - or name a Python that has them: SPECC_PYTHON=/path/to/python npm test"
    echo "  - or test without PyTorch: SPECC_REQUIRE_TORCH=0 npm test"
  } >&2
  exit 1
}

find_python && exit 0
if [ -n "${SPECC_PYTHON:-}" ]; then
  give_up "SPECC_PYTHON=$SPECC_PYTHON does not have them."
fi

ID=""
# shellcheck disable=SC1091
[ -r /etc/os-release ] && . /etc/os-release
# Not every release of Ubuntu has a package of PyTorch.
if [ "$ID" != debian ] || ! command -v apt-get >/dev/null 2>&1; then
  give_up "this is no Debian."
fi
if [ "$(id -u)" != 0 ]; then
  give_up "that needs root."
fi

echo "No PyTorch yet: installing Debian's (150 MB to fetch, 900 MB on the disk, one to two minutes) ..."
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
# A broken third-party source must not stop the installation.
apt-get -o "$lockTimeout" -qq update >>"$log" 2>&1 || true
if ! DEBIAN_FRONTEND=noninteractive apt-get -o "$lockTimeout" -qq -y --no-install-recommends \
  install python3-torch python3-pil python3-yaml >>"$log" 2>&1; then
  tail -n 8 "$log" >&2
  give_up "apt-get failed."
fi
find_python || give_up "it was installed, but /usr/bin/python3 does not find PyTorch 1.13 or newer."
echo "PyTorch is ready."
