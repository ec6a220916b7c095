import { TransactionInstruction } from '@solana/web3.js';
import type { Ground } from './ground.ts';

/** One thing about an instruction made otherwise, as an attacker or a fault could. Signatures are not forged. */
export function mutate(ground: Ground, one: TransactionInstruction): TransactionInstruction {
  const { random } = ground;
  const keys = one.keys.map((meta) => ({ ...meta }));
  let data = Buffer.from(one.data);
  const meta = keys.length > 0 ? random.pick(keys) : null;
  switch (random.below(7)) {
    case 0:
    case 1:
      if (meta) meta.pubkey = random.pick(ground.pool);
      break;
    case 2:
      if (meta) meta.isSigner = !meta.isSigner;
      break;
    case 3:
      if (meta) meta.isWritable = !meta.isWritable;
      break;
    case 4:
      data = data.subarray(0, random.below(data.length + 1));
      break;
    case 5:
      if (data.length > 0) data[random.below(data.length)] ^= 1 << random.below(8);
      break;
    default:
      if (meta) [meta.pubkey, keys[0].pubkey] = [keys[0].pubkey, meta.pubkey];
  }
  return new TransactionInstruction({ programId: one.programId, keys, data });
}
