#!/bin/sh
# Installs the npm dependencies that package-lock.json names, unless they are
# there already. Exit code 1, with the reason, where that fails.
set -u
cd "$(dirname "$0")/.." || exit 1

if ! node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);
'; then
  echo "specc needs Node 20.19 or newer; this is $(node --version 2>/dev/null || echo 'a machine without node')." >&2
  exit 1
fi

# Compares versions, not times: a fresh checkout or a touched file installs nothing.
installed() {
  node -e '
    const { existsSync, readFileSync } = require("node:fs");
    const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
    if (!existsSync("node_modules/.package-lock.json")) process.exit(1);
    const present = packages("node_modules/.package-lock.json");
    const complete = Object.entries(packages("package-lock.json")).every(([path, wanted]) =>
      path === "" || wanted.optional || wanted.devOptional || present[path]?.version === wanted.version);
    process.exit(complete ? 0 : 1);
  '
}

if ! installed; then
  echo "Installing the dependencies ..."
  # Builds and tests need the dev dependencies whatever NODE_ENV says.
  npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error || exit 1
fi

if [ ! -d node_modules/sharp ]; then
  echo "Note: sharp, which decodes images, is optional and has no build for this system; data in IDX files still work."
fi
