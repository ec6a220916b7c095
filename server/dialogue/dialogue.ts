import { ALIVE, BALANCE, EMPTY, type World } from '#shared/world/index.ts';
import { type Log, reason } from '../log.ts';
import type { Seat, Zone } from '../zone/zone.ts';
import { composeAnswer, topicOf } from './answers.ts';
import { QueueFull } from './encoder.ts';
import { Keywords } from './keywords.ts';
import { isGerman } from './language.ts';
import type { Memory, Recalled } from './memory.ts';
import { situationOf } from './situation.ts';
import type { Understanding } from './understanding.ts';

/** What became of a sentence: the NPC's answer and what was understood, or why it was refused. */
export type Heard = { ok: true; answer: string; tone: number } | { ok: false; reason: string };

export interface DialogueParts {
  zone: Zone;
  memory: Memory;
  log: Log;
}

const NOTHING: Recalled = { met: 0, alike: null, strongest: null, last: null };

/**
 * Players speak to NPCs. What is understood goes into the world as a tone, and the world's rules decide what that does;
 * the answer is made of the NPC's state and of what it remembers.
 */
export class Dialogue {
  private readonly parts: DialogueParts;
  private understanding: Understanding = new Keywords(isGerman);
  /** Identities whose last sentence is not answered yet. */
  private readonly speaking = new Set<number>();
  private closed = false;

  constructor(parts: DialogueParts) {
    this.parts = parts;
  }

  /** Understands by this from now on. */
  use(understanding: Understanding): void {
    const before = this.understanding;
    this.understanding = understanding;
    void (this.closed ? understanding : before).close();
  }

  /** What it understands by: `encoder`, a hub model's name, a folder, or `keywords`. */
  get by(): string {
    return this.understanding.name;
  }

  /** Takes in what a player says to NPC `target`. The text is normalised and of bounded length (see the message's schema). */
  async hear(seat: Seat, target: number, text: string): Promise<Heard> {
    const { zone, memory, log } = this.parts;
    const { world } = zone;
    const fault = this.fault(seat, target);
    if (fault) return { ok: false, reason: fault };
    this.speaking.add(seat.identity);
    try {
      const { understanding } = this;
      const { model } = understanding;
      const understood = await understanding.understand(text);
      const { tone, german } = understood;
      const recalled = await memory
        .recall(target, seat.identity, understood, model)
        .catch((error): Recalled => {
          log(`memories: ${reason(error)}`);
          return NOTHING;
        });
      const gone = zone.seatAt(seat.slot) !== seat || world.status[target] !== ALIVE;
      if (gone) return { ok: false, reason: `target: ${target} does not hear you any more` };
      const topic = topicOf(text);
      const situation = situationOf(world, target, seat.slot);
      const answer = composeAnswer({ situation, tone, german, topic, recalled });
      if (tone > 0) zone.speak(seat, target, tone);
      memory
        .remember(target, seat.identity, understood, { tick: world.tick, model })
        .catch((error) => log(`memories: ${reason(error)}`));
      return { ok: true, answer, tone };
    } catch (error) {
      if (error instanceof QueueFull)
        return { ok: false, reason: 'text: too many are speaking; say it again' };
      throw error;
    } finally {
      this.speaking.delete(seat.identity);
    }
  }

  /** Forgets what this player said to anyone. @returns how many memories were deleted */
  async forget(identity: number): Promise<number> {
    return this.parts.memory.forget(identity);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.understanding.close();
    await this.parts.memory.close();
  }

  /** Why this player cannot say something to `target` now, or null. */
  private fault({ slot, identity }: Seat, target: number): string | null {
    const { world, minds } = this.parts.zone;
    if (target >= minds.count)
      return `target: ${target}, must be an inhabitant's place, 0..${minds.count - 1}`;
    if (world.status[slot] !== ALIVE) return 'target: you are down';
    if (world.status[target] !== ALIVE) return `target: ${target} cannot hear you now`;
    if (!within(world, slot, target, BALANCE.hearing))
      return `target: ${target} is further away than ${BALANCE.hearing / 256} tiles`;
    if (this.speaking.has(identity) || world.voice[slot] > 0)
      return `text: one sentence every ${BALANCE.voiceCooldown / 20} seconds`;
    return null;
  }
}

/** Whether two inhabitants are within a distance (1/256 tile) of each other. */
export function within(world: World, a: number, b: number, distance: number): boolean {
  if (world.status[a] === EMPTY || world.status[b] === EMPTY) return false;
  const [dx, dy] = [world.x[a] - world.x[b], world.y[a] - world.y[b]];
  return dx * dx + dy * dy <= distance * distance;
}
