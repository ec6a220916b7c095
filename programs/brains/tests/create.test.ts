import { hexToBytes } from '@noble/hashes/utils';
import { describe, expect, it } from 'vitest';
import { brainId } from '#shared/brain/index.ts';
import { allocateBrainIxs, createBrainIx, MAX_FILE_BYTES } from '../../client/brains.ts';
import { brainsRefusal, Court } from '../../testing/court.ts';

type Over = Partial<Parameters<typeof createBrainIx>[0]>;

function create(court: Court, over: Over = {}, signer = court.author) {
  const id = hexToBytes(brainId(court.file));
  const given = { author: court.author.publicKey, brain: court.brain, id, fileBytes: court.file.length };
  return createBrainIx({ ...given, licence: 'MIT', ...over, author: over.author ?? signer.publicKey });
}

function allocated(): Court {
  const court = new Court();
  court.must(court.send(allocateBrainIxs(court.uploadArgs(court.file)), court.author));
  return court;
}

describe('create', () => {
  it('can begin a brain with where it came from, its licence and its price', () => {
    const court = allocated();
    const [parent, trainingRoot] = [new Uint8Array(32).fill(4), new Uint8Array(32).fill(5)];
    const ix = create(court, { parent, trainingRoot, licence: 'GPL-3.0-or-later', price: 2n ** 60n });
    expect(brainsRefusal(court.send(ix, court.author))).toBeNull();
    expect(court.readBrain()).toEqual({
      author: court.author.publicKey,
      id: brainId(court.file),
      parent: '04'.repeat(32),
      trainingRoot: '05'.repeat(32),
      weightsHash: '00'.repeat(32),
      licence: 'GPL-3.0-or-later',
      price: 2n ** 60n,
      fileBytes: court.file.length,
      sealed: false,
      layers: [],
    });
  });

  it('can be made although somebody paid into the place before', () => {
    const court = new Court();
    court.svm.svm.airdrop(court.brain.toBase58() as never, 1_000_000n as never);
    expect(brainsRefusal(court.upload())).toBeNull();
    expect(court.readBrain().sealed).toBe(true);
  });

  it('cannot without the author', () => {
    const court = allocated();
    const ix = create(court);
    ix.keys[0].isSigner = false;
    expect(brainsRefusal(court.send(ix))).toBe('MissingRequiredSignature');
  });

  it('cannot a second time', () => {
    const court = allocated();
    court.must(court.send(create(court), court.author));
    const before = court.everything();
    expect(brainsRefusal(court.send(create(court, {}, court.stranger), court.stranger))).not.toBeNull();
    expect(brainsRefusal(court.send(create(court, { price: 9n }), court.author))).not.toBeNull();
    expect(court.everything()).toEqual(before);
  });

  it('cannot in an account of another program', () => {
    const court = new Court();
    court.must(court.register());
    for (const brain of [court.stranger.publicKey, court.zone]) {
      expect(brainsRefusal(court.send(create(court, { brain }), court.author))).not.toBeNull();
    }
  });

  it('cannot with a length of 0, above the limit, or beyond the account', () => {
    const court = allocated();
    for (const fileBytes of [
      0,
      court.svm.account(court.brain)!.data.length,
      MAX_FILE_BYTES + 1,
      0xffffffff,
    ]) {
      expect(brainsRefusal(court.send(create(court, { fileBytes }), court.author))).toBe('FileBytes');
    }
  });

  it('cannot with a licence that is no text', () => {
    const court = allocated();
    for (const licence of ['two words', 'tab\t', 'é', '\0MIT', 'a\0b']) {
      expect(brainsRefusal(court.send(create(court, { licence }), court.author))).toBe('Licence');
    }
    expect(() => create(court, { licence: '' })).toThrow('licence: must be 1 to 24 bytes');
    expect(() => create(court, { licence: 'x'.repeat(25) })).toThrow('licence: must be 1 to 24 bytes');
  });

  it('cannot as its own parent', () => {
    const court = allocated();
    const parent = hexToBytes(brainId(court.file));
    expect(brainsRefusal(court.send(create(court, { parent }), court.author))).toBe('OwnParent');
  });
});
