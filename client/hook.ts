import type { Play } from '#client/game/play.ts';
import { drawable, portraitHash } from '#client/game/portrait.ts';
import type { SymbiontCard } from '#shared/protocol/messages.ts';

/** What tests may read of the running page; nothing can be changed through it. */
export interface Hook {
  readonly ready: boolean;
  readonly slot: number;
  readonly tick: number;
  /** One's own position in 1/256 tile. */
  readonly position: { x: number; y: number };
  readonly status: number;
  readonly health: number;
  readonly stamina: number;
  readonly goods: {
    fruit: number;
    crystal: number;
    bankedFruit: number;
    bankedCrystal: number;
    coins: number;
  };
  readonly deeds: readonly number[];
  readonly symbiont: SymbiontCard | null;
  /** Whom one belongs to: the guest's own address, or the wallet's. */
  readonly address: string;
  /** SHA-256 of the picture as this page draws it. */
  readonly pictureHash: string | null;
  readonly others: { slot: number; role: number; status: number; x: number; y: number }[];
  readonly nodes: { kind: number; x: number; y: number; amount: number }[];
  readonly names: string[];
  /** Where a position (1/256 tile) is on the page, in CSS pixels. */
  toPage(x: number, y: number): { x: number; y: number };
}

declare global {
  interface Window {
    __symbiont?: Hook;
  }
}

/** Makes the hook; `toPage` comes from the scene, once there is one. */
export function exposeHook(play: Play, toPage: () => Hook['toPage'] | null): void {
  const me = () => play.predictor?.world;
  const hook: Hook = {
    get ready() {
      return play.ready;
    },
    get slot() {
      return play.slot;
    },
    get tick() {
      return Math.floor(play.others.serverTick(performance.now()));
    },
    get position() {
      return play.predictor?.position() ?? { x: 0, y: 0 };
    },
    get status() {
      return me()?.status[0] ?? 0;
    },
    get health() {
      return me()?.health[0] ?? 0;
    },
    get stamina() {
      return me()?.stamina[0] ?? 0;
    },
    get goods() {
      const w = me();
      return {
        fruit: w?.fruit[0] ?? 0,
        crystal: w?.crystal[0] ?? 0,
        bankedFruit: w?.bankedFruit[0] ?? 0,
        bankedCrystal: w?.bankedCrystal[0] ?? 0,
        coins: w?.coins[0] ?? 0,
      };
    },
    get deeds() {
      return [...play.deeds];
    },
    get symbiont() {
      return play.symbiont ? structuredClone(play.symbiont) : null;
    },
    get address() {
      return play.welcome?.address ?? '';
    },
    get pictureHash() {
      return play.symbiont && drawable(play.symbiont) ? portraitHash(play.symbiont) : null;
    },
    get others() {
      return [...play.shown(performance.now()).values()].map(({ slot, role, status, x, y }) => ({
        slot,
        role,
        status,
        x,
        y,
      }));
    },
    get nodes() {
      const { nodeKind, nodeX, nodeY } = play.terrain;
      return [...nodeKind].map((kind, n) => ({
        kind,
        x: nodeX[n],
        y: nodeY[n],
        amount: me()?.nodeAmount[n] ?? 0,
      }));
    },
    get names() {
      return [...play.people.values()].map((p) => p.name);
    },
    toPage: (x, y) => toPage()?.(x, y) ?? { x: 0, y: 0 },
  };
  Object.defineProperty(window, '__symbiont', { value: hook });
}
