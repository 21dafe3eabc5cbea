#!/bin/sh
# The paper's networks on a real GPU: specc beside PyTorch with cuFFT, eager and torch.compile, in one run. What it has been
# run on so far, and that this was no GPU, stands in bench/gpu/README.md.
#
#     sh bench/gpu/run.sh [--tune] [--dry] [more options of compare.mjs]
#
# Runs in a checkout with `npm ci` and `npm run build` done, or on a bare machine that got the checkout together with the
# folder .gpu of a script that packs Node, the Vulkan loader and node_modules (see README.md beside this file).
set -eu
cd "$(dirname "$0")/../.."
if [ -e .gpu/unpack.sh ]; then . .gpu/unpack.sh; fi
exec node bench/gpu/compare.mjs "$@"
