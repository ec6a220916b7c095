import type { Play } from '#client/game/play.ts';
import type { Sounds } from '#client/sound/sounds.ts';
import type { SeenEvent } from '#shared/protocol/view.ts';
import { EVENT } from '#shared/world/index.ts';
import type { Companion } from './companion.ts';
import type { Creature } from './creature.ts';
import { PX } from './depth.ts';
import type { Effects } from './effects.ts';
import type { Places } from './places.ts';

interface Stage {
  creature: (slot: number) => Creature | undefined;
  companion: (slot: number) => Companion | undefined;
}

type Teller = (event: SeenEvent, actor: Creature | undefined, target: Creature | undefined) => void;

/** Tells events by pictures and sounds: one line for each kind of event. */
export class Story {
  private readonly tellers: Record<number, Teller>;

  constructor(play: Play, effects: Effects, places: Places, sounds: Sounds, stage: Stage) {
    const mine = (slot: number) => slot === play.slot;
    const loud = (e: SeenEvent) => (mine(e.actor) || mine(e.target) ? 1 : 0.35);
    this.tellers = {
      [EVENT.swung]: (e, actor) => {
        actor?.swing(performance.now());
        sounds.strike(loud(e));
      },
      [EVENT.hit]: (e, _actor, target) => {
        if (!target) return;
        target.wound(performance.now());
        effects.hit(target.x, target.y, e.amount, mine(e.actor) || mine(e.target));
        sounds.hit(loud(e));
      },
      [EVENT.blocked]: (e, _actor, target) => {
        if (target) effects.blocked(target.x, target.y);
        sounds.block(loud(e));
      },
      [EVENT.stole]: (e, actor, target) => {
        if (actor && target) effects.fly(e.amount, target.x, target.y - 40, actor.x, actor.y - 40);
      },
      [EVENT.down]: (e, _actor, target) => {
        if (target) effects.poof(target.x, target.y);
        sounds.down(loud(e));
      },
      [EVENT.returned]: (_e, actor) => {
        if (actor) effects.ring(actor.x, actor.y);
      },
      [EVENT.gathered]: (e, actor) => {
        places.shake(e.amount);
        const at = places.position(e.amount);
        if (actor) effects.fly(e.target, at.x, at.y - 30, actor.x, actor.y - 40);
        if (mine(e.actor)) sounds.gather();
      },
      [EVENT.gave]: (e, actor, target) => {
        if (actor && target) effects.fly(e.amount, actor.x, actor.y - 40, target.x, target.y - 40);
        if (target) effects.sparkle(target.x, target.y - 30, 'fx-heart', 2);
        if (mine(e.actor) || mine(e.target)) sounds.give();
      },
      [EVENT.sold]: (e, actor) => {
        const stall = play.terrain.stalls[e.target];
        if (actor) effects.fly(e.amount, actor.x, actor.y - 40, stall.x * PX, stall.y * PX - 60);
      },
      [EVENT.bought]: (e, actor) => {
        const stall = play.terrain.stalls[e.target];
        if (actor) effects.fly(e.amount, stall.x * PX, stall.y * PX - 60, actor.x, actor.y - 40);
      },
      [EVENT.paid]: (e, actor) => {
        if (!actor || !mine(e.actor)) return;
        const text = `${e.target === 1 ? '+' : '−'}${e.amount} ${e.amount === 1 ? 'coin' : 'coins'}`;
        effects.rise(actor.x, actor.y - 84, text, e.target === 1 ? '#ffe08a' : '#ffd0c0');
        sounds.give();
      },
      [EVENT.banked]: (e, actor) => {
        if (!actor || !mine(e.actor)) return;
        effects.rise(actor.x, actor.y - 84, '+1 home', '#ffe08a');
        sounds.bank();
      },
      [EVENT.ate]: (e, actor) => {
        if (actor) effects.sparkle(actor.x, actor.y - 30, 'item-fruit', 1);
        if (mine(e.actor)) sounds.eat();
      },
      [EVENT.deed]: (e) => {
        const companion = stage.companion(e.actor);
        if (companion && mine(e.actor)) effects.sparkle(companion.x, companion.y, 'fx-star', 1);
      },
    };
    play.on('event', (e) => this.tellers[e.kind]?.(e, stage.creature(e.actor), stage.creature(e.target)));
  }
}
