#!/bin/sh
# sh scripts/nightly.sh: of what npm test takes a part, because all of it is too
# long for every change, this runs all, on the adapter:
#   test/compiler/ops               the gradients of every sample of every op (npm test: of the first three; the ops themselves: of all)
#   test/compiler/kernels/fft       every size of the transforms, along both axes
#   test/compiler/fixtures          every fixture network
#   test/export/onnx                every fixture network in the ONNX Runtime
# Arguments go to vitest.
set -eu
cd "$(dirname "$0")/.."

# None of these needs a browser or PyTorch.
SPECC_ALL_SIZES=1 SPECC_EVERY_FIXTURE=1 \
  SPECC_REQUIRE_BROWSER=${SPECC_REQUIRE_BROWSER:-0} SPECC_REQUIRE_TORCH=${SPECC_REQUIRE_TORCH:-0} \
  exec sh scripts/test.sh test/compiler/ops test/compiler/kernels/fft.test.ts test/compiler/fixtures.test.ts test/export/onnx.test.ts \
  --testTimeout=3600000 "$@"
