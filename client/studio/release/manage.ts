import { h } from '#client/hud/dom.ts';
import type { StudioCollection, StudioManage, StudioOnChain } from '#shared/protocol/studio.ts';
import type { Release } from './release.ts';
import { LAMPORTS, short, sol } from './toServer.ts';

/** Where whom a collection is offered to finds it. */
export const offerLink = (address: string): string =>
  `${location.origin}/studio?collection=${address}#release`;

/** What the authority of a collection may change once it is on chain: one signature each. */
export function managePanel(release: Release): { element: HTMLElement; show: () => void } {
  const element = h('div', { class: 'managing' });
  const details = h('details', { class: 'card manage' });
  let made = '';

  function show(): void {
    const collection = release.answer?.collection;
    const { address } = release;
    // What is being written stays until the chain holds something else.
    const state = JSON.stringify([collection?.address, collection?.onChain, address]);
    if (state !== made) {
      made = state;
      element.replaceChildren(...(collection?.onChain ? parts(collection, collection.onChain) : []));
    }
    for (const one of element.querySelectorAll('button')) one.disabled = release.busy;
  }

  function parts({ address }: StudioCollection, onChain: StudioOnChain): HTMLElement[] {
    const me = release.address;
    if (onChain.proposed === me && onChain.authority !== me)
      return [
        h(
          'section',
          { class: 'card offered' },
          h('h2', {}, 'It is offered to you'),
          h(
            'p',
            {},
            `${short(onChain.authority)} hands it over: its price, its pauses and its drops would be yours.`,
          ),
          button('Take it over', () => ({ do: 'accept' })),
        ),
      ];
    if (onChain.authority !== me)
      return [
        h(
          'section',
          { class: 'card' },
          h(
            'p',
            {},
            'It belongs to ',
            h('code', { title: onChain.authority }, short(onChain.authority)),
            '; only they can change it.',
          ),
        ),
      ];
    details.replaceChildren(h('summary', {}, 'Manage'), h('ul', {}, ...rows(address, onChain)));
    return [details];
  }

  function button(text: string, wish: () => StudioManage, label = text): HTMLElement {
    const ask = () => void release.manage(wish());
    return h('button', { class: 'quiet', type: 'button', onclick: ask, 'aria-label': label }, text);
  }

  function rows(address: string, onChain: StudioOnChain): HTMLElement[] {
    const { paused, supply, minted, price, dailyCap, proposed } = onChain;
    const field = (label: string, value: number, step = '1') =>
      h('input', { type: 'number', min: '0', step, value: String(value), 'aria-label': label });
    const most = field('Most that will ever be minted', supply);
    const cost = field('Price in SOL', price / LAMPORTS, '0.001');
    const cap = field('Most evolutions a day', dailyCap);
    const heir = h('input', {
      placeholder: 'address of the new owner',
      'aria-label': 'Address of the new owner',
      spellcheck: 'false',
      autocomplete: 'off',
    });
    const row = (name: string, now: string | HTMLElement, ...fields: HTMLElement[]) =>
      h('li', {}, h('b', {}, name), h('span', { class: 'now' }, now), h('span', { class: 'row' }, ...fields));
    return [
      row(
        'Minting and growing',
        paused ? 'paused' : 'open',
        paused ? button('Go on', () => ({ do: 'resume' })) : button('Pause', () => ({ do: 'pause' })),
      ),
      row(
        'Supply',
        supply === 0 ? `${minted} minted, no limit` : `${minted} of ${supply} minted`,
        most,
        button('Lower', () => ({ do: 'supply', supply: most.valueAsNumber }), 'Lower the supply'),
      ),
      row(
        'Price',
        price === 0 ? 'free' : sol(price),
        cost,
        button(
          'Set',
          () => ({ do: 'price', price: Math.round(cost.valueAsNumber * LAMPORTS) }),
          'Set the price',
        ),
      ),
      row(
        'Evolutions a day',
        dailyCap === 0 ? 'as many as earned' : `${dailyCap} at most`,
        cap,
        button('Set', () => ({ do: 'dailyCap', dailyCap: cap.valueAsNumber }), 'Set the evolutions a day'),
      ),
      proposed
        ? row(
            'Hand over',
            h(
              'span',
              {},
              'offered to ',
              h('code', { title: proposed }, short(proposed)),
              '. They take it over ',
              h('a', { class: 'offer', href: offerLink(address) }, 'here'),
              ': send them this link.',
            ),
            button('Take back', () => ({ do: 'propose', to: null }), 'Take the offer back'),
          )
        : row(
            'Hand over',
            'yours',
            heir,
            button('Offer', () => ({ do: 'propose', to: heir.value.trim() })),
          ),
    ];
  }

  return { element, show };
}
