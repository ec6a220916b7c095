import { type AuthContext, type Client, ClientState, Protocol, Room, ServerError } from '@colyseus/core';
import { bytesToHex } from '@noble/hashes/utils';
import { EPOCH_TICKS } from '#shared/proof/epoch.ts';
import {
  CLOSE,
  type ClientMessages,
  Person,
  type ServerMessages,
  ZoneState,
} from '#shared/protocol/index.ts';
import { BALANCE } from '#shared/world/index.ts';
import type { Broods } from '../breeding/broods.ts';
import type { Choosing } from '../chain/choosing.ts';
import type { Companions } from '../chain/companions.ts';
import { type Dialogue, within } from '../dialogue/dialogue.ts';
import { checkName, NameRefused } from '../identity/guests.ts';
import type { Sessions } from '../identity/sessions.ts';
import { tidy } from '../identity/words.ts';
import type { Succession } from '../learning/brains.ts';
import { type Log, reason } from '../log.ts';
import { Buckets } from '../rate.ts';
import { WishRefused } from '../refusal.ts';
import { setAppearance } from '../store/identities.ts';
import type { Presence, ZoneHost } from '../zone/host.ts';
import type { Known } from '../zone/people.ts';
import { ZoneFull } from '../zone/zone.ts';
import { type Admitted, admit, FULL } from './admit.ts';
import { Edge, type Parsed, type Refusal } from './edge.ts';
import { FAILED, LEARNING, NOT_SAVING, SAVING_AGAIN } from './notices.ts';

/** Bytes waiting on a socket from which views are left out, and at which it is closed. */
const SOME_BACKLOG = 128 * 1024;
const MOST_BACKLOG = 4 * 1024 * 1024;
const CARD_MS = 1000;
/** Questions for a child that somebody may ask at once, and a minute. */
const COURT_BURST = 4;
const COURTS_PER_MINUTE = 6;
/** Companions that somebody may choose, a minute: each one is looked up on the chain. */
const CHOICES_PER_MINUTE = 12;
/** Changes of name or look that somebody may make at once, and a minute: everybody sees them, and each one is saved. */
const CHANGE_BURST = 20;
const CHANGES_PER_MINUTE = 20;
/** Who hears a conversation besides the speaker, at most. */
const MOST_LISTENERS = 12;

export interface RoomServices {
  host: ZoneHost;
  sessions: Sessions;
  companions: Companions;
  choosing: Choosing;
  broods: Broods;
  dialogue: Dialogue;
  /** Whether inhabitants learn from what is played here. */
  learns: boolean;
  log: Log;
}

interface Guestbook {
  edge: Edge;
  presence: Presence | null;
  cardDue: boolean;
}

