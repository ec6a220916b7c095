import { Client, type Room } from '@colyseus/sdk';
import { Emitter } from '#client/game/emitter.ts';
import { CLOSE, PROTOCOL } from '#shared/protocol/limits.ts';
import type { ClientMessages, ServerMessages } from '#shared/protocol/messages.ts';
import { ZoneState } from '#shared/protocol/state.ts';
import { decodeView, type View } from '#shared/protocol/view.ts';
import { signIn } from './session.ts';

type Incoming = Omit<ServerMessages, 'view'> & {
  view: View;
  people: ZoneState;
  /** Connected, or waiting for the next attempt in so many milliseconds. */
  link: { up: boolean; retryInMs: number };
  /** The same player joined elsewhere; `resume` takes the place back. */
  replaced: { resume: () => void };
  /** The wallet's session is over; play goes on as a guest. */
  signedOut: undefined;
};

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
const PING_MS = 2000;
/** After being let go, so that the tab that signs in is first. */
const SIGNED_OUT_MS = 1500;

/** The room's connection: joins, and joins again with growing pauses whenever it is lost. */
export class Connection extends Emitter<Incoming> {
  private room: Room<unknown, ZoneState> | null = null;
  private retryMs = FIRST_RETRY_MS;
  private look: number;
  private closed = false;
  private held: Promise<void> = Promise.resolve();
  private again = false;

  constructor(look: number) {
    super();
    this.look = look;
    setInterval(() => this.send('ping', { at: Math.round(performance.now()) }), PING_MS);
    addEventListener('online', () => this.hurry());
  }

  private hurry: () => void = () => {};

  /** Keeps from joining, while who one is changes; the answer ends that. */
  hold(): () => void {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.held = Promise.all([this.held, held]).then(() => {});
    return release;
  }

  /** Leaves, and joins as who one is now. */
  rejoin(): void {
    this.again = true;
    this.hurry();
    void this.room?.leave();
  }

  /** Joins and stays joined. */
  async run(): Promise<void> {
    while (!this.closed) {
      let code = 0;
      await this.held;
      this.again = false;
      try {
        code = await this.session();
      } catch (error) {
        console.info(`connection: ${error instanceof Error ? error.message : String(error)}`);
      }
      this.room = null;
      if (code === CLOSE.replaced) {
        // Two pages of one player would throw each other out for ever: this one waits to be asked.
        await new Promise<void>((resume) => this.emit('replaced', { resume }));
        continue;
      }
      if (this.again) continue;
      if (code === CLOSE.signedOut) {
        await new Promise((resolve) => setTimeout(resolve, SIGNED_OUT_MS));
        continue;
      }
      this.emit('link', { up: false, retryInMs: this.retryMs });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.retryMs * (0.8 + Math.random() * 0.4));
        this.hurry = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.retryMs = Math.min(MAX_RETRY_MS, this.retryMs * 2);
    }
  }

  send<K extends keyof ClientMessages>(type: K, message: ClientMessages[K]): void {
    if (this.room?.connection.isOpen) this.room.send(type, message);
  }

  /** From joining until the connection ends; gives the code it was closed with. */
  private async session(): Promise<number> {
    const ticket = await signIn(this.look, () => this.emit('signedOut', undefined));
    const client = new Client(location.origin);
    const options = { ...ticket, version: PROTOCOL.version };
    const room = (await client.joinOrCreate(PROTOCOL.room, options, ZoneState)) as Room<unknown, ZoneState>;
    room.reconnection.enabled = false;
    this.room = room;
    const ended = new Promise<number>((resolve) => {
      room.onLeave((code) => resolve(code));
      room.onError((code, message) => console.info(`room: ${code} ${message ?? ''}`));
    });
    const forward = <K extends Exclude<keyof ServerMessages, 'view'>>(name: K) =>
      room.onMessage(name, (payload: ServerMessages[K]) =>
        this.emit(name, payload as unknown as Incoming[K]),
      );
    for (const name of [
      'welcome',
      'deeds',
      'symbiont',
      'chat',
      'said',
      'asked',
      'brood',
      'notice',
      'tale',
      'refused',
      'pong',
    ] as const)
      forward(name);
    room.onMessage('view', (bytes: Uint8Array) => this.emit('view', decodeView(bytes)));
    room.onStateChange((state) => this.emit('people', state));
    this.retryMs = FIRST_RETRY_MS;
    this.emit('link', { up: true, retryInMs: 0 });
    return await ended;
  }
}
