import { describe, expect, it } from 'vitest';
import { writeBrainIx } from '../../client/brains.ts';
import { brainsRefusal, Court } from '../../testing/court.ts';

function write(court: Court, offset: number, bytes: Uint8Array, author = court.author) {
  const ix = writeBrainIx({ author: author.publicKey, brain: court.brain, offset, bytes });
  return brainsRefusal(court.send(ix, author));
}

describe('write', () => {
  it('can put the pieces in any order, and one again', () => {
    const court = new Court();
    court.must(court.upload(court.file, 1));
    const length = court.file.length;
    expect(write(court, length - 10, court.file.subarray(length - 10))).toBeNull();
    expect(write(court, 0, new Uint8Array(20))).toBeNull();
    expect(write(court, 0, court.file.subarray(0, 20))).toBeNull();
    const data = court.svm.account(court.brain)!.data;
    expect(data.subarray(data.length - 10)).toEqual(court.file.subarray(length - 10));
    const start = data.length - length;
    expect(data.subarray(start, start + 20)).toEqual(court.file.subarray(0, 20));
  });

  it('cannot write nothing, or beyond the file', () => {
    const court = new Court();
    court.must(court.upload(court.file, 1));
    const before = court.everything();
    const { length } = court.file;
    expect(write(court, 0, new Uint8Array(0))).toBe('WriteRange');
    expect(write(court, length, new Uint8Array(1))).toBe('WriteRange');
    expect(write(court, length - 1, new Uint8Array(2))).toBe('WriteRange');
    expect(write(court, 0xffffffff, new Uint8Array(2))).toBe('WriteRange');
    expect(court.everything()).toEqual(before);
  });

  it('cannot by another than the author', () => {
    const court = new Court();
    court.must(court.upload(court.file, 1));
    expect(write(court, 0, court.file.subarray(0, 9), court.stranger)).toBe('WrongAuthor');
    const ix = writeBrainIx({
      author: court.author.publicKey,
      brain: court.brain,
      offset: 0,
      bytes: new Uint8Array(1),
    });
    ix.keys[0].isSigner = false;
    expect(brainsRefusal(court.send(ix))).toBe('MissingRequiredSignature');
  });

  it('cannot once the brain is sealed', () => {
    const court = Court.sitting();
    const before = court.everything();
    expect(write(court, 0, court.file.subarray(0, 9))).toBe('Sealed');
    expect(court.everything()).toEqual(before);
  });

  it('cannot into an account that is no brain', () => {
    const court = Court.sitting();
    const ix = writeBrainIx({
      author: court.author.publicKey,
      brain: court.zone,
      offset: 0,
      bytes: new Uint8Array(1),
    });
    expect(brainsRefusal(court.send(ix, court.author))).not.toBeNull();
  });
});
