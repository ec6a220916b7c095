import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import type { ArtModel } from './model.ts';
import { pictureHash, toPng, toSvg } from './picture.ts';
import { drawSprite } from './sprite.ts';

/** A case of `assets/vectors/art.json` (and of `art-v1.json`, the first kind's): hashes are SHA-256, 64 hex digits. */
export interface ArtCase {
  readonly genome: string;
  readonly stage: number;
  readonly branch: number;
  readonly frame: number;
}

export interface ArtAnswer {
  /** Of the picture's canonical bytes. */
  readonly picture: string;
  /** Of its PNG at four times the size. */
  readonly png: string;
  /** Of its SVG. */
  readonly svg: string;
}

export interface ArtVectors {
  /** The file hash of the model they were drawn by. */
  readonly model: string;
  readonly cases: readonly (ArtCase & ArtAnswer)[];
  /** `artSweep` of so many genomes. */
  readonly sweep: { readonly count: number; readonly hash: string };
}

/** SHA-256 over the pictures' hashes of `count` genomes (of their numbers' SHA-256) at changing stages and branches. */
export function artSweep(model: ArtModel, count: number): string {
  const all = sha256.create();
  for (let n = 0; n < count; n++) {
    const genome = sha256(utf8ToBytes(`sweep ${n}`));
    all.update(
      hexToBytes(pictureHash(drawSprite(model, { genome, stage: n % 5, branch: ((n / 5) | 0) % 5 }))),
    );
  }
  return bytesToHex(all.digest());
}

/** Draws each case: the same answers must come out on every machine and engine. */
export function artVectors(model: ArtModel, cases: readonly ArtCase[]): ArtAnswer[] {
  return cases.map(({ genome, stage, branch, frame }) => {
    const sprite = drawSprite(model, { genome: hexToBytes(genome), stage, branch }, frame);
    return {
      picture: pictureHash(sprite),
      png: bytesToHex(sha256(toPng(sprite, 4))),
      svg: bytesToHex(sha256(utf8ToBytes(toSvg(sprite)))),
    };
  });
}
