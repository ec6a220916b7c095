import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomFrom } from '#shared/random.ts';

/** What can go wrong between a server and an RPC that it cannot trust. */
export const FAULTS = [
  /** The request never arrives. */
  'lost',
  /** It arrives, but its answer does not. */
  'unanswered',
  /** It arrives twice. */
  'repeated',
  /** The answer comes late, after later ones. */
  'late',
  /** An answer from before, to the same kind of question: the past told as the present. */
  'stale',
  /** Transactions are "taken" and thrown away, or said to be refused although they were taken. */
  'lying',
  /** The node says that it is too busy. */
  'busy',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultyOptions {
  /** Where the honest RPC is. */
  target: string;
  seed: number;
  /** The share of requests that something happens to, 0..1. */
  rate: number;
  /** The longest delay. */
  lateMs?: number;
}

interface Request {
  id: unknown;
  method: string;
  params?: unknown[];
}

/** An RPC that lies, repeats, delays, drops and answers out of order, by a seeded chance. For tests. */
export class FaultyRpc {
  readonly counts: Record<Fault, number> = Object.fromEntries(FAULTS.map((f) => [f, 0])) as Record<
    Fault,
    number
  >;
  requests = 0;
  /** The share of requests that something happens to. */
  rate: number;
  private readonly options: FaultyOptions;
  private readonly server: Server;
  private readonly past = new Map<string, string[]>();
  /** 0..1. */
  private readonly chance: () => number;

  private constructor(options: FaultyOptions) {
    this.options = options;
    this.rate = options.rate;
    this.chance = randomFrom(options.seed);
    this.server = createServer((req, res) => {
      let body = '';
      req.on('data', (part) => {
        body += part;
      });
      req.on('end', () => {
        this.answer(body).then(
          (text) => {
            if (text === null) req.socket.destroy();
            else res.writeHead(200, { 'content-type': 'application/json' }).end(text);
          },
          () => req.socket.destroy(),
        );
      });
    });
  }

  static async open(options: FaultyOptions): Promise<FaultyRpc> {
    const proxy = new FaultyRpc(options);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** @returns the answer; null: the connection breaks */
  private async answer(body: string): Promise<string | null> {
    this.requests++;
    const request = JSON.parse(body) as Request;
    const fault = this.chance() < this.rate ? FAULTS[Math.floor(this.chance() * FAULTS.length)] : null;
    if (fault === null) return this.honest(request, body);
    this.counts[fault]++;
    if (fault === 'lost') return null;
    if (fault === 'busy') return error(request, -32005, 'Node is behind by 42 slots');
    if (fault === 'stale') return this.stale(request, body);
    if (fault === 'lying' && request.method === 'sendTransaction') return this.lie(request, body);
    const text = await this.honest(request, body);
    if (fault === 'unanswered') return null;
    if (fault === 'repeated') return this.honest(request, body);
    await new Promise((resolve) => setTimeout(resolve, this.chance() * (this.options.lateMs ?? 300)));
    return text;
  }

  private async honest(request: Request, body: string): Promise<string> {
    const answer = await fetch(this.options.target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await answer.text();
    if (request.method !== 'sendTransaction') {
      const key = keyOf(request);
      const told = this.past.get(key) ?? [];
      told.push(text);
      if (told.length > 4) told.shift();
      this.past.set(key, told);
      if (this.past.size > 2000) this.past.delete(this.past.keys().next().value as string);
    }
    return text;
  }

  /** The oldest answer that is remembered to the very same question. */
  private async stale(request: Request, body: string): Promise<string> {
    const told = this.past.get(keyOf(request))?.[0];
    if (told === undefined) return this.honest(request, body);
    return JSON.stringify({ ...JSON.parse(told), id: request.id });
  }

  private async lie(request: Request, body: string): Promise<string> {
    const [transaction] = request.params as [string];
    if (this.chance() < 0.5) {
      // The first signature lies behind the length of their list.
      const bytes = Buffer.from(transaction, 'base64');
      const { default: bs58 } = await import('bs58');
      return JSON.stringify({ jsonrpc: '2.0', id: request.id, result: bs58.encode(bytes.subarray(1, 65)) });
    }
    await this.honest(request, body);
    return error(request, -32002, 'Transaction simulation failed: custom program error: 0x1780');
  }
}

const keyOf = ({ method, params }: Request): string => `${method} ${JSON.stringify(params ?? [])}`;

function error(request: Request, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: request.id, error: { code, message } });
}
