import type { StudioDraft } from '#shared/protocol/index.ts';
import { Refusal } from '../refusal.ts';

export const NAME = () =>
  new Refusal(409, 'name', 'another collection bears it, or is just being made under it');
export const FIXED = () =>
  new Refusal(409, 'state', 'the chain holds it, or a transaction of it is on its way: it stays as it is');
export const UNKNOWN = () => new Refusal(404, 'address', 'you have no such collection here');

const ZEROS = [0, 0, 0, 0, 0, 0, 0, 0];
/** What nothing is known of. */
export const EMPTY: StudioDraft = {
  name: '',
  symbol: 'SYMB',
  description: '',
  traits: null,
  model: null,
  licence: 'NONE',
  rule: { steps: [], branchStage: 0, branches: [ZEROS, ZEROS, ZEROS, ZEROS] },
  supply: 0,
  price: 0,
  treasury: null,
  royalties: null,
  dailyCap: 0,
};
