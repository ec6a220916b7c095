import { existsSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CloseCode } from '@colyseus/core';
import express from 'express';
import { PROTOCOL } from '#shared/protocol/index.ts';
import { BRAINS_ID } from '../programs/client/brains.ts';
import { CHRONICLE_ID } from '../programs/client/chronicle.ts';
import { EVOLUTION_ID, MPL_CORE_ID } from '../programs/client/index.ts';
import { Broods } from './breeding/broods.ts';
import { BroodSigning } from './breeding/signing.ts';
import { breedingWorks } from './breeding/works.ts';
import { Chain } from './chain/chain.ts';
import { Choosing } from './chain/choosing.ts';
import { clusterName } from './chain/cluster.ts';
import { Companions } from './chain/companions.ts';
import { Evolving, Minting } from './chain/growing.ts';
import { Handover } from './chain/handover.ts';
import { serverKeys } from './chain/keys.ts';
import { Consenting, Moving } from './chain/moving.ts';
import { Outbox } from './chain/outbox.ts';
import { Publishing } from './chain/publishing.ts';
import { ensureBrains } from './chain/weights.ts';
import { type Config, ROOT } from './config.ts';
import { Dialogue } from './dialogue/dialogue.ts';
import { Memory } from './dialogue/memory.ts';
import { openUnderstanding } from './dialogue/open.ts';
import { artModels } from './editions/provenance.ts';
import { dasMethods } from './gallery/das.ts';
import { Indexer } from './gallery/indexer.ts';
import { Offers } from './gallery/offers.ts';
import { actions } from './http/actions.ts';
import { api } from './http/api.ts';
import { das } from './http/das.ts';
import { documents } from './http/documents.ts';
import { door, openDoor } from './http/door.ts';
import { errorHandler, sendError } from './http/errors.ts';
import { gallery } from './http/gallery.ts';
import { openGate } from './http/gate.ts';
import { matchmake } from './http/matchmake.ts';
import { files } from './http/page.ts';
import { builtPages, pagesFromSources } from './http/pages.ts';
import { studio } from './http/studio.ts';
import { studioPage } from './http/studioPage.ts';
import { Guests } from './identity/guests.ts';
import { Sessions } from './identity/sessions.ts';
import { Wallets } from './identity/wallets.ts';
import { Brains } from './learning/brains.ts';
import { studying } from './learning/studying.ts';
import { openLedger } from './ledger/ledger.ts';
import { takeLock } from './ledger/lock.ts';
import { projectPrograms } from './ledger/programs.ts';
import { loadArt, loadArtFile, loadBrainFiles, loadRule, loadTerrain } from './load.ts';
import { logger, reason } from './log.ts';
import { Refusal } from './refusal.ts';
import { openRoom } from './rooms/open.ts';
import { Cipher, secretFile } from './store/cipher.ts';
import { type SymbiontKey, type SymbiontRow, symbiontOf } from './store/identities.ts';
import { countOpenIntents, openIntents } from './store/outbox.ts';
import { Store } from './store/store.ts';
import { keepSwept } from './store/upkeep.ts';
import { Drops } from './studio/drops.ts';
import { Library } from './studio/library.ts';
import { Models } from './studio/models.ts';
import { Studio } from './studio/studio.ts';
import { Trainings } from './studio/training/trainings.ts';
import { ZONE_ID, ZoneHost } from './zone/host.ts';
import { Minds } from './zone/minds.ts';

const MAP = 'hollow.json';
const ZONE_NAME = 'The Hollow';
/** How long a stopping server tries to write what it holds. */
const LAST_SAVE_MS = 5000;

