import { ed25519 } from '@noble/curves/ed25519';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import bs58 from 'bs58';
import { h } from '#client/hud/dom.ts';
import { siwsText } from '#shared/siws/message.ts';
import { type Features, registerWallet, type Wallet, type WalletAccount } from './standard.ts';
import { readTransaction, signTransaction } from './transaction.ts';

const STORED = 'symbiont.developer-wallet';
const CHAIN = 'solana:localnet';
export const DEVELOPER_WALLET = 'Developer wallet';
/** Names of programs by their addresses. */
const names = new Map([['MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr', 'memo']]);
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#ffc93c"/>' +
    '<path d="M9 11l-5 5 5 5M23 11l5 5-5 5M18.5 8l-5 16" fill="none" stroke="#4a3208" stroke-width="3" ' +
    'stroke-linecap="round" stroke-linejoin="round"/></svg>',
)}`;

let registered = false;

/**
 * Offers a wallet that lives in this page, for the embedded ledger alone: its key lies open in the browser's storage,
 * so that it is of use only where nothing is worth anything.
 * @param rpc where it sends transactions
 * @param programs addresses of programs by the names it shows
 */
export function offerDeveloperWallet(rpc: string, programs: Readonly<Record<string, string>>): void {
  if (registered) return;
  registered = true;
  for (const [name, address] of Object.entries(programs)) names.set(address, name);
  registerWallet(developerWallet(rpc));
}

function secretKey(): Uint8Array {
  const stored = localStorage.getItem(STORED);
  if (stored && /^[0-9a-f]{64}$/.test(stored)) return hexToBytes(stored);
  const secret = ed25519.utils.randomPrivateKey();
  localStorage.setItem(STORED, bytesToHex(secret));
  return secret;
}

function developerWallet(rpc: string): Wallet {
  const secret = secretKey();
  const publicKey = ed25519.getPublicKey(secret);
  const sign = (bytes: Uint8Array) => ed25519.sign(bytes, secret);
  const features: Features = {
    'standard:connect': {
      version: '1.0.0',
      connect: async () => {
        connect();
        return { accounts };
      },
    },
    'standard:disconnect': {
      version: '1.0.0',
      disconnect: async () => {
        accounts = [];
        changed();
      },
    },
    'standard:events': {
      version: '1.0.0',
      on: (_event, listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    'solana:signIn': {
      version: '1.0.0',
      signIn: async (...inputs) => {
        const signed = [];
        for (const input of inputs) {
          if (input.domain !== location.host)
            throw new Error(`Sign-in: asks for ${input.domain}, and this is ${location.host}.`);
          const text = siwsText({ ...input, address: account.address });
          await approve('Sign in?', text);
          const signedMessage = new TextEncoder().encode(text);
          signed.push({ account, signedMessage, signature: sign(signedMessage) });
        }
        connect();
        return signed;
      },
    },
    'solana:signMessage': {
      version: '1.0.0',
      signMessage: async (...inputs) => {
        const signed = [];
        for (const { message } of inputs) {
          await approve('Sign this message?', new TextDecoder().decode(message));
          signed.push({ signedMessage: message, signature: sign(message) });
        }
        return signed;
      },
    },
    'solana:signTransaction': {
      version: '1.0.0',
      supportedTransactionVersions: ['legacy', 0],
      signTransaction: async (...inputs) => {
        const signed = [];
        for (const { transaction } of inputs) {
          await approve('Sign this transaction?', describe(transaction));
          signed.push({ signedTransaction: signTransaction(transaction, publicKey, sign) });
        }
        return signed;
      },
    },
    'solana:signAndSendTransaction': {
      version: '1.0.0',
      supportedTransactionVersions: ['legacy', 0],
      signAndSendTransaction: async (...inputs) => {
        const sent = [];
        for (const { transaction } of inputs) {
          await approve('Sign and send this transaction?', describe(transaction));
          sent.push({ signature: await send(rpc, signTransaction(transaction, publicKey, sign)) });
        }
        return sent;
      },
    },
  };
  const account: WalletAccount = {
    address: bs58.encode(publicKey),
    publicKey,
    chains: [CHAIN],
    features: Object.keys(features).filter((name) => name.startsWith('solana:')),
  };
  let accounts: readonly WalletAccount[] = [];
  const listeners = new Set<(properties: object) => void>();
  const changed = (): void => {
    for (const listener of listeners) listener({ accounts });
  };
  const connect = (): void => {
    if (accounts.length > 0) return;
    accounts = [account];
    changed();
  };
  return {
    version: '1.0.0',
    name: DEVELOPER_WALLET,
    icon: ICON,
    chains: [CHAIN],
    features: { ...features },
    get accounts() {
      return accounts;
    },
  };
}

/** What a transaction does, as far as its bytes say it. */
function describe(bytes: Uint8Array): string {
  const { accounts, programs } = readTransaction(bytes);
  const called = programs.map((index) => {
    const address = bs58.encode(accounts[index] ?? new Uint8Array(32));
    const name = names.get(address);
    return name ? `- ${name} (${address})` : `- ${address}`;
  });
  return [`Fee paid by ${bs58.encode(accounts[0])}`, '', 'Programs called:', ...called].join('\n');
}

async function send(rpc: string, transaction: Uint8Array): Promise<Uint8Array> {
  const params = [btoa(String.fromCharCode(...transaction)), { encoding: 'base64' }];
  const response = await fetch(rpc, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sendTransaction', params }),
  });
  const { result, error } = (await response.json()) as { result?: string; error?: { message: string } };
  if (!result) throw new Error(error?.message ?? 'the ledger did not answer');
  return bs58.decode(result);
}

/** Asks the person. @throws Error with code 4001, as wallets do, when they say no */
function approve(question: string, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (yes: boolean) => () => {
      dialog.returnValue = yes ? 'yes' : '';
      dialog.close();
    };
    const dialog = h(
      'dialog',
      { class: 'developer-wallet', 'aria-label': DEVELOPER_WALLET },
      h('header', {}, h('img', { src: ICON, alt: '' }), h('b', {}, DEVELOPER_WALLET)),
      h('h2', {}, question),
      h('pre', {}, what),
      h('p', {}, 'Its key lies open in this browser. It is for trying things on the embedded ledger.'),
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'go', onclick: end(true) }, 'Approve'),
        h('button', { class: 'quiet', onclick: end(false) }, 'Reject'),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (dialog.returnValue === 'yes') resolve();
      else reject(Object.assign(new Error('User rejected the request.'), { code: 4001 }));
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
