/** Metaplex Core's address, from its own client library. */
import { MPL_CORE_PROGRAM_ID } from '@metaplex-foundation/mpl-core';
import { PublicKey } from '@solana/web3.js';

export const MPL_CORE_ID = new PublicKey(MPL_CORE_PROGRAM_ID);
