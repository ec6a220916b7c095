#!/usr/bin/env bash
# Installs what build.sh needs to turn an Anchor program into a Solana .so, from
# rustup and the crates registry alone (Solana's own platform-tools are not needed):
#   1. a pinned nightly rustc with its library source (its LLVM has the upstream BPF back end)
#      and the wasm32-unknown-unknown target, which the brain's SIMD kernel is built for,
#   2. sbpf-linker, which turns upstream BPF objects into an SBPF program,
#   3. a copy of the library source in which `std` knows the target_os "solana",
#   4. idlgen, which prints the IDL of a program crate.
# Usage: setup.sh [DIR]      (DIR is the tool directory, .tools in the project root unless given)
# Safe to call again: a finished set-up is recognised and left alone.
set -euo pipefail
NIGHTLY=nightly-2026-10-20
LINKER=0.2.6
here=$(cd "$(dirname "$0")" && pwd)
tools=$(realpath -m "${1:-$here/../../.tools}")
mkdir -p "$tools"

# everything a finished set-up depends on; another value means: set up again
stamp="$NIGHTLY $LINKER $(cat "$here/setup.sh" "$here/std_for_solana.py" "$here/sbpf-solana.json" \
    "$here/idlgen/Cargo.lock" "$here/idlgen/src/main.rs" | sha256sum | cut -d' ' -f1)"
sysroot() { rustup run "$NIGHTLY" rustc --print sysroot 2>/dev/null; }
if [ "$(cat "$tools/ready" 2>/dev/null)" = "$stamp" ] && [ -d "$(sysroot)" ]; then
    exit 0
fi

rustup toolchain install "$NIGHTLY" --profile minimal --component rust-src --target wasm32-unknown-unknown --no-self-update
echo "$NIGHTLY" > "$tools/toolchain"
if ! [ -x "$tools/bin/sbpf-linker" ] || [ "$(cat "$tools/linker" 2>/dev/null)" != "$LINKER" ]; then
    RUSTUP_TOOLCHAIN=$NIGHTLY cargo install sbpf-linker --version "$LINKER" --locked --force --root "$tools"
    echo "$LINKER" > "$tools/linker"
fi
if ! [ -x "$tools/bin/idlgen" ] || ! cmp -s "$here/idlgen/Cargo.lock" "$tools/idlgen.lock"; then
    RUSTUP_TOOLCHAIN=$NIGHTLY CARGO_TARGET_DIR="$tools/idlgen-target" \
        cargo install --path "$here/idlgen" --locked --force --root "$tools"
    rm -rf "$tools/idlgen-target"
    cp "$here/idlgen/Cargo.lock" "$tools/idlgen.lock"
fi
rm -rf "$tools/library"
cp -r "$(sysroot)/lib/rustlib/src/rust/library" "$tools/library"
python3 "$here/std_for_solana.py" "$tools/library"
cp "$here/sbpf-solana.json" "$tools/"
echo "$stamp" > "$tools/ready"