export interface RunningServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts everything behind one port.
 * @throws LoadError, BrainMismatch, ConfigError or the system's own error, before anything was changed
 */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = logger('server');
  const given = loadBrainFiles(config.brainsDir);
  // Refused before anything is changed, though another brain may have taken over since.
  new Minds(new Map([...given].map(([role, { brain }]) => [role, brain])));
  const terrain = loadTerrain(MAP);
  const model = loadArt();
  const shipped = artModels();
  const rule = config.growthRule ? loadRule(config.growthRule) : undefined;
  mkdirSync(config.home, { recursive: true });
  const unlock = takeLock(join(config.home, 'server.lock'));
  const cipher = new Cipher(secretFile(join(config.home, 'keys', 'master'), randomKey));
  const keys = serverKeys(config.home);
  const embedded = config.rpcUrl === null;
  const [store, ledger] = await Promise.all([
    Store.open({ dir: join(config.home, 'db'), url: config.databaseUrl }),
    embedded
      ? openLedger({
          dir: join(config.home, 'ledger'),
          programs: projectPrograms({ METAPLEX_CORE_SO: config.coreSo ?? undefined }),
          log: logger('ledger'),
        })
      : null,
  ]);
  const models = new Models(store, model, shipped);
  const learnt = logger('learning');
  const brains = await Brains.open({
    store,
    zone: { id: ZONE_ID, name: ZONE_NAME, seed: config.worldSeed },
    given,
    log: learnt,
  });
  const minds = new Minds(brains.byRole);
  const guests = new Guests(store, cipher);
  const sessions = new Sessions(store);
  const app = express().disable('x-powered-by').set('etag', false);
  let mounted = false;
  // The ledger has to answer before the rest can start; a page that asks meanwhile is to ask again, not to give up.
  app.use((_req, res, next) => {
    if (mounted) return next();
    res.setHeader('Retry-After', '1');
    sendError(res, 503, 'server', 'is still starting');
  });
  const server = openGate(app, ledger, config.proxies);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const chain = new Chain({
    rpcUrl: config.rpcUrl ?? `http://127.0.0.1:${port}/rpc`,
    wsUrl: embedded ? `ws://127.0.0.1:${port}/rpc` : (config.rpcWsUrl ?? undefined),
    embedded,
    keys,
    publicUrl,
    zoneId: ZONE_ID,
    worldSeed: () => host.zone.world.seed,
    rule,
    feeCeiling: config.feeCeiling,
    log: logger('chain'),
  });
  const companions = new Companions({
    store,
    chain,
    models,
    publicUrl,
    wake: () => outbox.wake(),
    log: logger('chain'),
  });
  const host = await ZoneHost.open({
    store,
    terrain,
    minds,
    brains,
    zoneName: ZONE_NAME,
    map: MAP,
    seed: config.worldSeed,
    tickMs: config.tickMs,
    epochsKept: config.epochsKept,
    log: logger('zone'),
    grows: (person, counters) => companions.grows(person, counters),
    grow: (standing) => companions.grow(standing),
  });
  const choosing = new Choosing({ store, chain, models, host });
  const talk = logger('dialogue');
  const dialogue = new Dialogue({
    zone: host.zone,
    memory: new Memory(store, ZONE_ID, talk),
    log: talk,
  });
  // Keywords serve until the encoder is loaded: a model from a hub can take a while.
  const assets = join(ROOT, 'assets', 'dialogue');
  const cacheDir = join(config.home, 'models');
  void openUnderstanding({ model: config.dialogueModel, assets, cacheDir, log: talk }).then((found) =>
    dialogue.use(found),
  );
  const studies = studying({
    config,
    store,
    host,
    brains,
    onAppointed: (file) => upload([file]),
    forgetWords: (identity) => dialogue.forget(identity),
    log: learnt,
  });
  const working = {
    store,
    chain,
    guests,
    log: logger('chain'),
    onLeafless: (symbionts: SymbiontKey[]) => host.await(symbionts),
    onSettled: async (identity: number, symbiont: SymbiontRow, evolving: boolean) => {
      await host.grown(identity, symbiont, evolving);
      room.refresh(identity);
    },
    onUnlinked: (last: Uint8Array) => host.chronicle.relink(last),
  };
  const signing = new BroodSigning({ store, chain, cipher });
  const broods = new Broods({
    store,
    chain,
    cipher,
    host,
    tell: (identity, name, message) => room.tellPerson(identity, name, message),
    wake: () => outbox.wake(),
  });
  const works = {
    ...breedingWorks({
      ...working,
      cipher,
      models,
      publicUrl,
      styleOf: (collection) => companions.styleOf(collection),
      onChanged: (brood) => broods.changed(brood),
    }),
    mint: new Minting(working),
    evolve: new Evolving(working),
    epoch: new Publishing(working),
    transfer: new Moving(working),
    consent: new Consenting(working),
  };
  const outbox = new Outbox({ store, chain, works, log: logger('chain') });
  let stopped = false;
  let uploading: Promise<void> = outbox.ready;
  /** Brains go on chain one after the other. */
  const upload = (files: Uint8Array[]): void => {
    uploading = uploading.then(() => ensureBrains(chain, files, () => stopped));
  };
  const indexer = new Indexer({ store, connection: chain.connection, log: logger('gallery') });
  const methods = dasMethods(store);
  ledger?.extend(methods);
  const opened = openDoor(config.home, port);
  const handover = new Handover({ store, chain });
  const wallets = new Wallets({
    store,
    publicUrl,
    hosts: [`localhost:${port}`, `127.0.0.1:${port}`, ...config.signInHosts],
    chainId: () => clusterName(chain.connection, embedded),
    onMoved: ({ identity, symbiont }) => {
      host.people.moved(identity, symbiont);
      room.signOut(identity.id);
      outbox.wake();
    },
  });

  const room = await openRoom(server, {
    host,
    sessions,
    companions,
    choosing,
    broods,
    dialogue,
    learns: config.learnEvery > 0,
    log: logger('room'),
  });
  host.events = {
    saving: (saving) => room.setSaving(saving),
    epoch: (epoch, hash) => room.setEpoch(epoch, hash),
    epochSaved: () => outbox.wake(),
    swapped: (succession) => room.tell(succession),
    evolving: (identities) => {
      for (const identity of identities) room.refresh(identity);
    },
    chosen: (identities) => {
      for (const identity of identities) room.refresh(identity);
    },
  };

  const offers = new Offers({ store, chain, models, publicUrl });
  const creators = new Studio({ store, chain, models, publicUrl });
  const trainings = new Trainings({
    dir: join(config.home, 'trainings'),
    base: loadArtFile(),
    queue: config.trainQueue,
    minutes: config.trainMinutes,
    days: config.trainDays,
    memoryMb: config.trainMemoryMb,
    strain: () => host.strain,
    log: logger('studio'),
  });
  app.use(actions({ offers, chain, model, publicUrl, log: logger('http') }));
  app.use('/das', das(methods, logger('http')));
  const pages = config.dev ? await pagesFromSources(server) : builtPages();
  const page = (folder: string) => (url: string) => pages.html(folder, url);
  app.use(gallery({ store, models, publicUrl, page: page('gallery') }));
  app.use(studioPage(page('studio')));
  app.use(
    '/api/studio',
    studio({
      sessions,
      studio: creators,
      library: new Library(store),
      drops: new Drops(creators, offers),
      trainings,
    }),
  );
  app.use(
    '/api',
    express.json({ limit: 4096 }),
    api({
      store,
      guests,
      sessions,
      wallets,
      handover,
      signing,
      host,
      brains,
      privacy: studies.privacy,
      door: door({
        token: opened.token,
        brains,
        ...studies,
        learning: () => studies.teacher.status,
        reindex: () => indexer.reindex(),
      }),
      onSignedOut: (identity) => room.signOut(identity),
      wake: () => outbox.wake(),
      pendingIntents: () => countOpenIntents(store),
      dialogue: () => dialogue.by,
      owned: (identity) => choosing.owned(identity),
      card: async (identity) => {
        const person = host.people.get(identity);
        if (person) return companions.card(person.symbiont, person.counters, person.evolving);
        const symbiont = await symbiontOf(store, identity);
        const open = await openIntents(store, identity);
        return companions.card(symbiont, symbiont?.deeds ?? [], open.length > 0);
      },
      config: () => ({
        version: PROTOCOL.version,
        zone: ZONE_NAME,
        map: MAP,
        rpc: config.rpcUrl ?? '/rpc',
        ws: config.rpcUrl ? (config.rpcWsUrl ?? config.rpcUrl.replace(/^http/, 'ws')) : '/rpc',
        embedded,
        programs: {
          evolution: EVOLUTION_ID.toBase58(),
          core: MPL_CORE_ID.toBase58(),
          chronicle: CHRONICLE_ID.toBase58(),
          brains: BRAINS_ID.toBase58(),
        },
        collection: chain.ready ? chain.collection.toBase58() : null,
        zoneAccount: chain.zone.toBase58(),
        zoneKey: keys.zone.publicKey.toBase58(),
        brainAuthor: keys.authority.publicKey.toBase58(),
      }),
    }),
  );
  app.post('/matchmake/:method/:room', express.json({ limit: 4096 }), matchmake());
  app.use(documents(store, () => publicUrl));
  for (const folder of ['maps', 'sprites', 'brains', 'vectors'])
    if (existsSync(join(ROOT, 'assets', folder))) app.use(`/${folder}`, files(join(ROOT, 'assets', folder)));
  if (pages.files) app.use(pages.files);
  else log('the page is not built (npm run build); everything else is served');
  app.use((_req, _res, next) => next(new Refusal(404, 'path', 'there is nothing here')));
  app.use(errorHandler(logger('http')));

  mounted = true;

  host.start();
  outbox.start();
  indexer.start();
  upload(brains.files);
  studies.teacher.start();
  trainings.start();
  const endUpkeep = config.databaseUrl ? () => {} : keepSwept(store, log);

  return {
    url: `http://localhost:${port}`,
    close: async () => {
      log('stopping');
      opened.close();
      endUpkeep();
      await studies.teacher.stop();
      await trainings.stop();
      const saved = await host.close(LAST_SAVE_MS);
      await studies.playLog?.settled();
      if (!saved) log('not everything could be saved');
      await room.disconnect(CloseCode.SERVER_SHUTDOWN).catch(() => {});
      stopped = true;
      await outbox.stop();
      await indexer.stop();
      await uploading;
      await dialogue.close();
      await pages.close();
      server.close();
      server.closeAllConnections();
      await ledger?.close().catch((error) => log(`ledger: ${reason(error)}`));
      await store.close().catch((error) => log(`store: ${reason(error)}`));
      unlock();
    },
  };
}

function randomKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}
