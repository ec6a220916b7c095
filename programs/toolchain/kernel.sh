#!/usr/bin/env bash
# Builds a kernel for WebAssembly and writes kernel.wasm and kernel-bytes.ts, which holds it as base64, beside its
# folder. The bytes depend on the pinned compiler alone, not on where the source lies.
# Usage: kernel.sh FOLDER CRATE CONSTANT            builds and writes
#        kernel.sh FOLDER CRATE CONSTANT --check    builds elsewhere and fails unless the committed files are what comes out
set -euo pipefail
NIGHTLY=nightly-2026-10-20
here=$(cd "$1" && pwd)
crate=$2
constant=$3
mode=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rustup run "$NIGHTLY" rustc --version >/dev/null 2>&1 ||
    rustup toolchain install "$NIGHTLY" --profile minimal
rustup target list --toolchain "$NIGHTLY" --installed | grep -qx wasm32-unknown-unknown ||
    rustup target add wasm32-unknown-unknown --toolchain "$NIGHTLY"

(
    cd "$here"
    RUSTUP_TOOLCHAIN=$NIGHTLY RUSTFLAGS="-C target-feature=+simd128 -C link-arg=-zstack-size=16384 \
-C link-arg=--export=__heap_base -Z location-detail=none --remap-path-prefix=$here=/kernel" \
        cargo build --quiet --locked --release --target wasm32-unknown-unknown --target-dir "$work/target"
)
cp "$work/target/wasm32-unknown-unknown/release/$crate.wasm" "$work/kernel.wasm"
chmod 644 "$work/kernel.wasm"
{
    echo "/** kernel.wasm as base64, made by kernel/build.sh. */"
    echo "export const $constant ="
    echo "  '$(base64 -w0 "$work/kernel.wasm")';"
} >"$work/kernel-bytes.ts"

for file in kernel.wasm kernel-bytes.ts; do
    if [ "$mode" = --check ]; then
        cmp "$work/$file" "$here/../$file" || { echo "$file is not what the source builds" >&2; exit 1; }
    else
        cp "$work/$file" "$here/../$file"
    fi
done
[ "$mode" != --check ] || echo "the committed kernel is what the source builds"
