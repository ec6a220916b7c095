import type { ParsedTransaction } from './transaction.ts';

export const LAMPORTS_PER_SIGNATURE = 5000;
const MAX_UNITS = 1_400_000;
const COMPUTE_BUDGET = 'ComputeBudget111111111111111111111111111111';
/** Precompiles charge for each signature that they check. */
const PRECOMPILES = new Set([
  'Ed25519SigVerify111111111111111111111111111',
  'KeccakSecp256k11111111111111111111111111111',
  'Secp256r1SigVerify1111111111111111111111111',
]);
/** Programs of the runtime itself, whose default budget is smaller (agave `builtins-default-costs`). */
const BUILTINS = new Set([
  COMPUTE_BUDGET,
  '11111111111111111111111111111111',
  'Vote111111111111111111111111111111111111111',
  'BPFLoader1111111111111111111111111111111111',
  'BPFLoader2111111111111111111111111111111111',
  'BPFLoaderUpgradeab1e11111111111111111111111',
  'LoaderV411111111111111111111111111111111111',
  'KeccakSecp256k11111111111111111111111111111',
  'Ed25519SigVerify111111111111111111111111111',
]);

/** Lamports a transaction costs its payer: signatures, plus the priority price times the units it may use. */
export function feeOf(tx: ParsedTransaction): number {
  let signatures = tx.header.signatures;
  let price = 0n;
  let limit: number | null = null;
  let budget = 0;
  for (const ix of tx.instructions) {
    const program = tx.keys[ix.programIdIndex];
    if (PRECOMPILES.has(program)) signatures += ix.data[0] ?? 0;
    budget += BUILTINS.has(program) ? 3_000 : 200_000;
    if (program !== COMPUTE_BUDGET) continue;
    const view = new DataView(ix.data.buffer, ix.data.byteOffset, ix.data.byteLength);
    if (ix.data[0] === 2 && view.byteLength >= 5) limit = view.getUint32(1, true);
    if (ix.data[0] === 3 && view.byteLength >= 9) price = view.getBigUint64(1, true);
  }
  const units = BigInt(Math.min(limit ?? budget, MAX_UNITS));
  return signatures * LAMPORTS_PER_SIGNATURE + Number((units * price + 999_999n) / 1_000_000n);
}
