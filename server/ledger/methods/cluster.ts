import { decodeWire } from '../encoding.ts';
import { feeOf } from '../fees.ts';
import { address, contextSlot } from '../params.ts';
import { invalidParams } from '../rpcError.ts';
import { BLOCKHASH_AGE, SLOTS_PER_EPOCH } from '../slots.ts';
import { MAX_TRANSACTION_BYTES, parseTransaction, TransactionFormatError } from '../transaction.ts';
import { API_VERSION, type Method, withContext } from './context.ts';

const slotOf: Method = {
  params: 1,
  call: ({ chain }, params) => contextSlot(chain.clock, params.config(0)),
};
const nothing = (call: Method['call']): Method => ({ params: 1, call });
const MAX_FEE_ACCOUNTS = 128;

/** Every slot has a block here, so that slot and block height are one number. */
export const clusterMethods: { [name: string]: Method } = {
  getSlot: slotOf,
  getBlockHeight: slotOf,
  getHealth: nothing(() => 'ok'),
  getVersion: nothing(() => ({ 'solana-core': API_VERSION, 'feature-set': 0 })),
  getIdentity: nothing(({ identity }) => ({ identity })),
  getSlotLeader: nothing(({ identity }) => identity),
  getGenesisHash: nothing(({ genesisHash }) => genesisHash),
  getFirstAvailableBlock: nothing(() => 0),
  minimumLedgerSlot: nothing(() => 0),
  getTransactionCount: nothing(({ chain }) => chain.seq),

  getEpochInfo: {
    params: 1,
    call: ({ chain }, params) => {
      const slot = contextSlot(chain.clock, params.config(0));
      return {
        absoluteSlot: slot,
        blockHeight: slot,
        epoch: Math.floor(slot / SLOTS_PER_EPOCH),
        slotIndex: slot % SLOTS_PER_EPOCH,
        slotsInEpoch: SLOTS_PER_EPOCH,
        transactionCount: chain.seq,
      };
    },
  },

  getEpochSchedule: nothing(() => ({
    firstNormalEpoch: 0,
    firstNormalSlot: 0,
    leaderScheduleSlotOffset: SLOTS_PER_EPOCH,
    slotsPerEpoch: SLOTS_PER_EPOCH,
    warmup: false,
  })),

  getLatestBlockhash: {
    params: 1,
    call: ({ chain }, params) => {
      const slot = contextSlot(chain.clock, params.config(0));
      return withContext(slot, {
        blockhash: chain.clock.blockhash(slot),
        lastValidBlockHeight: slot + BLOCKHASH_AGE,
      });
    },
  },

  isBlockhashValid: {
    params: 2,
    call: ({ chain }, params) => {
      const hash = params.address(0, 'blockhash');
      return withContext(contextSlot(chain.clock, params.config(1)), chain.clock.isValid(hash));
    },
  },

  getBlockTime: {
    params: 1,
    call: ({ chain }, params) => {
      const slot = params.integer(0, 'slot', Number.MAX_SAFE_INTEGER);
      return slot <= chain.clock.slot ? chain.clock.time(slot) : null;
    },
  },

  getRecentPrioritizationFees: {
    params: 1,
    call: ({ chain }, params) => {
      if (params.list.length > 0) {
        for (const key of params.array(0, 'pubkeys', MAX_FEE_ACCOUNTS)) address(key, 'pubkeys');
      }
      // Nobody waits for room in a block here, so no slot ever asked a price.
      return [{ prioritizationFee: 0, slot: chain.clock.slot }];
    },
  },

  getFeeForMessage: {
    params: 2,
    call: ({ chain }, params) => {
      const slot = contextSlot(chain.clock, params.config(1));
      const message = decodeWire(
        params.string(0, 'message', 4096),
        'base64',
        'base64',
        MAX_TRANSACTION_BYTES,
      );
      const header = message[0] >= 0x80 ? message[1] : message[0];
      // An unsigned transaction around the message lets one parser read both.
      if (message.length === 0 || header > 12) throw invalidParams('failed to deserialize message: header');
      const bytes = Buffer.concat([Buffer.from([header]), Buffer.alloc(64 * header), message]);
      try {
        const tx = parseTransaction(bytes);
        return withContext(slot, chain.clock.isValid(tx.blockhash) ? feeOf(tx) : null);
      } catch (error) {
        if (error instanceof TransactionFormatError) {
          throw invalidParams(`failed to deserialize message: ${error.message}`);
        }
        throw error;
      }
    },
  },
};
