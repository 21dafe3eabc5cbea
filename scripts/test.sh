#!/bin/sh
# npm test: everything that a change must pass, from a clean clone. Arguments
# go to vitest: npm test -- test/compiler/kernels/fft.test.ts. It takes a part of
# the samples and networks on the adapter; scripts/nightly.sh takes all.
set -eu
cd "$(dirname "$0")/.."

sh scripts/dependencies.sh

# SPECC_REQUIRE_GPU=0 runs without an adapter; the GPU suites then say that they are skipped.
SPECC_REQUIRE_GPU=${SPECC_REQUIRE_GPU:-1}
export SPECC_REQUIRE_GPU
if [ "$SPECC_REQUIRE_GPU" = 1 ]; then
  sh scripts/adapter.sh
fi

# SPECC_REQUIRE_BROWSER=0 runs without a browser; its suites then say that they are skipped.
SPECC_REQUIRE_BROWSER=${SPECC_REQUIRE_BROWSER:-$SPECC_REQUIRE_GPU}
export SPECC_REQUIRE_BROWSER
if [ "$SPECC_REQUIRE_BROWSER" = 1 ]; then
  sh scripts/browser.sh
fi

# SPECC_REQUIRE_TORCH=0 runs without PyTorch; the tests of what exports compute then say that they are skipped.
SPECC_REQUIRE_TORCH=${SPECC_REQUIRE_TORCH:-$SPECC_REQUIRE_GPU}
export SPECC_REQUIRE_TORCH
if [ "$SPECC_REQUIRE_TORCH" = 1 ]; then
  sh scripts/torch.sh
fi

npm run --silent check
npm run --silent build
exec node_modules/.bin/vitest run "$@"
