const AGAIN_MS = 500;
const PATIENCE_MS = 60_000;

interface Rpc<T> {
  result?: T;
  error?: { message: string; data?: { logs?: string[] } };
}

async function rpc<T>(url: string, method: string, params: unknown[]): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as Rpc<T>;
  if (error) throw new Error(`The chain refused it: ${error.message}`);
  return result as T;
}

interface Statuses {
  value: ({ err: unknown; confirmationStatus?: string } | null)[];
}

/**
 * Sends a signed transaction (or looks after one that the wallet sent), and waits until the chain has confirmed it.
 * @param signed its bytes, or its signature in base58
 * @throws Error saying what the chain said
 */
export async function sendTransaction(url: string, signed: Uint8Array | string): Promise<string> {
  const signature =
    typeof signed === 'string'
      ? signed
      : await rpc<string>(url, 'sendTransaction', [
          btoa(Array.from(signed, (byte) => String.fromCharCode(byte)).join('')),
          { encoding: 'base64', preflightCommitment: 'confirmed' },
        ]);
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const { value } = await rpc<Statuses>(url, 'getSignatureStatuses', [
      [signature],
      { searchTransactionHistory: true },
    ]);
    const [status] = value;
    if (status?.err) throw new Error(`The chain refused it: ${JSON.stringify(status.err)}`);
    if (status?.confirmationStatus === 'confirmed' || status?.confirmationStatus === 'finalized')
      return signature;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
  throw new Error(
    'The chain has not shown it within a minute. It may still come: look again before you sign anew.',
  );
}
