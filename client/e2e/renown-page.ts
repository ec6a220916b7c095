import mapJson from '#assets/maps/hollow.json';
import { Play } from '#client/game/play.ts';
import { loadArt } from '#client/game/portrait.ts';
import { Hud } from '#client/hud/hud.ts';
import { Controls } from '#client/input/controls.ts';
import { Connection } from '#client/net/connection.ts';
import { startGame } from '#client/scene/game.ts';
import { readPictures } from '#client/scene/map.ts';
import { Sounds } from '#client/sound/sounds.ts';
import { Person, ZoneState } from '#shared/protocol/state.ts';
import { decodeView, encodeCell, encodeView } from '#shared/protocol/view.ts';
import {
  createWorld,
  FORAGER,
  Inputs,
  isHome,
  parseMap,
  STRIKE,
  step,
  WANDERER,
} from '#shared/world/index.ts';

/**
 * A small real world in the page, which it is shown by the bytes of its views, as over a socket: one player robs two
 * workers by blows alone, another one looks on.
 */
const [ROBBER, BAKER, MINER, WITNESS] = [0, 1, 2, 3];
const NAMES = ['Robber', '', '', 'Witness'];
const TICK_MS = 10;

const terrain = parseMap(mapJson);
const world = createWorld(terrain, { seed: 1, capacity: NAMES.length });
const inputs = new Inputs(8);

function tick(fill: (inputs: Inputs) => void = () => {}): void {
  inputs.clear();
  fill(inputs);
  step(world, inputs);
}

/** Side by side where nobody is at home. */
function place(): void {
  const free = (x: number, y: number) =>
    [0, 1, 2, 3].every((dx) => !terrain.blocked[y * terrain.width + x + dx]);
  for (let y = 2; y < terrain.height - 2; y++)
    for (let x = 2; x < terrain.width - 6; x++) {
      if (![-1, 0, 1].every((dy) => free(x, y + dy))) continue;
      for (const [i, dx] of [MINER, ROBBER, BAKER, WITNESS].entries()) {
        world.x[dx] = ((x + i) << 8) + 128;
        world.y[dx] = (y << 8) + 128;
      }
      if (NAMES.every((_, i) => !isHome(world, i))) return;
    }
}

tick((now) => {
  now.join(ROBBER, { role: WANDERER, tag: 1 });
  now.join(BAKER, { role: FORAGER, tag: 2, fruit: 12 });
  now.join(MINER, { role: FORAGER, tag: 3, crystal: 12 });
  now.join(WITNESS, { role: WANDERER, tag: 4 });
});
place();

await loadArt();
const connection = new Connection(0);
const play = new Play(terrain, connection);
const controls = new Controls(document.getElementById('world')!);
const sounds = new Sounds();
const pictures = readPictures(mapJson);
const hud = new Hud(document.getElementById('hud')!, play, controls, sounds, pictures);
const toPage = startGame(document.getElementById('world')!, {
  play,
  controls,
  sounds,
  map: pictures,
  onFrame: (nowMs, others) => hud.update(nowMs, others),
});

let watching = ROBBER;
function look(slot: number): void {
  watching = slot;
  const state = new ZoneState();
  for (const [at, name] of NAMES.entries()) {
    if (!name) continue;
    state.people.set(name, new Person().assign({ slot: at, name, look: at }));
  }
  connection.emit('welcome', {
    slot,
    id: slot,
    name: NAMES[slot],
    look: slot,
    zone: 'The Hollow',
    map: 'hollow.json',
    tick: world.tick,
    tickMs: TICK_MS,
    address: '',
    nodes: [...world.nodeAmount],
  });
  connection.emit('people', state);
  tell();
}

/** What the zone would send now. */
function tell(): void {
  const { events } = world;
  const seen = Array.from({ length: events.count }, (_, e) => ({
    kind: events.kind(e),
    actor: events.actor(e),
    target: events.target(e),
    amount: events.amount(e),
  }));
  const cells = [encodeCell(world, [ROBBER, BAKER, MINER, WITNESS])];
  const parts = { ack: 0, ackTick: 0, slot: watching, cells, nodes: [], events: seen };
  connection.emit('view', decodeView(encodeView(world, parts)));
}

/** Lets time pass as the world has it until something holds. @returns ticks that it took */
async function until(holds: () => boolean, action: number): Promise<number> {
  let ticks = 0;
  while (!holds()) {
    if (++ticks > 3_000) throw new Error('renown: did not change within 3,000 ticks');
    tick((now) => now.act(ROBBER, action));
    tell();
    await new Promise((done) => setTimeout(done, TICK_MS));
  }
  return ticks;
}

const stage = {
  look: (who: 'robber' | 'witness') => look(who === 'robber' ? ROBBER : WITNESS),
  /** Strikes until it is an outlaw. */
  rob: () => until(() => world.outlaw[ROBBER] === 1, STRIKE),
  /** A quiet while, of which nothing is shown but its last moments. */
  keepQuiet: async () => {
    while (world.infamy[ROBBER] > 1_040) tick((now) => now.act(ROBBER, 0));
    return until(() => world.outlaw[ROBBER] === 0, 0);
  },
  state: () => ({
    outlaw: world.outlaw[ROBBER],
    loot: world.fruit[ROBBER] + world.crystal[ROBBER],
    infamy: world.infamy[ROBBER],
  }),
  /** Pixels of the colour of an outlaw's name over the robber's head. */
  red: (): number => {
    const canvas = document.querySelector('canvas')!;
    const { x, y } = toPage(world.x[ROBBER], world.y[ROBBER]);
    const data = canvas.getContext('2d')!.getImageData(x - 60, y - 130, 120, 110).data;
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (Math.abs(data[at] - 255) + Math.abs(data[at + 1] - 106) + Math.abs(data[at + 2] - 90) < 24) count++;
    return count;
  },
};

declare global {
  interface Window {
    __renown?: typeof stage;
  }
}
window.__renown = stage;
