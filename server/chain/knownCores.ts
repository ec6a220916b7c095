import { createHash } from 'node:crypto';

/**
 * Metaplex Core's binary carries no version, so those that were met are known by their SHA-256, without the room
 * that a program's account may have behind it. What is named here was seen, not looked up in a list of releases.
 */
const KNOWN: ReadonlyMap<string, string> = new Map([
  [
    '0d3ac8cce3d6158924313a697c2c53fdb06b5882f6c07601c8ad7604cb1964d5',
    'the Core that the stand-in is held to (recorded.json, 848320 bytes)',
  ],
]);

/** A binary's SHA-256 and, if it is a known one, what it is. */
export function recogniseCore(so: Uint8Array): { sha256: string; known: string | null } {
  const sha256 = createHash('sha256').update(so).digest('hex');
  return { sha256, known: KNOWN.get(sha256) ?? null };
}
