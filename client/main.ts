import { PLAYER_LOOKS } from '#client/game/looks.ts';
import { Play } from '#client/game/play.ts';
import { loadArt } from '#client/game/portrait.ts';
import { exposeHook, type Hook } from '#client/hook.ts';
import { Hud } from '#client/hud/hud.ts';
import { Controls } from '#client/input/controls.ts';
import { Connection } from '#client/net/connection.ts';
import { readPictures } from '#client/scene/map.ts';
import { Sounds } from '#client/sound/sounds.ts';
import { parseMap } from '#shared/world/index.ts';

const MAP = '/maps/hollow.json';

const say = (text: string) => {
  document.getElementById('splash-text')!.textContent = text;
};

async function fetchMap(): Promise<unknown> {
  for (let wait = 500; ; wait = Math.min(8000, wait * 2)) {
    try {
      const response = await fetch(MAP);
      if (response.ok) return await response.json();
      say(`The map is not there (${response.status}). Trying again…`);
    } catch {
      say('The Hollow is out of reach. Trying again…');
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function start(): Promise<void> {
  // Everything that has to travel sets out at once.
  const scene = import('#client/scene/game.ts');
  const art = loadArt();
  const json = await fetchMap();
  const map = readPictures(json);
  const connection = new Connection(Math.floor(Math.random() * PLAYER_LOOKS.length));
  const play = new Play(parseMap(json), connection);
  const controls = new Controls(document.getElementById('world')!);
  const sounds = new Sounds();
  let toPage: Hook['toPage'] | null = null;
  exposeHook(play, () => toPage);
  await art;
  const root = document.getElementById('hud')!;
  const hud = new Hud(root, play, controls, sounds, map);
  void connection.run();
  const { startGame } = await scene;
  let shown = false;
  toPage = startGame(document.getElementById('world')!, {
    play,
    controls,
    sounds,
    map,
    onFrame: (nowMs, others) => {
      if (play.ready && !shown) {
        shown = true;
        root.hidden = false;
        document.getElementById('splash')!.classList.add('gone');
        hud.dialogs.firstVisit();
      }
      if (shown) hud.update(nowMs, others);
    },
  });
}

start().catch((error: unknown) => {
  console.error(error);
  say(`The Hollow cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
});
