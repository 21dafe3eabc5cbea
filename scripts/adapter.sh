#!/bin/sh
# Provides a WebGPU adapter: does nothing where one works, else installs Mesa's
# software Vulkan driver (lavapipe). Needs the npm dependencies for the check,
# and root, Debian or Ubuntu for the installation. Exit code 0: there is an
# adapter; 1: there is none, and standard error says what to do.
set -u
cd "$(dirname "$0")/.." || exit 1

# Mesa complains on standard error without a runtime folder.
if [ ! -d "${XDG_RUNTIME_DIR:-}" ]; then
  XDG_RUNTIME_DIR=${TMPDIR:-/tmp}
  export XDG_RUNTIME_DIR
fi

# shellcheck source=scripts/debian.sh
. scripts/debian.sh
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# Dawn is the judge: a driver that is installed can still be too old for it.
adapter_works() {
  node --input-type=module -e '
    import { create, globals } from "webgpu";
    Object.assign(globalThis, globals);
    globalThis.gpu = create([]);
    const adapter = await globalThis.gpu.requestAdapter();
    const device = await adapter?.requestDevice();
    device?.destroy();
    delete globalThis.gpu;
    process.exit(device ? 0 : 1);
  ' >"$log" 2>&1
}

give_up() {
  {
    echo "There is no WebGPU adapter, and none could be installed: $1"
    if [ -s "$log" ]; then
      echo "The last lines of the attempt:"
      tail -n 8 "$log" | sed 's/^/  | /'
    fi
    echo "What to do:"
    shift
    for line in "$@"; do echo "  - $line"; done
    echo "  - or train without a GPU, slowly: add --device cpu"
  } >&2
  exit 1
}

if [ ! -d node_modules/webgpu ]; then
  : >"$log"
  give_up "the npm dependencies are missing." "run: npm ci"
fi

adapter_works && exit 0

if [ "$(uname -s)" != Linux ]; then
  give_up "only Linux needs a software driver; here the system brings WebGPU's." \
    "update the system and its graphics driver, then run: npx specc doctor"
fi

ID="" ID_LIKE="" VERSION_CODENAME="" PRETTY_NAME="this system"
# shellcheck disable=SC1091
[ -r /etc/os-release ] && . /etc/os-release
others="Fedora: vulkan-loader mesa-vulkan-drivers; Arch: vulkan-icd-loader vulkan-swrast; Alpine has no glibc: use another system"
case " $ID $ID_LIKE " in
  *" debian "* | *" ubuntu "*) ;;
  *) give_up "$PRETTY_NAME is not a Debian or Ubuntu system." \
    "install the Vulkan loader and Mesa's lavapipe, version 24 or newer ($others)" \
    "then run: npx specc doctor" ;;
esac
if ! command -v apt-get >/dev/null 2>&1; then
  give_up "apt-get is missing." "install Mesa's lavapipe (Debian's package is mesa-vulkan-drivers) in the way of this system"
fi
if [ "$(id -u)" != 0 ]; then
  give_up "that needs root." "run: sudo env \"PATH=\$PATH\" sh scripts/adapter.sh"
fi

echo "No WebGPU adapter yet: installing Mesa's software driver (about a minute) ..."

# Debian 12's own Mesa is refused by Dawn; backports has one that works. The
# archive is the one that the machine's sources name, and they stay as they are.
release=""
if [ "$VERSION_CODENAME" = bookworm ]; then
  release=bookworm-backports
  targets=$(apt-get --print-uris update 2>>"$log" | sed -n "s/^'\([^']*\)'.*/\1/p")
  if ! echo "$targets" | grep -q "/dists/$release/InRelease\$"; then
    archive=$(echo "$targets" | sed -n 's,/dists/bookworm/InRelease$,,p' | head -n 1)
    if [ -z "$archive" ]; then
      give_up "apt has no source for bookworm." \
        "add Debian 12's archive and its suite bookworm-backports to /etc/apt/sources.list.d, then run: sh scripts/adapter.sh"
    fi
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    {
      echo "# Written by specc's scripts/adapter.sh: a Mesa that is new enough for WebGPU."
      echo "Types: deb"
      echo "URIs: $archive"
      echo "Suites: $release"
      echo "Components: main"
      if [ -f "$keyring" ]; then echo "Signed-By: $keyring"; fi
    } >/etc/apt/sources.list.d/specc-backports.sources
  fi
fi

if ! install_packages "$log" ${release:+-t "$release"} libvulkan1 mesa-vulkan-drivers; then
  give_up "apt-get failed." "look at the lines above; the package is mesa-vulkan-drivers${release:+ from $release}"
fi

if ! adapter_works; then
  give_up "the driver is installed, but Dawn refuses it." \
    "Mesa must be version 24 or newer; here it is $(dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null || echo unknown)" \
    "see what Dawn says: npx specc doctor"
fi
echo "A software WebGPU adapter is ready."
