#!/bin/sh
# npm run quickstart: from a clean clone to a trained network. Arguments go to
# specc train: npm run quickstart -- --epochs 3
set -eu
cd "$(dirname "$0")/.."

sh scripts/dependencies.sh

device=auto
if ! sh scripts/adapter.sh; then
  echo "Going on with --device cpu, which is slower."
  device=cpu
fi

npm run --silent build

set -- train examples/quickstart.spec --data examples/quickstart-data \
  --device "$device" --out runs/quickstart "$@"
echo "$ npx specc $*"
exec node bin/specc.js "$@"
