import { boolean, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp } from 'drizzle-orm/pg-core';
import type { Json } from '#shared/brain/file.ts';
import type { GrowthRule } from '#shared/growth/index.ts';
import type { StudioDraft, StudioState } from '#shared/protocol/studio.ts';
import type { SiwsInput } from '#shared/siws/index.ts';
import { big, bytea, counters, zero } from './columns.ts';

/** The tables as the migrations make them; what each column means stands there. */

export const identities = pgTable('identities', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: text('name').notNull(),
  look: smallint('look').notNull(),
  address: text('address').notNull(),
  secret: bytea('secret'),
  linked: timestamp('linked', { withTimezone: true }),
  fruit: integer('fruit').notNull().default(0),
  crystal: integer('crystal').notNull().default(0),
  bankedFruit: integer('banked_fruit').notNull().default(0),
  bankedCrystal: integer('banked_crystal').notNull().default(0),
  coins: integer('coins').notNull().default(0),
  deeds: counters('deeds').notNull().default(zero),
  learning: boolean('learning').notNull().default(true),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
  seen: timestamp('seen', { withTimezone: true }).notNull().defaultNow(),
});

export type SessionScope = 'guest' | 'play';

export const sessions = pgTable('sessions', {
  tokenHash: bytea('token_hash').primaryKey(),
  identity: integer('identity').notNull(),
  scope: text('scope').$type<SessionScope>().notNull(),
  key: bytea('key'),
  domain: text('domain'),
  expires: timestamp('expires', { withTimezone: true }),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
});

export const signIns = pgTable('sign_ins', {
  nonce: text('nonce').primaryKey(),
  identity: integer('identity'),
  input: jsonb('input').$type<SiwsInput>().notNull(),
  key: bytea('key').notNull(),
  expires: timestamp('expires', { withTimezone: true }).notNull(),
});

export const zones = pgTable('zones', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  seed: big('seed').notNull(),
  committedTick: big('committed_tick').notNull().default(-1),
});

export const snapshots = pgTable(
  'snapshots',
  { zone: integer('zone').notNull(), tick: big('tick').notNull(), bytes: bytea('bytes').notNull() },
  (t) => [primaryKey({ columns: [t.zone, t.tick] })],
);

export const journal = pgTable(
  'journal',
  {
    zone: integer('zone').notNull(),
    tick: big('tick').notNull(),
    inputs: bytea('inputs').notNull(),
    brains: text('brains'),
  },
  (t) => [primaryKey({ columns: [t.zone, t.tick] })],
);

export const epochs = pgTable(
  'epochs',
  {
    zone: integer('zone').notNull(),
    epoch: big('epoch').notNull(),
    header: bytea('header').notNull(),
    hash: bytea('hash').notNull(),
    signature: text('signature'),
  },
  (t) => [primaryKey({ columns: [t.zone, t.epoch] })],
);

export const leaves = pgTable(
  'leaves',
  {
    zone: integer('zone').notNull(),
    epoch: big('epoch').notNull(),
    part: integer('part').notNull(),
    bytes: bytea('bytes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.zone, t.epoch, t.part] })],
);

export const symbionts = pgTable(
  'symbionts',
  {
    identity: integer('identity').notNull(),
    genome: bytea('genome').notNull(),
    name: text('name').notNull(),
    asset: text('asset').notNull(),
    minted: boolean('minted').notNull().default(false),
    stage: smallint('stage').notNull().default(0),
    branch: smallint('branch').notNull().default(0),
    version: big('version').notNull().default(0),
    deeds: counters('deeds').notNull().default(zero),
    picture: bytea('picture').notNull(),
    uri: text('uri').notNull(),
    signature: text('signature'),
    held: text('held').$type<'guest' | 'moving' | 'wallet'>().notNull().default('guest'),
    consent: boolean('consent').notNull().default(true),
    active: boolean('active').notNull().default(true),
    earned: counters('earned').notNull().default(zero),
    collection: text('collection'),
    rule: jsonb('rule').$type<GrowthRule>(),
    model: text('model'),
  },
  (t) => [primaryKey({ columns: [t.identity, t.asset] })],
);

/** What has to be done on chain for two symbionts to have a child, in this order; the last one where nothing comes of it. */
export const BROOD_KINDS = ['brood_offer', 'brood_accept', 'brood_draw', 'brood_hatch', 'brood_end'] as const;
export type BroodKind = (typeof BROOD_KINDS)[number];
export type IntentKind = 'mint' | 'evolve' | 'epoch' | 'transfer' | 'consent' | BroodKind;
export type IntentState = 'waiting' | 'pending' | 'signed' | 'sent' | 'confirmed' | 'done' | 'failed';

export const intents = pgTable('intents', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  identity: integer('identity'),
  asset: text('asset').notNull().default(''),
  kind: text('kind').$type<IntentKind>().notNull(),
  version: big('version').notNull(),
  counters: counters('counters').notNull().default(zero),
  state: text('state').$type<IntentState>().notNull().default('pending'),
  zone: integer('zone'),
  epoch: big('epoch'),
  plan: jsonb('plan').$type<Plan>(),
  proof: jsonb('proof').$type<Proof>(),
  signature: text('signature'),
  raw: bytea('raw'),
  lastValidHeight: big('last_valid_height'),
  attempts: integer('attempts').notNull().default(0),
  error: text('error'),
  consent: boolean('consent'),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
  updated: timestamp('updated', { withTimezone: true }).notNull().defaultNow(),
});

/** What an intent's transaction leaves behind when it has happened. */
export interface Plan {
  stage: number;
  branch: number;
  version: number;
  counters: number[];
  /** 64 hex digits. */
  picture: string;
  uri: string;
}

/** A deed leaf and its path to the root of its epoch; hex. */
export interface Proof {
  index: number;
  leaf: string;
  path: string[];
}

export const blobs = pgTable('blobs', {
  hash: bytea('hash').primaryKey(),
  kind: text('kind').$type<'metadata' | 'picture'>().notNull(),
  body: bytea('body').notNull(),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
});

export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

export const memories = pgTable('memories', {
  id: big('id').primaryKey().generatedAlwaysAsIdentity(),
  zone: integer('zone').notNull(),
  npc: integer('npc').notNull(),
  identity: integer('identity').notNull(),
  tone: smallint('tone').notNull(),
  times: integer('times').notNull(),
  tick: big('tick').notNull(),
  model: text('model').notNull(),
  embedding: bytea('embedding').notNull(),
});
export const plays = pgTable(
  'plays',
  {
    zone: integer('zone').notNull(),
    epoch: big('epoch').notNull(),
    who: bytea('who').notNull(),
    own: integer('own').notNull(),
    others: integer('others').notNull(),
    hash: bytea('hash').notNull(),
    seal: bytea('seal').notNull(),
    bytes: bytea('bytes').notNull(),
    created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.zone, t.epoch, t.who] })],
);

