import { h } from '#client/hud/dom.ts';
import type { StudioCollection } from '#shared/protocol/studio.ts';
import { type Account, walletPicks } from '../account.ts';
import { licenceProblem } from '../draft.ts';
import { findProblems } from '../growth/problems.ts';
import type { Models } from '../models.ts';
import type { Page } from '../page.ts';
import type { Studio } from '../studio.ts';
import { forgetJob } from '../train/jobs.ts';
import { releaseForm } from './form.ts';
import { managePanel } from './manage.ts';
import { metadataPreview } from './preview.ts';
import { Release, type Waiting } from './release.ts';
import { draftProblems, short, sol } from './toServer.ts';
import './release.css';

const STATES: Readonly<Record<StudioCollection['state'], string>> = {
  draft: 'a draft: the chain holds nothing of it',
  signed: 'signed: the chain does not show it yet',
  made: 'on chain; its art is not registered yet',
  registered: 'on chain, with its art',
};

/** The last step: what it costs, who signs, test drops, and what comes after. */
export function releasePage(studio: Studio, models: Models, account: Account): Page {
  const release = new Release(studio, models, account);
  const form = releaseForm(studio);
  const preview = metadataPreview(studio, models);
  const manage = managePanel(release);
  const counter = h(
    'div',
    { class: 'counter' },
    h('div', { class: 'card' }, form.element),
    h('div', { class: 'card' }, preview.element),
  );
  const wallet = h('div', { class: 'purse card' });
  const hand = h('div', { class: 'hand' });
  const steps = h('ol', { class: 'signs' });
  const said = h('p', { class: 'said', role: 'status' });
  const after = h('div', { class: 'after' });
  const mine = h('div', { class: 'mine' });
  let visible = false;
  let told = '';

  function show(): void {
    if (!visible) return;
    counter.hidden = release.linked !== null;
    form.show();
    preview.show();
    said.textContent = release.said;
    said.classList.toggle('bad', release.bad);
    showWallet(release, wallet);
    showHand(studio, models, release, hand);
    steps.replaceChildren(...release.waiting.map((one, i) => waitingRow(release, one, i)));
    showMine(studio, release, mine);
    showAfter(release, after);
    manage.show();
    // What answers a button stands below all of them: it is brought to where one looks.
    if (release.said !== told && release.said !== '' && release.answer?.collection.onChain)
      (steps.lastElementChild ?? said).scrollIntoView({ block: 'nearest' });
    told = release.said;
  }
  release.addEventListener('change', show);
  studio.addEventListener('change', show);
  models.addEventListener('change', show);

  return {
    title: 'Release',
    element: h(
      'section',
      { class: 'release' },
      h(
        'header',
        { class: 'hello' },
        h('h1', {}, 'Let them go'),
        h(
          'p',
          {},
          'A name, a price, and your signature. You see what each transaction does and costs before you sign it.',
        ),
      ),
      counter,
      wallet,
      hand,
      after,
      manage.element,
      said,
      steps,
      mine,
    ),
    ready: () => null,
    state: () => (release.answer?.collection.state === 'registered' ? '✓' : ''),
    shown: () => {
      visible = true;
      show();
      void release.open();
    },
  };
}

function showWallet(release: Release, place: HTMLElement): void {
  const { address, balance, testSol, busy } = release;
  const state = JSON.stringify([
    address,
    balance,
    testSol,
    busy,
    release.account.wallets.list().map(({ name }) => name),
    release.config?.embedded,
  ]);
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  if (!address) {
    place.replaceChildren(
      h('b', {}, 'Sign in with your wallet'),
      ...walletPicks(release.account.wallets.list(), busy, (one) => void release.signIn(one)),
    );
    return;
  }
  place.replaceChildren(
    h('span', {}, 'Signed in as ', h('code', { title: address }, short(address))),
    h('b', {}, balance === null ? '' : sol(balance)),
    testSol
      ? h(
          'button',
          { class: 'quiet', disabled: busy, onclick: () => void release.getTestSol() },
          'Get test SOL',
        )
      : '',
  );
}

/** What stands in the way of handing it in, or the button. */
function showHand(studio: Studio, models: Models, release: Release, place: HTMLElement): void {
  // Who follows a link looks at somebody's collection: a draft of their own waits in their own studio.
  if (release.linked) {
    place.replaceChildren();
    return;
  }
  const { draft } = studio;
  const { answer } = release;
  const made = answer && answer.collection.address === draft.collection && answer.collection.onChain !== null;
  const reasons = [
    ...[...draftProblems(draft)].map(([field, problem]) => `${field}: ${problem}`),
    ...findProblems(draft.rule)
      .filter(({ refused }) => refused)
      .map(({ text }) => text),
    ...(models.own ? [licenceProblem(draft) ?? ''] : []),
  ].filter((one) => one !== '');
  const drawn = models.own
    ? 'It is drawn by your own model.'
    : 'It is drawn by the world’s own model: you have not trained one.';
  place.replaceChildren(
    ...(made
      ? []
      : [
          h('p', {}, drawn),
          reasons.length > 0
            ? h('ul', { class: 'problems' }, ...reasons.map((one) => h('li', { class: 'refused' }, one)))
            : '',
          h(
            'button',
            {
              class: 'go',
              disabled: reasons.length > 0 || !release.address || release.busy,
              onclick: () => void release.handIn(),
            },
            draft.collection ? 'Hand it in again' : 'Hand it in, and see what it costs',
          ),
        ]),
  );
}

