#!/usr/bin/env bash
# Builds every program, and the IDL of those that have one, into a folder.
# Usage: build.sh OUT [TARGET]     (TARGET keeps cargo's intermediate files, programs/target unless given)
# The tools are installed into .tools in the project root on first use (programs/toolchain).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$(realpath -m "${SYMBIONT_TOOLS:-$here/../.tools}")
out=$(realpath -m "${1:?usage: build.sh OUT [TARGET]}")
CARGO_TARGET_DIR=$(realpath -m "${2:-$here/target}")
export CARGO_TARGET_DIR
unset RUSTFLAGS RUSTUP_TOOLCHAIN
command -v rustup > /dev/null || { echo "programs: rustup is needed to build them: https://rustup.rs" >&2; exit 1; }

bash "$here/toolchain/setup.sh" "$tools"
mkdir -p "$out"
for crate in brains chronicle core-standin evolution; do
    name=${crate//-/_}
    bash "$here/toolchain/build.sh" "$tools" "$here/$crate" --quiet
    python3 "$here/toolchain/stack_arguments.py" "$CARGO_TARGET_DIR/sbpf-solana/release/lib$name.so"
    cp "$CARGO_TARGET_DIR/sbpf-solana/release/lib$name.so" "$out/$name.so"
done
# idlgen calls plain cargo: let that be the pinned one
PATH=$(RUSTUP_TOOLCHAIN=$(cat "$tools/toolchain") rustc --print sysroot)/bin:$PATH
export PATH
for crate in brains chronicle evolution; do
    CARGO_TARGET_DIR=$CARGO_TARGET_DIR/idl "$tools/bin/idlgen" "$here/$crate" > "$out/$crate.json.new"
    mv "$out/$crate.json.new" "$out/$crate.json"
done