/** The room's class over these services. A room validates, queues and mirrors; the zone's host does the rest. */
export function zoneRoom(services: RoomServices) {
  const { host, companions, broods, choosing, dialogue, learns, log } = services;
  const choices = new Buckets(CHOICES_PER_MINUTE / 60, CHOICES_PER_MINUTE);
  const changes = new Buckets(CHANGES_PER_MINUTE / 60, CHANGE_BURST);
  const courting = new Buckets(COURTS_PER_MINUTE / 60, COURT_BURST);

  return class ZoneRoom extends Room<{ state: ZoneState }> {
    override state = new ZoneState();
    override autoDispose = false;
    override patchRate = 100;
    readonly book = new Map<string, Guestbook>();

    static override onAuth(_token: string, options: unknown, _context: AuthContext): Promise<Admitted> {
      return admit(services, options);
    }

    override onCreate(): void {
      this.state.zone = host.options.zoneName;
      this.state.epoch = Math.floor(host.zone.world.tick / EPOCH_TICKS);
      this.state.worldHash = bytesToHex(host.chronicle.worldHash ?? new Uint8Array(0));
      this.guardMessages();
    }

    override async onJoin(client: Client, _options: unknown, { id, until }: Admitted): Promise<void> {
      const entry: Guestbook = { edge: new Edge(performance.now()), presence: null, cardDue: false };
      this.book.set(client.sessionId, entry);
      let presence: Presence;
      try {
        presence = await host.enter(
          { id },
          {
            view: (bytes) => this.sendView(client, bytes),
            deeds: (message) => {
              tell(client, 'deeds', message);
              this.sendCardSoon(client, id);
            },
            replaced: () => this.expel(client, CLOSE.replaced, 'you joined from somewhere else'),
          },
        );
      } catch (error) {
        this.book.delete(client.sessionId);
        if (error instanceof ZoneFull) throw new ServerError(FULL, error.message);
        log(`join: ${reason(error)}`);
        throw error;
      }
      entry.presence = presence;
      if (until !== null) this.endAt(client, entry, until);
      const { person } = presence;
      const shown = new Person();
      shown.slot = presence.seat.slot;
      this.state.people.set(client.sessionId, shown);
      this.show(client.sessionId, person);
      tell(client, 'welcome', host.welcome(presence));
      tell(client, 'deeds', { counters: person.saved, savedTick: host.recorder.savedTick });
      this.sendCard(client, person);
      if (learns && person.learning) tell(client, 'notice', LEARNING);
      if (!this.state.saving) tell(client, 'notice', NOT_SAVING);
      companions.hatch(person).then(
        () => this.refresh(person.id),
        (error) => log(`hatch: ${reason(error)}`),
      );
      broods.greet(person.id).catch((error) => log(`broods: ${reason(error)}`));
    }

    override onLeave(client: Client): void {
      const entry = this.book.get(client.sessionId);
      this.book.delete(client.sessionId);
      this.state.people.delete(client.sessionId);
      if (entry?.presence) host.leave(entry.presence);
    }

    /** Shows everyone, and the player their card, what became of their symbiont. */
    refresh(identity: number): void {
      for (const client of this.clients) {
        const person = this.book.get(client.sessionId)?.presence?.person;
        if (person?.id !== identity) continue;
        this.show(client.sessionId, person);
        this.sendCard(client, person);
      }
    }

    /** Lets go of an identity's connections: they come back by whatever way in is left to them. */
    signOut(identity: number): void {
      for (const client of [...this.clients])
        if (this.book.get(client.sessionId)?.presence?.person.id === identity)
          this.expel(client, CLOSE.signedOut, 'signed out');
    }

    setSaving(saving: boolean): void {
      this.state.saving = saving;
      this.broadcast('notice', saving ? SAVING_AGAIN : NOT_SAVING);
    }

    /** A brain has taken over, and what is told of it. */
    tell({ role, since, tale, loaded }: Succession): void {
      if (!tale) return;
      this.broadcast('tale', {
        epoch: since,
        role,
        text: tale,
        brain: loaded.brain.id,
      } satisfies ServerMessages['tale']);
    }

    /** Who reads too slowly misses views; who does not read at all is let go. */
    private sendView(client: Client, bytes: Uint8Array): void {
      const { bufferedAmount } = (client as unknown as { ref: { bufferedAmount: number } }).ref;
      if (bufferedAmount > MOST_BACKLOG) this.expel(client, CLOSE.slow, 'the connection is too slow');
      else if (bufferedAmount < SOME_BACKLOG) client.sendBytes('view', bytes);
    }

    private show(session: string, person: Known): void {
      const shown = this.state.people.get(session);
      if (!shown) return;
      shown.name = person.name;
      shown.look = person.look;
      shown.genome = person.symbiont ? bytesToHex(person.symbiont.genome) : '';
      shown.stage = person.symbiont?.stage ?? 0;
      shown.branch = person.symbiont?.branch ?? 0;
      shown.model = person.symbiont?.model ?? '';
    }

    private endAt(client: Client, entry: Guestbook, time: number): void {
      this.clock.setTimeout(
        () => {
          if (this.book.get(client.sessionId) === entry)
            this.expel(client, CLOSE.signedOut, 'the session ended');
        },
        Math.max(0, time - Date.now()),
      );
    }

    /** The way to the next stage changes with every deed; telling it once a second is enough. */
    private sendCardSoon(client: Client, identity: number): void {
      const entry = this.book.get(client.sessionId);
      if (!entry || entry.cardDue) return;
      entry.cardDue = true;
      this.clock.setTimeout(() => {
        entry.cardDue = false;
        const person = host.people.get(identity);
        if (person && this.book.get(client.sessionId) === entry) this.sendCard(client, person);
      }, CARD_MS);
    }

    setEpoch(epoch: number, worldHash: Uint8Array): void {
      this.state.epoch = epoch;
      this.state.worldHash = bytesToHex(worldHash);
    }

    private sendCard(client: Client, person: Known): void {
      const card = companions.card(person.symbiont, person.counters, person.evolving);
      if (card) tell(client, 'symbiont', card);
    }

    /**
     * Puts our edge before Colyseus's own reading of messages, which would cut off whoever sends what it cannot read
     * instead of saying what is wrong.
     */
    private guardMessages(): void {
      const room = this as unknown as { _onMessage(client: Client, bytes: Uint8Array): void };
      const pass = room._onMessage.bind(this);
      room._onMessage = (client, bytes) => {
        const code = bytes?.[0];
        // That they have joined is said once.
        const joins = code === Protocol.JOIN_ROOM && client.state === ClientState.JOINING;
        if (joins || code === Protocol.LEAVE_ROOM) pass(client, bytes);
        else if (code === Protocol.PING) this.ping(client, bytes, pass);
        else this.receive(client, bytes, code === Protocol.ROOM_DATA);
      };
    }

    private ping(client: Client, bytes: Uint8Array, pass: (client: Client, bytes: Uint8Array) => void): void {
      const edge = this.book.get(client.sessionId)?.edge;
      if (edge && bytes.length === 1) {
        const hasty = edge.haste(performance.now());
        if (hasty) this.refuse(client, hasty);
        else pass(client, bytes);
      } else this.receive(client, bytes, false);
    }

    private receive(client: Client, bytes: Uint8Array, isData: boolean): void {
      const entry = this.book.get(client.sessionId);
      if (!entry) return;
      const now = performance.now();
      const verdict = isData
        ? entry.edge.read(bytes, now)
        : entry.edge.refuse('', 'message: only named messages are read here', now);
      if (verdict.ok) {
        if (entry.presence) this.handle(client, entry.edge, entry.presence, verdict.parsed);
      } else this.refuse(client, verdict);
    }

    private refuse(client: Client, refusal: Refusal): void {
      const { message, reason: why } = refusal;
      if (refusal.answer) tell(client, 'refused', { message, reason: why });
      if (refusal.expel) this.expel(client, CLOSE.expelled, 'too many bad messages');
    }

    private expel(client: Client, code: number, why: string): void {
      const entry = this.book.get(client.sessionId);
      this.book.delete(client.sessionId);
      if (entry?.presence) host.leave(entry.presence);
      client.leave(code, why);
    }

    private handle(client: Client, edge: Edge, presence: Presence, { type, message }: Parsed): void {
      const { person, seat } = presence;
      if (type === 'act') {
        const fault = host.zone.intend(seat, message);
        if (fault) this.refuse(client, edge.refuse(type, fault, performance.now()));
      } else if (type === 'ping') tell(client, 'pong', { at: message.at, tick: host.zone.world.tick });
      else if (type === 'chat')
        this.broadcast('chat', {
          slot: seat.slot,
          name: person.name,
          text: tidy(message.text),
        } satisfies ServerMessages['chat']);
      else if (type === 'say') this.converse(client, edge, presence, message);
      else if (type === 'companion') {
        // Their card tells when it walks with them.
        const free = choices.take(String(person.id), performance.now());
        const why = `choices: at most ${CHOICES_PER_MINUTE} a minute`;
        if (free) this.attempt(client, edge, type, choosing.choose(person, message.asset));
        else this.refuse(client, edge.refuse(type, why, performance.now()));
      } else if (type === 'court') {
        // The other player hears of it where it can be.
        const free = courting.take(String(person.id), performance.now());
        const why = `court: at most ${COURTS_PER_MINUTE} questions a minute`;
        if (free) this.attempt(client, edge, type, broods.ask(presence, message.slot, message.heir));
        else this.refuse(client, edge.refuse(type, why, performance.now()));
      } else if (type === 'answer')
        this.attempt(client, edge, type, broods.answer(person, message.id, message.yes));
      else this.change(client, edge, person, type, message);
    }

    /** A sentence to an NPC: those near hear it and, when it is understood, the answer. */
    private converse(client: Client, edge: Edge, { seat }: Presence, message: ClientMessages['say']): void {
      const { target, text } = message;
      dialogue.hear(seat, target, text).then(
        (heard) => {
          if (!heard.ok) this.refuse(client, edge.refuse('say', heard.reason, performance.now()));
          else {
            const near = this.near(client, seat.slot);
            for (const one of near) {
              tell(one, 'said', { slot: seat.slot, to: target, text: tidy(text) });
              tell(one, 'said', { slot: target, to: seat.slot, text: heard.answer });
            }
          }
        },
        (error) => log(`say: ${reason(error)}`),
      );
    }

    /** The speaker and some of those in sight: in a crowd not everybody hears everything. */
    private near(speaker: Client, slot: number): Client[] {
      const found = [speaker];
      for (const client of this.clients) {
        const seat = this.book.get(client.sessionId)?.presence?.seat;
        if (client === speaker || !seat || !within(host.zone.world, seat.slot, slot, BALANCE.sight)) continue;
        if (found.push(client) > MOST_LISTENERS) break;
      }
      return found;
    }

    /** What has to be looked up before it is done: a wish that cannot be is refused, and of a fault they are told. */
    private attempt(
      client: Client,
      edge: Edge,
      type: 'court' | 'answer' | 'companion',
      done: Promise<void>,
    ): void {
      done.catch((error) => {
        if (error instanceof WishRefused) {
          this.refuse(client, edge.refuse(type, error.message, performance.now()));
          return;
        }
        log(`${type}: ${reason(error)}`);
        tell(client, 'notice', { level: 'warning', text: FAILED[type] });
      });
    }

    /** Tells a player something, if they are here. */
    tellPerson<K extends 'asked' | 'brood' | 'notice'>(
      identity: number,
      name: K,
      message: ServerMessages[K],
    ): void {
      for (const client of this.clients)
        if (this.book.get(client.sessionId)?.presence?.person.id === identity) tell(client, name, message);
    }

    private change(
      client: Client,
      edge: Edge,
      person: Known,
      type: 'rename' | 'look',
      change: ClientMessages['rename'] | ClientMessages['look'],
    ): void {
      if (!changes.take(String(person.id), performance.now())) {
        const why = `${type}: at most ${CHANGES_PER_MINUTE} changes a minute`;
        this.refuse(client, edge.refuse(type, why, performance.now()));
        return;
      }
      try {
        if ('name' in change) checkName(change.name);
      } catch (error) {
        if (!(error instanceof NameRefused)) throw error;
        this.refuse(client, edge.refuse('rename', error.message, performance.now()));
        return;
      }
      Object.assign(person, change);
      this.show(client.sessionId, person);
      setAppearance(host.options.store, person.id, change).catch((error) => {
        log(`rename: ${reason(error)}`);
        tell(client, 'notice', { level: 'warning', text: 'Your change could not be saved.' });
      });
    }
  };
}

export type ZoneRoom = InstanceType<ReturnType<typeof zoneRoom>>;

function tell<K extends Exclude<keyof ServerMessages, 'view'>>(
  client: Client,
  name: K,
  message: ServerMessages[K],
): void {
  client.send(name, message);
}
