import { h } from '#client/hud/dom.ts';
import type { StudioCollection, StudioManage } from '#shared/protocol/studio.ts';
import type { Release } from './release.ts';
import { LAMPORTS, sol } from './toServer.ts';

/** What the authority of a collection may change once it is on chain: one signature each. */
export function managing(release: Release, { onChain }: StudioCollection): HTMLElement {
  if (!onChain) return h('div', {});
  const me = release.address;
  const ask = (wish: StudioManage) => void release.manage(wish);
  const button = (text: string, wish: () => StudioManage | null) =>
    h(
      'button',
      {
        class: 'quiet',
        disabled: release.busy,
        onclick: () => {
          const said = wish();
          if (said) ask(said);
        },
      },
      text,
    );
  const field = (label: string, value: string, step = '1') =>
    h('input', { type: 'number', min: '0', step, value, 'aria-label': label });
  const [cap, supply] = [
    field('Evolutions a day', String(onChain.dailyCap)),
    field('Supply', String(onChain.supply)),
  ];
  const price = field('Price in SOL', String(onChain.price / LAMPORTS), '0.001');
  const heir = h('input', { placeholder: 'address of the new owner', 'aria-label': 'To whom' });
  const row = (name: string, now: string, ...parts: HTMLElement[]) =>
    h('li', {}, h('b', {}, name), h('span', {}, now), h('span', { class: 'row' }, ...parts));
  const number = (input: HTMLInputElement, least = 0) =>
    Number.isFinite(input.valueAsNumber) && input.valueAsNumber >= least ? input.valueAsNumber : null;

  if (onChain.proposed === me && onChain.authority !== me)
    return h(
      'section',
      { class: 'card' },
      h('h2', {}, 'It is offered to you'),
      button('Take it over', () => ({ do: 'accept' })),
    );
  if (onChain.authority !== me)
    return h(
      'section',
      { class: 'card' },
      h('p', {}, `It belongs to ${onChain.authority}; only they can change it.`),
    );
  return h(
    'details',
    { class: 'card manage' },
    h('summary', {}, 'Manage'),
    h(
      'ul',
      {},
      row(
        'Minting',
        onChain.paused ? 'paused' : 'open',
        onChain.paused
          ? button('Resume', () => ({ do: 'resume' }))
          : button('Pause', () => ({ do: 'pause' })),
      ),
      row(
        'Supply',
        onChain.supply === 0 ? 'no limit' : `${onChain.minted} of ${onChain.supply}`,
        supply,
        button('Lower', () => {
          const value = number(supply, 1);
          return value === null ? null : { do: 'supply', supply: value };
        }),
      ),
      row(
        'Price',
        onChain.price === 0 ? 'free' : sol(onChain.price),
        price,
        button('Set', () => {
          const value = number(price);
          return value === null ? null : { do: 'price', price: Math.round(value * LAMPORTS) };
        }),
      ),
      row(
        'Evolutions a day',
        onChain.dailyCap === 0 ? 'as many as earned' : String(onChain.dailyCap),
        cap,
        button('Set', () => {
          const value = number(cap);
          return value === null ? null : { do: 'dailyCap', dailyCap: value };
        }),
      ),
      row(
        'Hand over',
        onChain.proposed ? `offered to ${onChain.proposed}` : 'yours',
        heir,
        button('Offer', () => (heir.value.trim() ? { do: 'propose', to: heir.value.trim() } : null)),
        ...(onChain.proposed ? [button('Take back', () => ({ do: 'propose', to: null }))] : []),
      ),
    ),
  );
}
