import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { ComputeBudgetProgram, SystemProgram, type TransactionInstruction } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrainFileError, decodeBrain, type Network, NetworkError } from '#shared/brain/index.ts';
import {
  BRAIN_HEADER_BYTES,
  BRAINS_ID,
  brainAddress,
  createBrainIx,
  packedBytes,
  packNetwork,
  sealBrainIx,
  WRITE_BYTES,
  writeBrainIx,
} from '../../client/brains.ts';
import { brainFile, brainsRefusal, Court } from '../../testing/court.ts';
import { networkOf, VECTORS, vectorNetwork } from '../../testing/vectors.ts';

const units = ComputeBudgetProgram.setComputeUnitLimit({ units: 1_400_000 });

/** The area behind the header that a file wants; a text that cannot be read gets room for itself. */
function areaOf(file: Uint8Array): number {
  try {
    return Math.max(packedBytes(decodeBrain(file).network.layers), file.length);
  } catch {
    return Math.max(packedBytes(small.layers), file.length);
  }
}

/** Uploads any bytes under their own hash and seals them: the file is the attacker's to choose. */
function seal(court: Court, file: Uint8Array, area = areaOf(file)) {
  const author = court.author.publicKey;
  const id = sha256(file);
  const seed = bytesToHex(id).slice(0, 32);
  const brain = brainAddress(author, bytesToHex(id));
  const place = { accountPubkey: brain, basePubkey: author, seed, programId: BRAINS_ID };
  const lamports = Number(court.svm.svm.minimumBalanceForRentExemption(BigInt(BRAIN_HEADER_BYTES + area)));
  const steps: TransactionInstruction[][] = [
    [
      SystemProgram.transfer({ fromPubkey: court.svm.payer.publicKey, toPubkey: brain, lamports }),
      SystemProgram.allocate({ ...place, space: BRAIN_HEADER_BYTES + area }),
      createBrainIx({ author, brain, id, fileBytes: file.length, licence: 'MIT' }),
    ],
  ];
  for (let offset = 0; offset < file.length; offset += WRITE_BYTES) {
    steps.push([writeBrainIx({ author, brain, offset, bytes: file.subarray(offset, offset + WRITE_BYTES) })]);
  }
  for (const step of steps) court.must(court.send(step, court.author));
  return { brain, refused: brainsRefusal(court.send([units, sealBrainIx({ author, brain })], court.author)) };
}

const small = vectorNetwork('three actions');
const text = (file: Uint8Array): string => Buffer.from(file).toString('latin1');
const bytesOf = (from: string): Uint8Array => Uint8Array.from(Buffer.from(from, 'latin1'));
/** Replaces a piece of the header by one as long. */
function replaced(file: Uint8Array, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error(`${from} and ${to} differ in length`);
  const before = text(file);
  if (!before.includes(from)) throw new Error(`no ${from} in the file`);
  return bytesOf(before.replace(from, to));
}

