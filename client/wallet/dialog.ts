import type { Play } from '#client/game/play.ts';
import { portraitCanvas } from '#client/game/portrait.ts';
import { h } from '#client/hud/dom.ts';
import { icon } from '#client/hud/icons.ts';
import { call, walletSession } from '#client/net/session.ts';
import type { HttpApi } from '#shared/protocol/http.ts';
import { DEVELOPER_WALLET, offerDeveloperWallet } from './developer.ts';
import { Declined, type Purpose, sayConsent, signInWith, signOut } from './sign-in.ts';
import { findWallets, type Wallet } from './standard.ts';
import './wallet.css';

/** The wallet's page: signing in, moving a guest to a wallet, consent to growing, signing out. */
class WalletDialog {
  private readonly play: Play;
  private readonly body = h('div', { class: 'body' });
  private readonly note = h('p', { class: 'note', role: 'status' });
  private readonly dialog = h('dialog', { id: 'wallet', 'aria-label': 'Wallet' }, this.body, this.note);
  private readonly wallets = findWallets(() => this.show());
  private purpose: Purpose = 'move';
  private busy = false;
  private told = '';

  constructor(play: Play) {
    this.play = play;
    document.body.append(this.dialog);
    play.on('symbiont', ({ held, consent }) => {
      // What was said last is of a state that is over.
      const state = `${held} ${consent}`;
      if (state !== this.told && !this.busy) this.say('');
      this.told = state;
      this.show();
    });
    play.on('welcome', () => this.show());
    this.dialog.addEventListener('cancel', (event) => {
      if (this.busy) event.preventDefault();
    });
  }

  open(): void {
    this.say('');
    this.show();
    if (!this.dialog.open) this.dialog.showModal();
  }

  private show(): void {
    if (this.busy) return;
    const session = walletSession();
    this.body.replaceChildren(...(session ? this.signedIn(session.address, session.expires) : this.guest()));
  }

  /** For a guest: what for, and the wallets there are. */
  private guest(): HTMLElement[] {
    const name = this.play.symbiont?.name ?? 'your symbiont';
    const choice = (purpose: Purpose, title: string, text: string) => {
      const input = h('input', {
        type: 'radio',
        name: 'purpose',
        checked: this.purpose === purpose,
        onchange: () => {
          this.purpose = purpose;
        },
      });
      return h('label', { class: 'choice' }, input, h('span', {}, h('b', {}, title), text));
    };
    const found = this.wallets.list();
    const row = (wallet: Wallet) =>
      h(
        'button',
        { class: 'pick', onclick: () => void this.signIn(wallet) },
        h('img', { src: wallet.icon, alt: '' }),
        h(
          'span',
          {},
          wallet.name,
          ...(wallet.name === DEVELOPER_WALLET
            ? [h('small', {}, 'in this page, for the embedded ledger')]
            : []),
        ),
      );
    const none = h(
      'p',
      { class: 'none' },
      'No Solana wallet was found in this browser. Once you have one, open this page again.',
    );
    return [
      this.head('Keep it in a wallet', `${name} can live in a Solana wallet: yours alone, on every device.`),
      h(
        'div',
        { class: 'choices', role: 'radiogroup', 'aria-label': 'What for' },
        choice('move', 'Take everything along', `${name}, your name, deeds and goods go to the wallet.`),
        choice(
          'enter',
          'I have been here before',
          'Go on with what the wallet has. This guest stays behind.',
        ),
      ),
      found.length > 0 ? h('div', { class: 'picks' }, ...found.map(row)) : none,
      h('div', { class: 'row' }, this.closing()),
    ];
  }

