import { SystemProgram } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { closeBrainIx, uploadBrain } from '../../client/brains.ts';
import { brainsRefusal, Court } from '../../testing/court.ts';

const close = (court: Court, author = court.author) =>
  closeBrainIx({ author: author.publicKey, brain: court.brain });

describe('close', () => {
  it('can give up an unsealed brain and its rent, and begin it again', () => {
    const court = new Court();
    court.must(court.upload(court.file, 3));
    const rent = court.lamports(court.brain);
    const before = court.lamports(court.author.publicKey);
    expect(brainsRefusal(court.send(close(court), court.author))).toBeNull();
    expect(court.svm.account(court.brain)).toBeNull();
    expect(court.lamports(court.author.publicKey) - before).toBe(rent);
    expect(brainsRefusal(court.upload())).toBeNull();
  });

  it('cannot by another', () => {
    const court = new Court();
    court.must(court.upload(court.file, 2));
    const before = court.everything();
    expect(brainsRefusal(court.send(close(court, court.stranger), court.stranger))).toBe('WrongAuthor');
    expect(court.everything()).toEqual(before);
  });

  it('cannot once it is sealed', () => {
    const court = Court.sitting();
    const before = court.everything();
    expect(brainsRefusal(court.send(close(court), court.author))).toBe('Sealed');
    expect(court.everything()).toEqual(before);
  });

  it('leaves nothing behind that is kept alive within the transaction', () => {
    const court = new Court();
    court.must(court.upload(court.file, 2));
    const pay = SystemProgram.transfer({
      fromPubkey: court.svm.payer.publicKey,
      toPubkey: court.brain,
      lamports: 10_000_000,
    });
    court.must(court.send([close(court), pay], court.author));
    const left = court.svm.account(court.brain)!;
    expect(left.owner).toEqual(SystemProgram.programId);
    expect(left.data.length).toBe(0);
    const [, firstWrite] = uploadBrain(court.uploadArgs(court.file));
    expect(brainsRefusal(court.send(firstWrite, court.author))).not.toBeNull();
  });
});
