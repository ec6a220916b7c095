import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { meetClient } from '../client.ts';
import type { Ledger } from '../ledger/types.ts';

const RPC_PATH = '/rpc';
/** Connections at once, of players, pages and the ledger's clients together. */
const MOST_CONNECTIONS = 2000;

/** What a URL asks for, without its query. */
function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').split('?', 1)[0];
}

/** Whether an upgrade is the ledger's; all others but Vite's own are the room's. */
export function isRoomUpgrade(req: IncomingMessage): boolean {
  const protocol = req.headers['sec-websocket-protocol'] ?? '';
  return pathOf(req) !== RPC_PATH && !protocol.startsWith('vite-');
}

/**
 * One port for everything: /rpc is the ledger's, both over HTTP and as a WebSocket; the rest is the game's. `proxies`:
 * how many stand in front of it.
 */
export function openGate(app: Express, ledger: Ledger | null, proxies: number): HttpServer {
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    meetClient(req, proxies);
    if (ledger && pathOf(req) === RPC_PATH) ledger.handleHttp(req, res);
    else app(req, res);
  });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    meetClient(req, proxies);
    if (pathOf(req) !== RPC_PATH) return;
    if (ledger) ledger.handleUpgrade(req, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 10_000;
  return server;
}
