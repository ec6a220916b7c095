"""Refuses programs in which a function takes more than five arguments.

Usage: stack_arguments.py PROGRAM.so...

SBPF v0 passes five arguments, in registers. The compiler writes a sixth above the caller's frame, where
there is no memory, and says nothing: the program then ends with "Access violation in stack frame", and
only where that call is reached (an account that somebody has paid into before it is made, for one).
"""
import struct
import sys

EXECUTABLE = 4
FRAME_POINTER = 10
STORES = {0x62, 0x6A, 0x72, 0x7A, 0x63, 0x6B, 0x73, 0x7B}
LOADS = {0x61, 0x69, 0x71, 0x79}
WIDE_LOAD = 0x18


def beyond_frame(elf):
    """File offsets of the instructions that touch what lies above their frame."""
    table, count = struct.unpack_from("<Q", elf, 0x28)[0], struct.unpack_from("<H", elf, 0x3C)[0]
    for section in range(count):
        _, _, flags, _, start, size = struct.unpack_from("<IIQQQQ", elf, table + 64 * section)
        if not flags & EXECUTABLE:
            continue
        at, end = start, start + size
        while at < end:
            code, registers, offset = struct.unpack_from("<BBh", elf, at)
            target, source = registers & 15, registers >> 4
            base = target if code in STORES else source if code in LOADS else -1
            if base > FRAME_POINTER or (base == FRAME_POINTER and offset >= 0):
                yield at
            at += 16 if code == WIDE_LOAD else 8


failed = False
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        places = [hex(at) for at in beyond_frame(file.read())]
    if places:
        failed = True
        print(f"{path}: a function takes more than five arguments, called at {', '.join(places)}: "
              "pass a struct, or have it inlined", file=sys.stderr)
sys.exit(failed)