function waitingRow(release: Release, one: Waiting, i: number): HTMLElement {
  const { step, state, why } = one;
  const { cost } = step;
  const label = {
    asked: 'Sign',
    signing: 'Look at your wallet…',
    sent: 'Sent…',
    done: 'Done',
    failed: 'Sign again',
  }[state];
  return h(
    'li',
    { class: `card ${state}` },
    h('span', { class: 'stone' }, state === 'done' ? '✓' : String(i + 1)),
    h(
      'div',
      {},
      h('b', {}, one.drop ? `Mint ${one.drop.name}` : step.what),
      cost
        ? h(
            'p',
            {},
            cost.rest === 0
              ? `${sol(cost.fee)} for the signature`
              : `${sol(cost.total)}: ${sol(cost.fee)} for signatures, ${sol(cost.rest)} for its place on chain and to others`,
          )
        : '',
      why ? h('p', { class: 'trouble' }, why) : '',
    ),
    h(
      'button',
      {
        class: 'go',
        disabled: release.busy || state === 'done' || !step.transaction,
        onclick: () => void release.sign(one),
      },
      label,
    ),
  );
}

/** Collections of this wallet, of which one is looked at. */
function showMine(studio: Studio, release: Release, place: HTMLElement): void {
  const { collections, answer } = release;
  const others = collections.filter(({ address }) => address !== answer?.collection.address);
  if (release.linked) {
    place.replaceChildren(h('a', { href: '/studio#release' }, 'To my own studio'));
    return;
  }
  place.replaceChildren(
    ...(others.length > 0 ? [h('h2', {}, 'Your other collections')] : []),
    h(
      'ul',
      {},
      ...others.map(({ address, draft, state }) =>
        h(
          'li',
          { class: 'card' },
          h('b', {}, draft.name),
          h('span', {}, STATES[state]),
          h(
            'button',
            { class: 'quiet', disabled: release.busy, onclick: () => void release.choose(address) },
            'Look at it',
          ),
        ),
      ),
    ),
    answer || studio.draft.collection
      ? h('button', { class: 'link', onclick: () => void anew(studio) }, 'Begin another collection')
      : '',
  );
}

async function anew(studio: Studio): Promise<void> {
  const text =
    'Begin anew? Pictures, model and rule of this draft leave this browser; what is on chain stays.';
  if (!confirm(text)) return;
  const { run } = studio.draft;
  // What the server still keeps of it goes too; where it cannot be asked, it forgets by itself.
  if (run?.job) await forgetJob(run.job).catch(() => {});
  await studio.forget();
  location.assign('/studio');
}

/** Once it is on chain: how it stands, and drops. */
function showAfter(release: Release, place: HTMLElement): void {
  const collection = release.answer?.collection;
  const paused = collection?.onChain?.paused === true;
  const state = JSON.stringify([
    collection?.address,
    collection?.state,
    collection?.onChain,
    collection?.error,
    release.dropped.length,
    release.address,
  ]);
  for (const one of place.querySelectorAll('button')) one.disabled = release.busy || paused;
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  if (!collection?.onChain) {
    place.replaceChildren(collection?.error ? h('p', { class: 'trouble' }, collection.error) : '');
    return;
  }
  const { onChain, draft } = collection;
  const count = h('input', { type: 'number', min: '1', max: '8', value: '1', 'aria-label': 'How many' });
  const to = h('input', { placeholder: 'to me, or an address', 'aria-label': 'To whom' });
  const form = h(
    'form',
    {
      class: 'row',
      onsubmit: (event) => {
        event.preventDefault();
        void release.mint(count.valueAsNumber, to.value.trim());
      },
    },
    h('b', {}, 'Test drop'),
    count,
    to,
    h('button', { class: 'go', disabled: release.busy || paused }, 'Draw'),
  );
  place.replaceChildren(
    h(
      'section',
      { class: 'card live' },
      h(
        'header',
        {},
        h('h2', {}, draft.name),
        h('a', { href: `/gallery?collection=${collection.address}` }, 'in the gallery'),
      ),
      h(
        'p',
        {},
        `${STATES[collection.state]}: ${onChain.minted} of ${onChain.supply || 'any number'} minted${paused ? ', paused' : ''}`,
      ),
      ...(onChain.authority === release.address ? [form] : []),
      h(
        'ol',
        { class: 'dropped' },
        ...release.dropped.map(({ asset, name, picture }) =>
          h(
            'li',
            {},
            h(
              'a',
              { href: `/gallery/${asset}` },
              h('div', { class: 'stage' }, h('img', { src: `/art/${picture}.svg`, alt: '' })),
              name,
            ),
          ),
        ),
      ),
      release.dropped.length > 0 && release.toMe
        ? h(
            'p',
            {},
            'It is yours. ',
            h('a', { href: '/' }, 'Go into the world'),
            ' and choose it as your companion: there it grows by what you do.',
          )
        : '',
    ),
  );
}
