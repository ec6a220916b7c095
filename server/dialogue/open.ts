import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Log, reason } from '../log.ts';
import { Encoder } from './encoder.ts';
import { Keywords } from './keywords.ts';
import { isGerman } from './language.ts';
import type { WorkerSettings } from './messages.ts';
import type { Understanding } from './understanding.ts';

export interface UnderstandingOptions {
  /** `DIALOGUE_MODEL`: a local folder, the name of a hub model, `keywords` for no encoder, or null for the embedded one. */
  model: string | null;
  /** Folder of the embedded encoder and of the examples. */
  assets: string;
  /** Where hub models are kept. */
  cacheDir?: string;
  log: Log;
}

/** The encoder that is configured, else the embedded one, else keywords; it says in the log what it came to. */
export async function openUnderstanding(options: UnderstandingOptions): Promise<Understanding> {
  const { model, assets, cacheDir = null, log } = options;
  if (model === 'keywords') {
    log('NPCs understand by keywords, as configured');
    return new Keywords(isGerman);
  }
  const examplesFile = join(assets, 'examples.json');
  const folder = (path: string): WorkerSettings => {
    const head = join(path, 'head.json');
    return {
      model: path,
      local: true,
      headFile: existsSync(head) ? head : null,
      examplesFile,
      cacheDir,
    };
  };
  const tries: { name: string; settings: WorkerSettings }[] = [];
  if (model && existsSync(model)) tries.push({ name: basename(model), settings: folder(resolve(model)) });
  else if (model)
    tries.push({ name: model, settings: { model, local: false, headFile: null, examplesFile, cacheDir } });
  tries.push({ name: 'encoder', settings: folder(join(assets, 'encoder')) });
  for (const { name, settings } of tries) {
    try {
      const encoder = await Encoder.open(name, settings, log);
      log(`NPCs understand by ${name === 'encoder' ? 'the embedded encoder' : name}`);
      return encoder;
    } catch (error) {
      log(`encoder ${name}: ${reason(error)}`);
    }
  }
  log('no encoder could be loaded: NPCs understand by keywords only');
  return new Keywords(isGerman);
}
