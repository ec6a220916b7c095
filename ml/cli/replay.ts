import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { EVENT_NAMES, TICKS_PER_SECOND } from '#shared/world/index.ts';
import { writeAtomically } from '../files.ts';
import { inhabitants, scriptedInhabitants } from '../suite/brains.ts';
import { decodeSession, encodeSession, replay, SessionError } from '../suite/session.ts';
import { pathPictures, pathStory, recordPath } from '../suite/showcase.ts';
import { readArguments } from './options.ts';
import { duration } from './table.ts';

/** Steps a recorded session again and says whether it ends where it ended; `--record` makes one. */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    {
      record: 'boolean',
      seed: 'string',
      brains: 'string',
      scripted: 'boolean',
      blind: 'boolean',
      pictures: 'string',
    },
    1,
  );
  const [file] = given.positionals;
  if (given.flag('record')) {
    const minds = given.flag('scripted')
      ? scriptedInhabitants()
      : inhabitants(given.flag('blind'), given.text('brains'));
    writeAtomically(file, encodeSession(recordPath(minds, given.number('seed', 0, 0xffffffff) ?? 1)));
  }
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(readFileSync(file));
  } catch (error) {
    throw new SessionError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  const session = decodeSession(bytes);
  const counts = new Map<string, number>();
  const begin = performance.now();
  replay(session, ({ events }) => {
    for (let e = 0; e < events.count; e++) {
      const name = EVENT_NAMES[events.kind(e)];
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  });
  const seconds = (performance.now() - begin) / 1000;
  const length = session.inputs.length / TICKS_PER_SECOND;
  console.log(`${session.title}: ${session.capacity} agents, ${duration(length)} in ${seconds.toFixed(1)} s`);
  console.log([...counts].map(([name, n]) => `${name} ${n}`).join(', '));
  console.log(`ends in the recorded state: ${session.hash}`);
  const story = pathStory(session);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  console.log(
    `guards near the robber's ways ${story.onTheWay.map(percent).join(' → ')}, goods robbed ${story.robbed.join(' → ')}, brought down ${story.felled.join(' → ')} times`,
  );
  const folder = given.text('pictures');
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  pathPictures(story).forEach((svg, k) => {
    const name = path.join(folder, k === 0 ? 'path-before.png' : 'path-after.png');
    writeAtomically(name, new Resvg(svg, { fitTo: { mode: 'zoom', value: 1.5 } }).render().asPng());
    console.log(name);
  });
}