  /** For who signed in: what the wallet holds, its consent, the ways out. */
  private signedIn(address: string, expires: number): HTMLElement[] {
    const card = this.play.symbiont;
    const name = card?.name ?? 'Your symbiont';
    const copy = h(
      'button',
      { class: 'address', title: 'Copy', onclick: () => void navigator.clipboard?.writeText(address) },
      address,
    );
    const rows = [this.head('Your wallet', copy)];
    if (card?.held === 'moving' || card?.state === 'hatching')
      rows.push(this.holding('time', `${name} is on its way to your wallet…`));
    else if (card && !card.consent)
      rows.push(
        this.holding('seed', `${name} is in your wallet. It grows only with your word.`),
        h(
          'button',
          { class: 'go', onclick: () => void this.consent(true) },
          icon('bloom'),
          `Let ${name} grow`,
        ),
      );
    else if (card)
      rows.push(
        this.holding('heart', `${name} is in your wallet, and may grow.`),
        h('button', { class: 'link', onclick: () => void this.consent(false) }, 'Stop it from growing'),
      );
    const until = new Date(expires).toLocaleDateString(undefined, { day: 'numeric', month: 'long' });
    rows.push(
      h('p', { class: 'until' }, `You are signed in here until ${until}. Play asks for no signatures.`),
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'quiet', onclick: () => void this.out(false) }, 'Sign out'),
        h('button', { class: 'quiet', onclick: () => void this.out(true) }, 'Sign out everywhere'),
        this.closing(),
      ),
    );
    return rows;
  }

  private head(title: string, text: HTMLElement | string): HTMLElement {
    const card = this.play.symbiont;
    return h(
      'header',
      {},
      h('div', { class: 'portrait' }, ...(card ? [portraitCanvas(card)] : [icon('key')])),
      h('div', {}, h('h2', {}, title), typeof text === 'string' ? h('p', {}, text) : text),
    );
  }

  private holding(image: string, text: string): HTMLElement {
    return h('p', { class: 'holding' }, icon(image), h('span', {}, text));
  }

  private closing(): HTMLElement {
    return h('button', { class: 'quiet close', onclick: () => this.dialog.close() }, 'Close');
  }

  private signIn(wallet: Wallet): Promise<void> {
    const { purpose } = this;
    return this.work(`Look at ${wallet.name}: it asks you to sign.`, async () => {
      await signInWith(this.play.connection, wallet, purpose);
      return purpose === 'move'
        ? 'It is yours. Moving takes a few seconds; you can play on.'
        : 'Welcome back.';
    });
  }

  private consent(consent: boolean): Promise<void> {
    return this.work('Your wallet asks you to sign.', async () => {
      const session = walletSession();
      const wallet = this.wallets.list().find((one) => one.name === session?.wallet);
      if (!wallet) throw new Error(`${session?.wallet ?? 'The wallet'} is not in this browser any more.`);
      await sayConsent(wallet, consent);
      return consent ? 'Signed. It will grow as soon as it has earned it.' : 'Signed. It stays as it is.';
    });
  }

  private out(everywhere: boolean): Promise<void> {
    return this.work('Signing out…', async () => {
      await signOut(this.play.connection, everywhere);
      return everywhere
        ? 'Signed out, here and everywhere else. You walk on as a guest.'
        : 'Signed out. You walk on as a guest.';
    });
  }

  /** Does one thing at a time, and says what became of it. */
  private async work(waiting: string, work: () => Promise<string>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.dialog.classList.add('busy');
    this.say(waiting);
    let [said, bad] = ['', false];
    try {
      said = await work();
    } catch (error) {
      said = error instanceof Error ? error.message : String(error);
      bad = !(error instanceof Declined);
    }
    this.busy = false;
    this.dialog.classList.remove('busy');
    this.show();
    this.say(said, bad);
  }

  private say(text: string, bad = false): void {
    this.note.textContent = text;
    this.note.classList.toggle('problem', bad);
  }
}

let dialog: WalletDialog | null = null;
let offered: Promise<void> | null = null;

/** On a server with the embedded ledger there is a wallet to try things with. */
async function offer(): Promise<void> {
  const { embedded, rpc, programs } = await call<HttpApi['GET /api/config']>('GET', '/api/config');
  if (embedded) offerDeveloperWallet(rpc, programs);
}

/** Once this is done, every wallet that can be used here is known. */
export function walletsOffered(): Promise<void> {
  offered ??= offer().catch(() => {
    offered = null;
  });
  return offered;
}

export async function openWallet(play: Play): Promise<void> {
  dialog ??= new WalletDialog(play);
  await walletsOffered();
  dialog.open();
}