export const playRoots = pgTable(
  'play_roots',
  {
    zone: integer('zone').notNull(),
    epoch: big('epoch').notNull(),
    parts: integer('parts').notNull(),
    root: bytea('root').notNull(),
  },
  (t) => [primaryKey({ columns: [t.zone, t.epoch] })],
);

export const brains = pgTable('brains', {
  id: text('id').primaryKey(),
  role: text('role').notNull(),
  file: bytea('file').notNull(),
  parent: text('parent'),
  scores: jsonb('scores').$type<Json>(),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
});

export const brainTerms = pgTable(
  'brain_terms',
  {
    zone: integer('zone').notNull(),
    role: text('role').notNull(),
    since: big('since').notNull(),
    brain: text('brain').notNull(),
    why: text('why').$type<'given' | 'learned' | 'rollback'>().notNull(),
    tale: text('tale'),
    created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.zone, t.role, t.since] })],
);

export type BroodState = 'agreed' | 'offered' | 'accepted' | 'drawn' | 'hatched' | 'failed';

export const broods = pgTable('broods', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  a: integer('a').notNull(),
  b: integer('b').notNull(),
  assetA: text('asset_a').notNull(),
  assetB: text('asset_b').notNull(),
  collection: text('collection').notNull(),
  ownerA: text('owner_a').notNull(),
  ownerB: text('owner_b').notNull(),
  secretA: bytea('secret_a'),
  secretB: bytea('secret_b'),
  heir: smallint('heir').$type<0 | 1>().notNull(),
  deposit: big('deposit').notNull(),
  state: text('state').$type<BroodState>().notNull().default('agreed'),
  child: text('child'),
  genome: bytea('genome'),
  name: text('name'),
  picture: bytea('picture'),
  uri: text('uri'),
  error: text('error'),
  over: boolean('over').notNull().default(false),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
  updated: timestamp('updated', { withTimezone: true }).notNull().defaultNow(),
});

export const mintOffers = pgTable('mint_offers', {
  asset: text('asset').primaryKey(),
  picture: bytea('picture').notNull(),
  metadata: bytea('metadata').notNull(),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
});

export const artModels = pgTable('art_models', {
  id: text('id').primaryKey(),
  file: bytea('file').notNull(),
});

export const artOwners = pgTable(
  'art_owners',
  {
    owner: text('owner').notNull(),
    model: text('model').notNull(),
    name: text('name').notNull(),
    bytes: integer('bytes').notNull(),
    size: smallint('size').notNull(),
    parent: text('parent'),
    trainingRoot: text('training_root'),
    created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.owner, t.model] })],
);

export const studioCollections = pgTable('studio_collections', {
  address: text('address').primaryKey(),
  creator: text('creator').notNull(),
  index: big('index').notNull(),
  nameKey: text('name_key').notNull(),
  draft: jsonb('draft').$type<StudioDraft>().notNull(),
  uri: text('uri').notNull(),
  state: text('state').$type<StudioState>().notNull().default('draft'),
  signature: text('signature'),
  error: text('error'),
  created: timestamp('created', { withTimezone: true }).notNull().defaultNow(),
  updated: timestamp('updated', { withTimezone: true }).notNull().defaultNow(),
});
