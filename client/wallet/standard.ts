/**
 * The part of the Wallet Standard (wallet-standard/wallet-standard, solana extensions in
 * anza-xyz/wallet-standard) that this page uses: how wallets and pages find each other, and what is asked of them.
 */
import type { SiwsInput } from '#shared/siws/message.ts';

export interface WalletAccount {
  readonly address: string;
  readonly publicKey: Uint8Array;
  readonly chains: readonly string[];
  readonly features: readonly string[];
  readonly label?: string;
}

export interface Wallet {
  readonly version: '1.0.0';
  readonly name: string;
  /** A data URI. */
  readonly icon: string;
  readonly chains: readonly string[];
  readonly features: Partial<Features> & Record<string, unknown>;
  readonly accounts: readonly WalletAccount[];
}

interface Message {
  signedMessage: Uint8Array;
  signature: Uint8Array;
}

interface TransactionInput {
  account: WalletAccount;
  transaction: Uint8Array;
  chain: string;
}

/** What wallets do, by the standard's names. */
export interface Features {
  'standard:connect': {
    version: string;
    connect(input?: { silent?: boolean }): Promise<{ accounts: readonly WalletAccount[] }>;
  };
  'standard:disconnect': { version: string; disconnect(): Promise<void> };
  'standard:events': {
    version: string;
    on(event: 'change', listener: (properties: object) => void): () => void;
  };
  'solana:signIn': {
    version: string;
    signIn(
      ...inputs: (SiwsInput & { address?: string })[]
    ): Promise<readonly (Message & { account: WalletAccount })[]>;
  };
  'solana:signMessage': {
    version: string;
    signMessage(...inputs: { account: WalletAccount; message: Uint8Array }[]): Promise<readonly Message[]>;
  };
  'solana:signTransaction': {
    version: string;
    supportedTransactionVersions: readonly ('legacy' | 0)[];
    signTransaction(...inputs: TransactionInput[]): Promise<readonly { signedTransaction: Uint8Array }[]>;
  };
  'solana:signAndSendTransaction': {
    version: string;
    supportedTransactionVersions: readonly ('legacy' | 0)[];
    signAndSendTransaction(...inputs: TransactionInput[]): Promise<readonly { signature: Uint8Array }[]>;
  };
}

export interface RegisterApi {
  register(...wallets: Wallet[]): () => void;
}

const READY = 'wallet-standard:app-ready';
const REGISTER = 'wallet-standard:register-wallet';

const found = new Set<Wallet>();
const listeners = new Set<() => void>();
let listening = false;

const api: RegisterApi = Object.freeze({
  register: (...wallets: Wallet[]) => {
    const fresh = wallets.filter((one) => !found.has(one));
    for (const one of fresh) found.add(one);
    if (fresh.length > 0) tell();
    return () => {
      for (const one of fresh) found.delete(one);
      tell();
    };
  },
});

function tell(): void {
  for (const listener of listeners) listener();
}

/** The wallets of this browser that can sign someone in; more may come while `onChange` is told. */
export function findWallets(onChange: () => void): { list: () => Wallet[]; stop: () => void } {
  listeners.add(onChange);
  if (!listening) {
    listening = true;
    // Wallets that came before the page hear the page; those that come later are heard by it.
    addEventListener(REGISTER, (event) => {
      const callback = (event as CustomEvent<unknown>).detail;
      if (typeof callback === 'function') callback(api);
    });
    dispatchEvent(new CustomEvent(READY, { detail: api }));
  }
  return { list: () => [...found].filter(canSignIn), stop: () => void listeners.delete(onChange) };
}

/** Tells the page of a wallet, as an extension does. */
export function registerWallet(wallet: Wallet): void {
  const callback = (to: RegisterApi) => to.register(wallet);
  dispatchEvent(new CustomEvent(REGISTER, { detail: callback }));
  addEventListener(READY, (event) => callback((event as CustomEvent<RegisterApi>).detail));
}

/** Whether a wallet, or one account of it, can do this. */
export function can<K extends keyof Features>(
  wallet: Wallet,
  feature: K,
  account?: WalletAccount,
): Features[K] | null {
  if (account && !account.features.includes(feature)) return null;
  return (wallet.features[feature] as Features[K] | undefined) ?? null;
}

function canSignIn(wallet: Wallet): boolean {
  if (!wallet.chains.some((chain) => chain.startsWith('solana:'))) return false;
  const signs = can(wallet, 'solana:signMessage') ?? can(wallet, 'solana:signTransaction');
  return (
    can(wallet, 'solana:signIn') !== null || (can(wallet, 'standard:connect') !== null && signs !== null)
  );
}
