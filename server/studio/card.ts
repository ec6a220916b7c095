import { utf8ToBytes } from '@noble/hashes/utils';
import { type PublicKey, SystemProgram, type TransactionInstruction } from '@solana/web3.js';
import type { StudioModel } from '#shared/protocol/studio.ts';
import {
  BRAIN_HEADER_BYTES,
  BRAINS_ID,
  brainAddress,
  createBrainIx,
  decodeBrainAccount,
  writeBrainIx,
} from '../../programs/client/brains.ts';

/** What of an art model goes on chain: who made it, from what, and where its file lies. */
export interface ModelCard extends Omit<StudioModel, 'created'> {
  licence: string;
  /** Where the file can be had; its hash is its id. */
  uri: string;
}

/**
 * The card's bytes. The network of an art model is larger than what the program can run, so that the account holds
 * this in the file's place and is never sealed; the id is the file's hash all the same.
 */
function cardBytes({ name, bytes, size, uri }: ModelCard): Uint8Array {
  return utf8ToBytes(JSON.stringify({ format: 'symbiont-art-card', role: 'art', name, bytes, size, uri }));
}

/** Registers a model in its creator's name: the account that holds its card. `payer` and `author` sign. */
export function registerIxs(
  payer: PublicKey,
  author: PublicKey,
  card: ModelCard,
  rent: number,
): TransactionInstruction[] {
  const bytes = cardBytes(card);
  const brain = brainAddress(author, card.id);
  const place = {
    accountPubkey: brain,
    basePubkey: author,
    seed: card.id.slice(0, 32),
    programId: BRAINS_ID,
  };
  const hex = (text: string | null) =>
    text === null ? undefined : Uint8Array.from(Buffer.from(text, 'hex'));
  return [
    SystemProgram.transfer({ fromPubkey: payer, toPubkey: brain, lamports: rent }),
    SystemProgram.allocate({ ...place, space: cardSpace(card) }),
    createBrainIx({
      author,
      brain,
      id: Uint8Array.from(Buffer.from(card.id, 'hex')),
      fileBytes: bytes.length,
      parent: hex(card.parent),
      trainingRoot: hex(card.trainingRoot),
      licence: card.licence,
    }),
    writeBrainIx({ author, brain, offset: 0, bytes }),
  ];
}

export const cardSpace = (card: ModelCard): number => BRAIN_HEADER_BYTES + cardBytes(card).length;

/** Whether this account registers the model. */
export function isRegistered(account: Buffer | null, id: string): boolean {
  if (!account) return false;
  try {
    return decodeBrainAccount(account).id === id;
  } catch {
    return false;
  }
}
