import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import type { ArtModel } from './model.ts';
import { pictureHash, toPng, toSvg } from './picture.ts';
import { drawSprite } from './sprite.ts';

/** A case of `assets/vectors/art.json`: hashes are SHA-256, 64 hex digits. */
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
