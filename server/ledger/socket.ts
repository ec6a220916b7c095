import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { clientOf } from '../client.ts';
import { toJson } from './encoding.ts';
import type { LedgerLimits } from './limits.ts';
import type { RateLimiter } from './rate.ts';
import { failure, readRequest, success } from './rpc.ts';
import { invalidParams, RPC, RpcError } from './rpcError.ts';
import { methodNames, SUBSCRIBE, type Subscription, type Subscriptions } from './subscriptions.ts';

const UNSUBSCRIBE = new Set(SUBSCRIBE.map((method) => methodNames(method).unsubscribe));
/** A socket that answers no ping for this long is gone. */
const PING_MS = 30_000;

interface Session {
  socket: WebSocket;
  client: string;
  open: Map<number, Subscription>;
  alive: boolean;
}

/** JSON-RPC subscriptions over WebSocket. Numbers of subscriptions are unique over all sockets. */
export class SocketDoor {
  private readonly server: WebSocketServer;
  private readonly sessions = new Set<Session>();
  private readonly heartbeat: NodeJS.Timeout;
  private next = 0;

  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly limits: LedgerLimits,
    private readonly requests: RateLimiter,
    private readonly log: (line: string) => void,
  ) {
    this.server = new WebSocketServer({
      noServer: true,
      maxPayload: limits.bodyBytes,
      perMessageDeflate: false,
    });
    this.heartbeat = setInterval(() => this.beat(), PING_MS);
    this.heartbeat.unref();
  }

  get sockets(): number {
    return this.sessions.size;
  }

  get count(): number {
    let sum = 0;
    for (const { open } of this.sessions) sum += open.size;
    return sum;
  }

  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const client = clientOf(req);
    let same = 0;
    for (const session of this.sessions) if (session.client === client) same++;
    if (this.sessions.size >= this.limits.sockets || same >= this.limits.socketsPerClient) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\ntoo many sockets');
      return;
    }
    this.server.handleUpgrade(req, socket, head, (ws) => this.start(ws, client));
  }

  close(): void {
    clearInterval(this.heartbeat);
    for (const session of this.sessions) {
      this.end(session);
      session.socket.close(1001, 'the ledger closes');
      // A peer that does not answer the closing must not hold the process.
      setTimeout(() => session.socket.terminate(), 200).unref();
    }
    this.server.close();
  }

  private start(socket: WebSocket, client: string): void {
    const session: Session = { socket, client, open: new Map(), alive: true };
    this.sessions.add(session);
    socket.on('message', (data, binary) => this.message(session, data, binary));
    socket.on('pong', () => {
      session.alive = true;
    });
    socket.on('close', () => this.end(session));
    socket.on('error', () => socket.terminate());
  }

  private end(session: Session): void {
    for (const subscription of session.open.values()) subscription.end();
    session.open.clear();
    this.sessions.delete(session);
  }

  private beat(): void {
    for (const session of this.sessions) {
      if (!session.alive) session.socket.terminate();
      session.alive = false;
      session.socket.ping();
    }
  }

  private message(session: Session, data: RawData, binary: boolean): void {
    let value: unknown;
    try {
      if (binary) throw new Error('binary');
      value = JSON.parse(data.toString());
    } catch {
      this.send(session, failure(null, new RpcError(RPC.parse, 'Parse error'), this.log));
      return;
    }
    const list = Array.isArray(value) ? value : [value];
    if (list.length > this.limits.batch) {
      const text = `Invalid request: a batch of ${list.length} (max: ${this.limits.batch})`;
      this.send(session, failure(null, new RpcError(RPC.invalidRequest, text), this.log));
      return;
    }
    const answers = list.map((item) => this.one(session, item)).filter((item) => item !== null);
    if (answers.length > 0) this.send(session, Array.isArray(value) ? answers : answers[0]);
  }

  private one(session: Session, value: unknown): object | null {
    let id: ReturnType<typeof readRequest>['id'] = null;
    try {
      const request = readRequest(value);
      id = request.id;
      // Clients keep their connection open with notifications such as `ping`, which nobody answers.
      if (request.notification) return null;
      if (!this.requests.take(session.client)) {
        throw new RpcError(RPC.rate, `Too many requests: at most ${this.limits.requestsPerSecond} a second`);
      }
      if (UNSUBSCRIBE.has(request.method)) return success(id, this.unsubscribe(session, request.params));
      return success(id, this.subscribe(session, request.method, request.params));
    } catch (error) {
      return failure(id, error, this.log);
    }
  }

  private subscribe(session: Session, method: string, params: unknown): number {
    if (session.open.size >= this.limits.subscriptionsPerSocket) {
      throw new RpcError(
        RPC.invalidRequest,
        `Invalid Request: at most ${this.limits.subscriptionsPerSocket} subscriptions on a socket`,
      );
    }
    const number = this.next;
    const { notification } = methodNames(method);
    const notify = (result: unknown): void =>
      this.send(session, { jsonrpc: '2.0', method: notification, params: { result, subscription: number } });
    const subscription = this.subscriptions.open(method, params, notify, () => session.open.delete(number));
    if (!subscription) throw new RpcError(RPC.methodNotFound, 'Method not found');
    session.open.set(number, subscription);
    this.next++;
    return number;
  }

  private unsubscribe(session: Session, params: unknown): boolean {
    const number = Array.isArray(params) ? params[0] : undefined;
    const subscription = typeof number === 'number' ? session.open.get(number) : undefined;
    if (!subscription) throw invalidParams('Invalid subscription id.');
    subscription.end();
    session.open.delete(number);
    return true;
  }

  private send(session: Session, message: unknown): void {
    const { socket } = session;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > this.limits.socketBacklogBytes) {
      this.log(`ledger: a socket with over ${this.limits.socketBacklogBytes} bytes waiting was cut off`);
      socket.terminate();
      return;
    }
    socket.send(toJson(message));
  }
}
