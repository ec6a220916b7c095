-- Art models by the SHA-256 of their files, and whose they are: several creators may bring the same.
CREATE TABLE art_models (
  id text PRIMARY KEY,
  file bytea NOT NULL
);
CREATE TABLE art_owners (
  owner text NOT NULL,
  model text NOT NULL REFERENCES art_models (id),
  name text NOT NULL,
  bytes integer NOT NULL,
  size smallint NOT NULL,
  parent text,
  training_root text,
  created timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, model)
);

-- Collections as their creators want them. What the chain holds of one is what counts.
CREATE TABLE studio_collections (
  address text PRIMARY KEY,
  creator text NOT NULL,
  -- under which the creator's address leads to the collection's
  index bigint NOT NULL,
  -- its name without what does not tell names apart
  name_key text NOT NULL,
  draft jsonb NOT NULL,
  -- address of its metadata
  uri text NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'signed', 'made', 'registered')),
  -- the last transaction that was handed in
  signature text,
  error text,
  created timestamptz NOT NULL DEFAULT now(),
  updated timestamptz NOT NULL DEFAULT now(),
  UNIQUE (creator, index)
);
CREATE INDEX studio_collections_name ON studio_collections (name_key);

ALTER TABLE chain_collections ADD COLUMN model text;
