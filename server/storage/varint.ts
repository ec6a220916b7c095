/** Unsigned LEB128, as multiformats and protocol buffers have it; whole numbers up to 2^53 − 1. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return bytes;
}

/** The number at a place and where it ends. @throws RangeError where there is none of at most 53 bits */
export function readVarint(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let at = from; at < bytes.length && at < from + 8; at++) {
    value += (bytes[at] & 127) * scale;
    scale *= 128;
    if (bytes[at] >= 128) continue;
    if (value > Number.MAX_SAFE_INTEGER) break;
    return { value, end: at + 1 };
  }
  throw new RangeError(`varint at byte ${from}: is cut off or too large`);
}
