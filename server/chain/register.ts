import { SystemProgram } from '@solana/web3.js';
import {
  CHRONICLE,
  decodeZone,
  registerIx,
  setOperatorIx,
  topUpIx,
  type ZoneState,
} from '../../programs/client/chronicle.ts';
import type { Chain } from './chain.ts';

/** Bytes whose rent the authority is given: somewhat more than a zone's account has. */
const ZONE_SPACE = 6_400;

/** The zone as the chronicle holds it; null where it is not registered. */
export async function readZone(chain: Chain): Promise<ZoneState | null> {
  const [data] = await chain.accounts([chain.zone]);
  return data ? decodeZone(data) : null;
}

/**
 * Registers the zone with its bond, the zone's key as its operator. A bond that was lost is only put down again on the
 * world's own ledger; elsewhere that is for people to decide.
 * @throws Error when the zone is another world's or does not stand
 */
export async function ensureZone(chain: Chain): Promise<void> {
  const { keys, zoneId, embedded } = chain.options;
  const worldSeed = chain.options.worldSeed();
  const [payer, authority, operator] = [keys.payer, keys.authority, keys.zone].map((key) => key.publicKey);
  const { zone } = chain;
  const state = await readZone(chain);
  if (!state) {
    const bond = CHRONICLE.MIN_BOND;
    const rent = await chain.connection.getMinimumBalanceForRentExemption(ZONE_SPACE);
    const lamports = bond + BigInt(rent);
    await chain.ensureFunds(Number(lamports) + 100_000_000);
    await chain.complete({
      instructions: [
        SystemProgram.transfer({ fromPubkey: payer, toPubkey: authority, lamports }),
        registerIx({ authority, zone: zoneId, worldSeed, operator, bond }),
      ],
      signers: [keys.authority],
    });
    return;
  }
  const name = `zone ${zoneId} (${zone.toBase58()})`;
  if (state.worldSeed !== worldSeed)
    throw new Error(
      `${name}: is registered for the world of seed ${state.worldSeed}, this one has ${worldSeed}`,
    );
  if (!state.operator.equals(operator))
    await chain.complete({
      instructions: [setOperatorIx({ authority, zone, operator })],
      signers: [keys.authority],
    });
  if (state.stands) return;
  const short = CHRONICLE.MIN_BOND - state.bond;
  if (embedded && short > 0n && state.leavingSince === null && state.marked.length < CHRONICLE.MAX_MARKED)
    await chain.complete({ instructions: [topUpIx({ payer, zone, lamports: short })], signers: [] });
  else throw new Error(`${name}: does not stand (bond ${state.bond} lamports, ${state.marked.length} marks)`);
}
