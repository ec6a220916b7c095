import { h } from '#client/hud/dom.ts';
import { ApiError, call, forgetWalletSession, walletSession } from '#client/net/session.ts';
import { DEVELOPER_WALLET, offerDeveloperWallet } from '#client/wallet/developer.ts';
import { signInWith } from '#client/wallet/sign-in.ts';
import { findWallets, type Wallet } from '#client/wallet/standard.ts';
import type { HttpApi } from '#shared/protocol/http.ts';

/** A page without a world in it has no connection that a sign-in would end. */
const NOWHERE = { hold: () => () => {}, rejoin: () => {} };

const isDeveloper = ({ name }: Wallet): boolean => name === DEVELOPER_WALLET;

/** Who is signed in here, and by which wallets one could be. */
export class Account extends EventTarget {
  config: HttpApi['GET /api/config'] | null = null;
  readonly wallets = findWallets(() => this.tell());

  get address(): string | null {
    return walletSession()?.address ?? null;
  }

  /** Looks at which wallets there are; nothing is asked of them. @throws ApiError */
  async open(): Promise<HttpApi['GET /api/config']> {
    this.config ??= await call<HttpApi['GET /api/config']>('GET', '/api/config');
    if (this.config.embedded) offerDeveloperWallet(this.config.rpc, this.config.programs);
    return this.config;
  }

  /** @throws Declined, ApiError */
  async signIn(wallet: Wallet): Promise<void> {
    await signInWith(NOWHERE, wallet, 'enter');
    this.tell();
  }

  /** A session that ended elsewhere: one signs in anew. */
  async ended(error: unknown): Promise<void> {
    if (!(error instanceof ApiError) || error.status !== 401) return;
    await forgetWalletSession();
    this.tell();
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** A button for each wallet, and what to say where there is none. */
export function walletPicks(
  wallets: readonly Wallet[],
  busy: boolean,
  pick: (wallet: Wallet) => void,
): HTMLElement[] {
  const button = (one: Wallet) =>
    h(
      'button',
      { class: 'pick', disabled: busy, onclick: () => pick(one) },
      h('img', { src: one.icon, alt: '' }),
      h(
        'span',
        {},
        one.name,
        ...(isDeveloper(one) ? [h('small', {}, 'in this page, for the embedded ledger')] : []),
      ),
    );
  return [
    h('div', { class: 'picks' }, ...wallets.map(button)),
    ...(wallets.length === 0 ? [h('p', {}, 'No Solana wallet was found in this browser.')] : []),
  ];
}
