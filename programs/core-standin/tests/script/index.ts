/**
 * One long life of collections and assets: every instruction that the stand-in answers, and every
 * refusal. It is played on Metaplex Core's real binary to record what that does (record.ts) and on the
 * stand-in to see that it does the same.
 */
import type { PublicKey } from '@solana/web3.js';
import type { Svm } from '../../../testing/svm.ts';
import { authorising } from './authorities.ts';
import { creating } from './creating.ts';
import { refusing, transferring } from './ending.ts';
import { attributing } from './plugins.ts';
import { sharing } from './royalties.ts';
import { PEOPLE, PLACES, type Step } from './scene.ts';
import { updating } from './updating.ts';

export { UNSUPPORTED } from './ending.ts';
export { PEOPLE, PLACES, type Step } from './scene.ts';

export const SCRIPT: Step[] = [
  ...creating(),
  ...updating(),
  ...attributing(),
  ...authorising(),
  ...sharing(),
  ...transferring(),
  ...refusing(),
];

/** One step's outcome and the state of every account after it. */
export interface Record {
  name: string;
  error: null | number | string;
  accounts: { [place: string]: { lamports: string; data: string } | null };
}

/** Plays one step; all keys of PEOPLE must be funded before. */
export function play(svm: Svm, one: Step): Record {
  const { error } = svm.send(one.send, one.signers, PEOPLE.payer);
  const state = ([place, keypair]: [string, { publicKey: PublicKey }]) => {
    const stored = svm.account(keypair.publicKey);
    const seen = stored && {
      lamports: stored.lamports.toString(),
      data: Buffer.from(stored.data).toString('base64'),
    };
    return [place, seen];
  };
  return { name: one.name, error, accounts: Object.fromEntries(Object.entries(PLACES).map(state)) };
}
