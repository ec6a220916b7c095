#!/usr/bin/env bash
# Builds this kernel and writes ../kernel.wasm and ../kernel-bytes.ts; with --check compares them with the committed ones.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec bash "$here/../../../../programs/toolchain/kernel.sh" "$here" symbiont_art_kernel ART_KERNEL_BASE64 "$@"