describe('seal', () => {
  it('can pack every network of the vectors just as the twin in TypeScript does', () => {
    const court = new Court();
    for (const vector of VECTORS.networks) {
      const network = networkOf(vector);
      const { brain, refused } = seal(court, brainFile(network, { of: vector.name }));
      expect(refused).toBeNull();
      const { data } = court.svm.account(brain)!;
      const packed = packNetwork(network);
      expect(data.subarray(BRAIN_HEADER_BYTES, BRAIN_HEADER_BYTES + packed.length)).toEqual(packed);
      const state = court.readBrain(brain);
      expect(state.sealed).toBe(true);
      expect(state.layers).toEqual(
        vector.layers.map(({ inputs, outputs, shift }) => ({ inputs, outputs, shift })),
      );
      expect(state.weightsHash).toBe(decodeBrain(brainFile(network)).manifest.weightsHash);
    }
  }, 60_000);

  it.each(['forager', 'raider'])('can seal the project’s own %s', (name) => {
    const court = new Court();
    const file = readFileSync(new URL(`../../../assets/brains/${name}.safetensors`, import.meta.url));
    const { brain, refused } = seal(court, Uint8Array.from(file));
    expect(refused).toBeNull();
    const packed = packNetwork(decodeBrain(Uint8Array.from(file)).network);
    const { data } = court.svm.account(brain)!;
    expect(data.subarray(BRAIN_HEADER_BYTES, BRAIN_HEADER_BYTES + packed.length)).toEqual(packed);
  });

  it('can read names and provenance with everything that JSON escapes', () => {
    const court = new Court();
    const provenance = {
      '"}]\\': ['\\"', '}}', { layers: [{ inputs: 1, outputs: 1, shift: 0 }] }],
      'ü\n': '"}"}',
    };
    expect(seal(court, brainFile(small, provenance)).refused).toBeNull();
  });

  it('cannot by another than the author, nor twice', () => {
    const court = new Court();
    court.must(court.upload(court.file, Math.ceil(court.file.length / WRITE_BYTES) + 1));
    const by = (signer = court.author) =>
      brainsRefusal(
        court.send([units, sealBrainIx({ author: signer.publicKey, brain: court.brain })], signer),
      );
    expect(by(court.stranger)).toBe('WrongAuthor');
    expect(by()).toBeNull();
    const before = court.everything();
    expect(by()).toBe('Sealed');
    expect(court.everything()).toEqual(before);
  });

  it('cannot with a byte missing or changed', () => {
    const court = new Court();
    court.must(court.upload(court.file, Math.ceil(court.file.length / WRITE_BYTES)));
    const ix = sealBrainIx({ author: court.author.publicKey, brain: court.brain });
    expect(brainsRefusal(court.send([units, ix], court.author))).toBe('WrongId');
  });

  it('cannot in an account of another size', () => {
    const court = new Court();
    for (const more of [1, 8, 1000]) {
      const file = brainFile(small, { more });
      expect(seal(court, file, areaOf(file) + more).refused).toBe('AccountSize');
    }
    const tight = vectorNetwork('standard');
    const file = brainFile(tight);
    expect(packedBytes(tight.layers)).toBeGreaterThan(file.length);
    expect(seal(court, file, packedBytes(tight.layers) - 8).refused).toBe('AccountSize');
  });

  it('cannot with weights that are not those of the manifest', () => {
    const court = new Court();
    const file = brainFile(small);
    file[file.length - 1] ^= 1;
    expect(seal(court, file).refused).toBe('WrongWeightsHash');
  });

  it('cannot with a bias beyond 2^30', () => {
    const court = new Court();
    for (const bias of [2 ** 30 + 1, -(2 ** 30) - 1, -(2 ** 31)]) {
      const file = brainFile(small);
      const { weightsHash } = decodeBrain(file).manifest;
      const data = file.length - (4 * 10 + 21 + 21);
      new DataView(file.buffer, file.byteOffset).setInt32(data, bias, true);
      expect(seal(court, replaced(file, weightsHash, bytesToHex(sha256(file.subarray(data))))).refused).toBe(
        'Bias',
      );
    }
  });

  it('cannot with shapes outside the limits or that do not join', () => {
    const court = new Court();
    const file = brainFile(small);
    // the manifest's shapes; the tensor table is checked after them
    for (const [from, to] of [
      ['\\"inputs\\":3,', '\\"inputs\\":0,'],
      ['\\"outputs\\":7,', '\\"outputs\\":6,'],
      ['\\"actions\\":3,', '\\"actions\\":4,'],
    ]) {
      expect(seal(court, replaced(file, from, to)).refused, to).toBe('Shape');
    }
    const wide = brainFile(vectorNetwork('just above a vector'));
    expect(seal(court, replaced(wide, '\\"shift\\":7}]', '\\"shift\\":7 ]')).refused).toBe('FileText');
    expect(seal(court, replaced(wide, '\\"outputs\\":13,', '\\"outputs\\":17,')).refused).toBe('Shape');
  });

  it('cannot with a text that could be understood in two ways', () => {
    const court = new Court();
    const file = brainFile(small, { note: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' });
    for (const [from, to] of [
      // a second key `layers` behind the provenance
      [
        '{\\"note\\":\\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\"}}',
        '{\\"n\\":\\"xxxxxxxxxxxxxxx\\"},\\"layers\\":[]              }}',
      ],
      // the manifest ends early
      ['xxxxxxxxxxx', 'xxx"}xxxxxx'],
      ['symbiont-brain', 'symbiont-brane'],
      ['formatVersion\\":1', 'formatVersion\\":2'],
      ['"layer0.bias"', '"layer1.bias"'],
      ['"shape":[7,3]', '"shape":[3,7]'],
      ['"I32"', '"U32"'],
      ['"data_offsets":[0,28]', '"data_offsets":[1,28]'],
      ['\\"shift\\":2}', '\\"shift\\":02'],
    ]) {
      const found = seal(court, replaced(file, from, to.padEnd(from.length))).refused;
      expect(['FileText', 'Shape'], to).toContain(found);
    }
  });

  it('cannot with a length that is not the file’s', () => {
    const court = new Court();
    const file = brainFile(small);
    expect(seal(court, file.subarray(0, file.length - 1)).refused).toBe('FileLength');
    const longer = new Uint8Array(file.length + 1);
    longer.set(file);
    expect(seal(court, longer).refused).toBe('FileLength');
    for (const length of [0n, 7n, BigInt(file.length), 2n ** 32n + 8n, 2n ** 64n - 1n, 2n ** 64n - 8n]) {
      const wrong = file.slice();
      new DataView(wrong.buffer).setBigUint64(0, length, true);
      expect(seal(court, wrong).refused).toBe('FileText');
    }
    expect(seal(court, new Uint8Array(7)).refused).toBe('FileText');
  });

  it('never takes a file for another network than the decoder does', () => {
    const court = new Court();
    const base = brainFile(small, { a: ['{', 1], layers: '"layers"' });
    const header = Number(new DataView(base.buffer).getBigUint64(0, true)) + 8;
    const alphabet = [...'{}[]",:\\0127 lasr'].map((one) => one.charCodeAt(0));
    const change = fc.tuple(fc.nat(header - 9), fc.constantFrom(...alphabet));
    let sealed = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const file = base.slice();
        for (const [at, byte] of changes) file[8 + at] = byte;
        const id = bytesToHex(sha256(file));
        if (court.svm.account(brainAddress(court.author.publicKey, id))) return;
        const { brain, refused } = seal(court, file);
        if (refused !== null) {
          expect(typeof refused).toBe('string');
          expect(refused).toMatch(/^(FileText|Shape|WrongWeightsHash|AccountSize|FileLength)$/);
          return;
        }
        sealed++;
        let network: Network;
        try {
          network = decodeBrain(file).network;
        } catch (error) {
          // refused elsewhere: nobody decides with it
          if (error instanceof BrainFileError || error instanceof NetworkError) return;
          throw error;
        }
        const packed = packNetwork(network);
        const { data } = court.svm.account(brain)!;
        expect(data.subarray(BRAIN_HEADER_BYTES, BRAIN_HEADER_BYTES + packed.length)).toEqual(packed);
      }),
      { numRuns: 150, seed: 4 },
    );
    // names and provenance can change without harm
    expect(sealed).toBeGreaterThan(3);
  }, 60_000);
});
