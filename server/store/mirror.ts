import { boolean, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { GrowthRule } from '#shared/growth/index.ts';
import { big, bytea, counters } from './columns.ts';

/** The tables that mirror the chain: what the gallery shows, and what can be read from the chain again. */

export interface Royalties {
  basisPoints: number;
  creators: { address: string; percentage: number }[];
}

/** Core's Attributes plugin of an asset. */
export interface AttributesPlugin {
  list: { key: string; value: string }[];
  authority: { type: string; address: string | null };
  /** Where it stands in the account's bytes. */
  offset: number;
}

export const chainCollections = pgTable('chain_collections', {
  address: text('address').primaryKey(),
  config: text('config').notNull(),
  authority: text('authority').notNull(),
  zone: text('zone'),
  minter: text('minter'),
  name: text('name').notNull(),
  uri: text('uri').notNull(),
  minted: big('minted').notNull(),
  dailyCap: integer('daily_cap').notNull(),
  paused: boolean('paused').notNull(),
  rule: jsonb('rule').$type<GrowthRule>().notNull(),
  royalties: jsonb('royalties').$type<Royalties>(),
  model: text('model'),
});

export const chainAssets = pgTable('chain_assets', {
  address: text('address').primaryKey(),
  collection: text('collection').notNull(),
  owner: text('owner'),
  name: text('name').notNull(),
  uri: text('uri').notNull(),
  consent: boolean('consent').notNull(),
  genome: bytea('genome').notNull(),
  stage: smallint('stage').notNull(),
  branch: smallint('branch').notNull(),
  version: big('version').notNull(),
  deeds: counters('deeds').notNull(),
  picture: bytea('picture').notNull(),
  attributes: jsonb('attributes').$type<AttributesPlugin>(),
  parents: text('parents').array(),
  generation: integer('generation').notNull().default(0),
});

export const chainVersions = pgTable(
  'chain_versions',
  {
    asset: text('asset').notNull(),
    version: big('version').notNull(),
    stage: smallint('stage').notNull(),
    branch: smallint('branch').notNull(),
    deeds: counters('deeds').notNull(),
    picture: bytea('picture').notNull(),
    uri: text('uri').notNull(),
    signature: text('signature'),
    slot: big('slot'),
    time: big('time'),
    zone: text('zone'),
    epoch: big('epoch'),
    leafIndex: big('leaf_index'),
    leaf: bytea('leaf'),
    path: bytea('path'),
  },
  (t) => [primaryKey({ columns: [t.asset, t.version] })],
);

export const chainCursors = pgTable('chain_cursors', {
  address: text('address').primaryKey(),
  signature: text('signature').notNull(),
});
