import { walletSession } from '#client/net/session.ts';
import { walletsOffered } from './dialog.ts';
import { signAndHandIn } from './sign-in.ts';
import { findWallets } from './standard.ts';

/** Has the wallet sign its step of a brood. @throws ApiError, Declined, or what the wallet throws */
export async function signBrood(brood: number): Promise<void> {
  const session = walletSession();
  if (!session) throw new Error('You are not signed in.');
  await walletsOffered();
  const found = findWallets(() => {});
  const wallet = found.list().find((one) => one.name === session.wallet);
  found.stop();
  if (!wallet) throw new Error(`${session.wallet} is not in this browser any more.`);
  await signAndHandIn(wallet, {
    ask: ['/api/me/brood/ask', { brood }],
    answer: (transaction) => ['/api/me/brood', { brood, transaction }],
  });
}
