import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Ledger } from './types.ts';

export interface ServedLedger {
  /** HTTP endpoint for JSON-RPC. */
  url: string;
  /** WebSocket endpoint; web3.js must be told it (`wsEndpoint`), since it guesses the port above. */
  wsUrl: string;
  /** Stops listening and drops connections; the ledger itself stays open. */
  close(): Promise<void>;
}

/** Serves a ledger on a port of its own, at every path. Port 0 picks a free one. Rejects when the port is taken. */
export async function serveLedger(
  ledger: Ledger,
  at: { port: number; host?: string },
): Promise<ServedLedger> {
  const host = at.host ?? '127.0.0.1';
  const server = createServer((req, res) => ledger.handleHttp(req, res));
  // The server forgets a connection that it upgraded, and would wait for it for ever when it closes.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (req, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    ledger.handleUpgrade(req, socket, head);
  });
  server.requestTimeout = 30_000;
  // web3.js keeps idle connections for 19 s, as Solana's own server does for 20: one closed under it is an ECONNRESET.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    wsUrl: `ws://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}
