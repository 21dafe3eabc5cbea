#!/bin/sh
# Provides the Python of the tests, with PyTorch, Pillow and PyYAML: does
# nothing where one is found (SPECC_PYTHON, or a usual name), else installs
# Debian's packages. Needs root and Debian for the installation. Exit code 0:
# there is one; 1: there is none, and standard error says what to do.
set -u

# shellcheck source=scripts/debian.sh
. "$(dirname "$0")/debian.sh"

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

require_debian

echo "No PyTorch yet: installing Debian's (150 MB to fetch, 900 MB on the disk, one to two minutes) ..."
install_or_give_up python3-torch python3-pil python3-yaml
find_python || give_up "it was installed, but /usr/bin/python3 does not find PyTorch 1.13 or newer."
echo "PyTorch is ready."
