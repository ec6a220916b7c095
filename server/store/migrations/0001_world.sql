CREATE TABLE identities (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (START WITH 1000),
  token_hash bytea NOT NULL UNIQUE,
  name text NOT NULL,
  look smallint NOT NULL,
  address text NOT NULL UNIQUE,
  -- AES-256-GCM: 12 bytes nonce, 16 bytes tag, the rest the key
  secret bytea NOT NULL,
  fruit integer NOT NULL DEFAULT 0,
  crystal integer NOT NULL DEFAULT 0,
  banked_fruit integer NOT NULL DEFAULT 0,
  banked_crystal integer NOT NULL DEFAULT 0,
  -- eight u32 counters in the order of DEEDS
  deeds bigint[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0}',
  created timestamptz NOT NULL DEFAULT now(),
  seen timestamptz NOT NULL DEFAULT now()
);

-- A zone's world is its newest snapshot and the inputs of the journal up to `committed_tick`.
CREATE TABLE zones (
  id integer PRIMARY KEY,
  name text NOT NULL,
  seed bigint NOT NULL,
  committed_tick bigint NOT NULL DEFAULT -1
) WITH (fillfactor = 20);

CREATE TABLE snapshots (
  zone integer NOT NULL REFERENCES zones (id),
  tick bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (zone, tick)
);

CREATE TABLE journal (
  zone integer NOT NULL REFERENCES zones (id),
  tick bigint NOT NULL,
  inputs bytea NOT NULL,
  -- ids of the brains that decide from this tick on; null where they are as before
  brains text,
  PRIMARY KEY (zone, tick)
);

CREATE TABLE epochs (
  zone integer NOT NULL REFERENCES zones (id),
  epoch bigint NOT NULL,
  header bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (zone, epoch)
);

-- The leaves of the newer epochs: deflated (per leaf its length as u16, then its bytes), then cut into parts, so
-- that writing them never holds the server up for long.
CREATE TABLE leaves (
  zone integer NOT NULL REFERENCES zones (id),
  epoch bigint NOT NULL,
  part integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (zone, epoch, part)
);

CREATE TABLE symbionts (
  identity integer PRIMARY KEY REFERENCES identities (id),
  genome bytea NOT NULL UNIQUE,
  -- the name that the asset bears on chain; it never changes
  name text NOT NULL,
  asset text NOT NULL UNIQUE,
  minted boolean NOT NULL DEFAULT false,
  stage smallint NOT NULL DEFAULT 0,
  branch smallint NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 0,
  deeds bigint[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0}',
  picture bytea NOT NULL,
  uri text NOT NULL,
  signature text
);

-- The outbox: what has to be done on chain, written in the transaction of its cause.
CREATE TABLE intents (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  identity integer NOT NULL REFERENCES identities (id),
  kind text NOT NULL CHECK (kind IN ('mint', 'evolve')),
  -- the version that the symbiont has when this is done
  version bigint NOT NULL,
  counters bigint[] NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'signed', 'sent', 'done', 'failed')),
  -- what the transaction writes, fixed when it is first signed
  plan jsonb,
  signature text,
  raw bytea,
  last_valid_height bigint,
  attempts integer NOT NULL DEFAULT 0,
  error text,
  created timestamptz NOT NULL DEFAULT now(),
  updated timestamptz NOT NULL DEFAULT now(),
  UNIQUE (identity, kind, version)
);
CREATE INDEX intents_open ON intents (id) WHERE state IN ('pending', 'signed', 'sent');

-- Content-addressed documents: SHA-256 of the body is their name.
CREATE TABLE blobs (
  hash bytea PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('metadata', 'picture')),
  body bytea NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE settings (
  key text PRIMARY KEY,
  value text NOT NULL
);
