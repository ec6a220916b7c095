import type { Connection } from '#client/net/connection.ts';
import { Interpolator, type ShownAgent } from '#client/net/interpolation.ts';
import { Predictor } from '#client/net/prediction.ts';
import type { SymbiontCard, Welcome } from '#shared/protocol/messages.ts';
import type { SeenEvent, View } from '#shared/protocol/view.ts';
import { EVENT, type Terrain, type World } from '#shared/world/index.ts';
import { Emitter } from './emitter.ts';

/** A player in the zone as others see them. */
export interface Someone {
  slot: number;
  name: string;
  look: number;
  genome: string;
  stage: number;
  branch: number;
  /** Id of the art model that draws it; empty: the world's own. */
  model: string;
}

interface PlayEvents {
  welcome: Welcome;
  /** Something happened, at the moment it is shown. */
  event: SeenEvent;
  symbiont: SymbiontCard;
  deeds: readonly number[];
  people: ReadonlyMap<number, Someone>;
}

/** Everything the page knows of the zone now: one's own predicted agent, the others shown, places, people, the symbiont. */
export class Play extends Emitter<PlayEvents> {
  readonly terrain: Terrain;
  readonly connection: Connection;
  readonly others = new Interpolator();
  predictor: Predictor | null = null;
  welcome: Welcome | null = null;
  symbiont: SymbiontCard | null = null;
  people: ReadonlyMap<number, Someone> = new Map();
  /** Deeds over the whole life: what is saved, and what happened since. */
  deeds: number[] = new Array<number>(8).fill(0);
  ready = false;
  private queue: { tick: number; event: SeenEvent }[] = [];

  constructor(terrain: Terrain, connection: Connection) {
    super();
    this.terrain = terrain;
    this.connection = connection;
    connection.on('welcome', (w) => this.begin(w));
    connection.on('view', (v) => this.see(v));
    connection.on('deeds', ({ counters, anew }) => {
      this.deeds = counters.map((c, i) => (anew ? c : Math.max(c, this.deeds[i] ?? 0)));
      this.emit('deeds', this.deeds);
    });
    connection.on('symbiont', (card) => {
      this.symbiont = card;
      this.emit('symbiont', card);
    });
    connection.on('people', (state) => {
      const people = new Map<number, Someone>();
      state.people?.forEach(({ slot, name, look, genome, stage, branch, model }) => {
        people.set(slot, { slot, name, look, genome, stage, branch, model });
      });
      this.people = people;
      this.emit('people', people);
    });
    connection.on('replaced', () => {
      this.ready = false;
    });
    connection.on('link', ({ up }) => {
      if (!up) this.ready = false;
    });
  }

  get slot(): number {
    return this.welcome?.slot ?? -1;
  }

  /** One's own world of one, as predicted; null before the first view. */
  get me(): World | null {
    return this.ready ? (this.predictor?.world ?? null) : null;
  }

  act(action: number, arg = 0): void {
    const intent = this.ready ? this.predictor?.act(action, arg) : null;
    if (intent) this.connection.send('act', intent);
  }

  /** Moves time on; events become due when their tick is shown. */
  frame(nowMs: number, elapsedMs: number): void {
    this.predictor?.advance(elapsedMs);
    const shown = this.others.shownTick(nowMs);
    while (this.queue.length > 0 && this.queue[0].tick <= shown)
      this.emit('event', this.queue.shift()!.event);
  }

  shown(nowMs: number): Map<number, ShownAgent> {
    const all = this.others.shown(nowMs);
    all.delete(this.slot);
    return all;
  }

  private begin(welcome: Welcome): void {
    this.welcome = welcome;
    this.predictor = new Predictor(this.terrain, welcome.slot, welcome.nodes, welcome.tickMs);
    this.others.begin(welcome.tickMs);
    this.queue = [];
    this.ready = false;
    this.deeds = new Array<number>(8).fill(0);
    this.emit('welcome', welcome);
  }

  private see(view: View): void {
    if (!this.predictor) return;
    this.predictor.reconcile(view);
    this.others.add(view, performance.now());
    this.ready = true;
    for (const event of view.events) {
      const mine = event.actor === this.slot || (event.target === this.slot && event.kind !== EVENT.deed);
      if (event.kind === EVENT.deed && event.actor === this.slot) this.count(event.target, event.amount);
      // What I did or suffered is shown at once: waiting for the others' moment would feel like lag.
      if (mine) this.emit('event', event);
      else this.queue.push({ tick: view.tick, event });
    }
  }

  private count(deed: number, amount: number): void {
    this.deeds[deed] = (this.deeds[deed] ?? 0) + amount;
    this.emit('deeds', this.deeds);
  }
}
