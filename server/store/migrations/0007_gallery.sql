-- What the chain holds of the evolution program, as it was final. Every row is read from the chain and can be read
-- from it again; nothing else refers to these tables.
CREATE TABLE chain_collections (
  address text PRIMARY KEY,
  config text NOT NULL UNIQUE,
  authority text NOT NULL,
  zone text,
  minter text,
  name text NOT NULL,
  uri text NOT NULL,
  minted bigint NOT NULL,
  daily_cap integer NOT NULL,
  paused boolean NOT NULL,
  rule jsonb NOT NULL,
  -- Basis points and who shares in them; null: none.
  royalties jsonb
);

CREATE TABLE chain_assets (
  address text PRIMARY KEY,
  collection text NOT NULL,
  -- Null: it is burnt.
  owner text,
  name text NOT NULL,
  uri text NOT NULL,
  -- Whether its owner's standing consent to grow is given.
  consent boolean NOT NULL,
  genome bytea NOT NULL,
  stage smallint NOT NULL,
  branch smallint NOT NULL,
  version bigint NOT NULL,
  deeds bigint[] NOT NULL,
  picture bytea NOT NULL,
  -- Core's Attributes plugin; null: it is burnt, or has none.
  attributes jsonb
);
CREATE INDEX chain_assets_owner ON chain_assets (owner);
CREATE INDEX chain_assets_collection ON chain_assets (collection);

-- One row a version: 0 is the mint, each other one an evolution.
CREATE TABLE chain_versions (
  asset text NOT NULL,
  version bigint NOT NULL,
  stage smallint NOT NULL,
  branch smallint NOT NULL,
  deeds bigint[] NOT NULL,
  picture bytea NOT NULL,
  uri text NOT NULL,
  -- The transaction that made it; null where the cluster does not hold it any more.
  signature text,
  slot bigint,
  -- Unix seconds.
  time bigint,
  -- Of evolutions: the zone's account in the chronicle, the epoch, and the leaf with its path as they were brought.
  zone text,
  epoch bigint,
  leaf_index bigint,
  leaf bytea,
  path bytea,
  PRIMARY KEY (asset, version)
);
CREATE INDEX chain_versions_slot ON chain_versions (slot);

-- Up to which transaction an address has been read.
CREATE TABLE chain_cursors (
  address text PRIMARY KEY,
  signature text NOT NULL
);

-- Genomes that wallets were given a transaction for. What nobody mints is forgotten with its documents.
CREATE TABLE mint_offers (
  asset text PRIMARY KEY,
  picture bytea NOT NULL,
  metadata bytea NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);
