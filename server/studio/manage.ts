import { LAMPORTS_PER_SOL, type PublicKey } from '@solana/web3.js';
import { checkRule, GrowthRuleError } from '#shared/growth/index.ts';
import type { StudioManage } from '#shared/protocol/index.ts';
import {
  acceptAuthorityIx,
  type Config,
  proposeAuthorityIx,
  setDailyCapIx,
  setMinterIx,
  setModelIx,
  setPausedIx,
  setPriceIx,
  setRoyaltiesIx,
  setRuleIx,
  setSupplyIx,
} from '../../programs/client/index.ts';
import { keyOf } from '../base58.ts';
import type { Chain } from '../chain/chain.ts';
import { Refusal } from '../refusal.ts';
import type { Plan } from './steps.ts';

const sol = (lamports: number): string => `${lamports / LAMPORTS_PER_SOL} SOL`;

/** @throws Refusal saying why it is none, in the words of shared/growth */
export function requireRule(rule: Parameters<typeof checkRule>[0]): void {
  try {
    checkRule(rule);
  } catch (error) {
    if (error instanceof GrowthRuleError)
      throw new Refusal(400, 'rule', error.message.replace(/^rule: /, ''));
    throw error;
  }
}

/**
 * What a collection's authority wants changed, as a transaction of theirs. What the chain would refuse for reasons of
 * its own is told by the step; what cannot be asked for is refused here.
 * @throws Refusal
 */
export function managePlan(
  chain: Chain,
  collection: PublicKey,
  wallet: PublicKey,
  { authority, proposed, treasury, supply, minted }: Config,
  wish: StudioManage,
): Plan {
  const isOwn = authority.equals(wallet);
  if (wish.do === 'accept') {
    if (!proposed?.equals(wallet))
      throw new Refusal(403, 'do', 'the collection was not offered to your wallet');
    const instructions = () => [acceptAuthorityIx({ proposed: wallet, collection })];
    return {
      kind: 'accept',
      what: 'Takes the collection over: from then on it is yours to manage.',
      instructions,
    };
  }
  if (!isOwn)
    throw new Refusal(403, 'collection', `is managed by ${authority.toBase58()}, not by your wallet`);
  const by = { authority: wallet, collection };
  const plan = (what: string, instructions: Plan['instructions']): Plan => ({
    kind: wish.do,
    what,
    instructions,
  });
  switch (wish.do) {
    case 'pause':
    case 'resume': {
      const paused = wish.do === 'pause';
      const what = paused
        ? 'Pauses the collection: nobody mints or evolves in it.'
        : 'Opens the collection again.';
      return plan(what, () => [setPausedIx({ ...by, paused })]);
    }
    case 'dailyCap': {
      const { dailyCap } = wish;
      const what = dailyCap
        ? `Lets each symbiont evolve ${dailyCap} times a day at most.`
        : 'Lets symbionts evolve as often as they earn it.';
      return plan(what, () => [setDailyCapIx({ ...by, dailyCap })]);
    }
    case 'supply': {
      if (wish.supply < minted)
        throw new Refusal(409, 'supply', `must be at least ${minted}: so many are minted already`);
      if (wish.supply === 0 ? supply > 0 : supply > 0 && wish.supply > supply)
        throw new Refusal(409, 'supply', `can only become less than ${supply}`);
      return plan(`Lowers the most that will ever be minted to ${wish.supply}.`, () => [
        setSupplyIx({ ...by, supply: wish.supply }),
      ]);
    }
    case 'price': {
      const { price } = wish;
      const to = wish.treasury === undefined ? (treasury ?? wallet) : keyOf('treasury', wish.treasury);
      const what = price
        ? `Asks ${sol(price)} for a mint, paid to ${to.toBase58()}.`
        : 'Lets people mint for rent alone.';
      return plan(what, () => [setPriceIx({ ...by, price: BigInt(price), treasury: to })]);
    }
    case 'royalties': {
      const { basisPoints, shares } = wish.royalties;
      const people = shares.map((one, i) => ({
        address: keyOf(`royalties.shares.${i}.address`, one.address),
        percentage: one.percentage,
      }));
      return plan(`Sets royalties of ${basisPoints / 100} % for ${people.length} people.`, (payer) => [
        setRoyaltiesIx({ ...by, payer, basisPoints, shares: people }),
      ]);
    }
    case 'minter': {
      const minter =
        wish.minter === 'world'
          ? chain.options.keys.zone.publicKey
          : wish.minter === null
            ? null
            : keyOf('minter', wish.minter);
      const who = wish.minter === 'world' ? 'this world' : minter?.toBase58();
      const what = minter ? `Lets ${who} mint besides you.` : 'Lets nobody mint but you.';
      return plan(what, () => [setMinterIx({ ...by, minter })]);
    }
    case 'propose': {
      const to = wish.to === null ? null : keyOf('to', wish.to);
      const what = to
        ? `Offers the collection to ${to.toBase58()}; it stays yours until they accept.`
        : 'Takes the offer of the collection back.';
      return plan(what, () => [proposeAuthorityIx({ ...by, proposed: to })]);
    }
    case 'rule':
      requireRule(wish.rule);
      return plan('Replaces the rule of growth; from the first mint on it is fixed.', () => [
        setRuleIx({ ...by, rule: wish.rule }),
      ]);
    case 'model': {
      const model = wish.model === null ? null : Uint8Array.from(Buffer.from(wish.model, 'hex'));
      return plan('Names another art model; from the first mint on it is fixed.', () => [
        setModelIx({ ...by, model }),
      ]);
    }
  }
}
