import { brainId } from '#shared/brain/file.ts';
import {
  brainAddress,
  brainSpace,
  decodeBrainAccount,
  uploadBrain,
  WRITE_BYTES,
} from '../../programs/client/brains.ts';
import { reason } from '../log.ts';
import { type Chain, pause } from './chain.ts';

/** Writes on their way at once: few, for the world's clock runs on the ledger's thread. */
const AT_ONCE = 4;

const LICENCE = 'MIT';

/**
 * Puts a brain file on chain and seals it, going on from whatever is there; a sealed brain is left alone. Doing it
 * again, or being killed in the middle, changes nothing: every step is decided by what the account holds.
 * @throws Error when the chain cannot be reached or refuses
 */
export async function ensureBrain(chain: Chain, file: Uint8Array): Promise<void> {
  const { keys } = chain.options;
  const author = keys.authority.publicKey;
  const payer = keys.payer.publicKey;
  const id = brainId(file);
  const address = brainAddress(author, id);
  const read = async (): Promise<Buffer | null> => (await chain.accounts([address]))[0];
  const signers = [keys.authority];

  let account = await read();
  if (account && decodeBrainAccount(account).sealed) return;
  const lamports = await chain.connection.getMinimumBalanceForRentExemption(brainSpace(file));
  const steps = uploadBrain({ payer, author, file, lamports, licence: LICENCE });
  const [create, seal] = [steps[0], steps[steps.length - 1]];
  if (!account) {
    await chain.ensureFunds(lamports + 100_000_000);
    await chain.complete({ instructions: create, signers });
    account = await read();
  }
  if (!account) throw new Error(`brain ${id}: its account was not made`);
  const start = account.length - file.length;
  const isMissing = (held: Buffer) => (_: unknown, piece: number) => {
    const [from, to] = [piece * WRITE_BYTES, Math.min(file.length, (piece + 1) * WRITE_BYTES)];
    return !held.subarray(start + from, start + to).equals(file.subarray(from, to));
  };
  const missing = steps.slice(1, -1).filter(isMissing(account));
  for (let at = 0; at < missing.length; at += AT_ONCE)
    await Promise.all(
      missing.slice(at, at + AT_ONCE).map((instructions) => chain.complete({ instructions, signers })),
    );
  await chain.complete({ instructions: seal, signers });
  const sealed = await read();
  if (!sealed || !decodeBrainAccount(sealed).sealed) throw new Error(`brain ${id}: was not sealed`);
  chain.options.log(`brain ${id}: sealed at ${address.toBase58()}`);
}

/** Puts brains on chain one after the other, each as often as it takes. */
export async function ensureBrains(
  chain: Chain,
  files: Iterable<Uint8Array>,
  stopped: () => boolean,
): Promise<void> {
  for (const file of files) {
    for (let wait = 1000; !stopped(); wait = Math.min(60_000, wait * 2)) {
      try {
        await ensureBrain(chain, file);
        break;
      } catch (error) {
        chain.options.log(`brain ${brainId(file)}: ${reason(error)}`);
      }
      await pause(wait);
    }
  }
}
