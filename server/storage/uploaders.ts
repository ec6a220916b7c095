import { pathToFileURL } from 'node:url';
import {
  createGenericFileFromJson,
  type GenericFile,
  sol,
  type Umi,
  type UmiPlugin,
  type UploaderInterface,
} from '@metaplex-foundation/umi';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { readPicture, readStrip } from '#shared/art/index.ts';
import { MAX_METADATA_BYTES } from '#shared/art/metadata.ts';
import { type Blob, keepBlobs } from '../store/blobs.ts';
import type { Store } from '../store/store.ts';
import type { CarWriter } from './car.ts';
import { StorageError } from './error.ts';

/** Canonical picture bytes, which the game's server renders. */
export const PICTURE_TYPE = 'application/vnd.symbiont.picture';

/** What an uploader does with one file; several go one after the other, all or as far as it goes. */
function uploader(uploadAll: (files: GenericFile[]) => Promise<string[]>): UploaderInterface {
  return {
    upload: uploadAll,
    uploadJson: async (json) => (await uploadAll([createGenericFileFromJson(json)]))[0],
    getUploadPrice: async () => sol(0),
  };
}

/** Puts files into a CAR under their names; their URIs are their content's addresses. */
export function carUploader(car: CarWriter): UploaderInterface {
  return uploader(async (files) =>
    files.map(({ fileName, buffer }) => `ipfs://${car.add(fileName, buffer)}`),
  );
}

/**
 * Keeps documents in the game's own database, from which its server answers for them; all of one call or none. Only what
 * it serves is taken: metadata, and pictures as their canonical bytes.
 */
export function embeddedUploader(store: Store, publicUrl: string): UploaderInterface {
  return uploader(async (files) => {
    const kept = files.map((file) => embedded(file, publicUrl));
    await store.run((db) =>
      db.transaction((tx) =>
        keepBlobs(
          tx,
          kept.map(({ blob }) => blob),
        ),
      ),
    );
    return kept.map(({ uri }) => uri);
  });
}

function embedded({ buffer, contentType, fileName }: GenericFile, base: string): { blob: Blob; uri: string } {
  const hash = sha256(buffer);
  const name = bytesToHex(hash);
  if (contentType === PICTURE_TYPE) {
    const type = readPicture(buffer) ? 'png' : readStrip(buffer) ? 'gif' : null;
    if (!type) throw new StorageError(`${fileName}: are no picture's bytes`);
    return { blob: { hash, kind: 'picture', body: buffer }, uri: `${base}/art/${name}.${type}` };
  }
  if (contentType !== 'application/json')
    throw new StorageError(
      `${fileName}: the game keeps application/json and ${PICTURE_TYPE}, not ${contentType ?? 'files without a type'}`,
    );
  if (buffer.length > MAX_METADATA_BYTES)
    throw new StorageError(`${fileName}: must be at most ${MAX_METADATA_BYTES} bytes, is ${buffer.length}`);
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(buffer));
  } catch {
    throw new StorageError(`${fileName}: is no JSON`);
  }
  return { blob: { hash, kind: 'metadata', body: buffer }, uri: `${base}/metadata/${name}.json` };
}

/** Storages that umi has a plugin for, by short names: the package and what it exports. */
const PLUGINS: Readonly<Record<string, string>> = {
  irys: '@metaplex-foundation/umi-uploader-irys:irysUploader',
};

/**
 * Takes the uploader of a umi plugin that is installed here. Its code runs with all rights: name only what you trust.
 * @param name `irys`, or PACKAGE:EXPORT, the package's name or a path of a module beginning with ./ or /
 * @param address the storage's own address, where the plugin takes one (Irys: its devnet's)
 * @throws StorageError where it is not installed or is no plugin
 */
export async function pluginUploader(umi: Umi, name: string, address?: string): Promise<UploaderInterface> {
  const [, from, factory] = /^(.+):(\w+)$/.exec(PLUGINS[name] ?? name) ?? [];
  if (!from)
    throw new StorageError(
      `--to: must be ${Object.keys(PLUGINS).join(', ')} or PACKAGE:EXPORT, is "${name.slice(0, 100)}"`,
    );
  let module: Record<string, unknown>;
  try {
    module = (await import(/^[./]/.test(from) ? pathToFileURL(from).href : from)) as Record<string, unknown>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StorageError(
      code === 'ERR_MODULE_NOT_FOUND' && message.includes(from)
        ? `--to ${name}: ${from} is not installed; npm install ${from} brings it`
        : `--to ${name}: ${from} cannot be loaded: ${message}`,
    );
  }
  const make = module[factory] ?? (module.default as Record<string, unknown> | undefined)?.[factory];
  if (typeof make !== 'function') throw new StorageError(`--to ${name}: ${from} exports no ${factory}`);
  const plugin = (make as (options?: { address: string }) => UmiPlugin)(address ? { address } : undefined);
  if (typeof plugin?.install !== 'function')
    throw new StorageError(`--to ${name}: ${factory} is no umi plugin`);
  umi.use(plugin);
  return umi.uploader;
}
