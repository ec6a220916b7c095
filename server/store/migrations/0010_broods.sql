-- Two symbionts on their way to a child, as their players agreed in the world. What the chain holds of it is what counts.
CREATE TABLE broods (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  -- who asked, and who agreed
  a integer NOT NULL REFERENCES identities (id),
  b integer NOT NULL REFERENCES identities (id),
  asset_a text NOT NULL,
  asset_b text NOT NULL,
  collection text NOT NULL,
  -- whose the assets were: the addresses that both commitments name
  owner_a text NOT NULL,
  owner_b text NOT NULL,
  -- sealed under the master key, and dropped when it is over
  secret_a bytea,
  secret_b bytea,
  -- whose the child will be: 0 of who asked, 1 of who agreed
  heir smallint NOT NULL CHECK (heir IN (0, 1)),
  -- lamports of each side
  deposit bigint NOT NULL,
  state text NOT NULL DEFAULT 'agreed'
    CHECK (state IN ('agreed', 'offered', 'accepted', 'drawn', 'hatched', 'failed')),
  -- of the child, since the slot is drawn
  child text,
  genome bytea,
  name text,
  picture bytea,
  uri text,
  error text,
  -- nothing of it is left to do
  over boolean NOT NULL DEFAULT false,
  created timestamptz NOT NULL DEFAULT now(),
  updated timestamptz NOT NULL DEFAULT now(),
  CHECK (asset_a <> asset_b),
  CHECK ((state IN ('agreed', 'offered', 'accepted') AND child IS NULL) OR state IN ('drawn', 'hatched', 'failed'))
);
CREATE UNIQUE INDEX broods_asset_a ON broods (asset_a) WHERE NOT over;
CREATE UNIQUE INDEX broods_asset_b ON broods (asset_b) WHERE NOT over;
CREATE INDEX broods_a ON broods (a);
CREATE INDEX broods_b ON broods (b);

ALTER TABLE intents DROP CONSTRAINT intents_kind_check;
ALTER TABLE intents ADD CONSTRAINT intents_kind_check CHECK (kind IN ('mint', 'evolve', 'epoch', 'transfer', 'consent',
  'brood_offer', 'brood_accept', 'brood_draw', 'brood_hatch', 'brood_end'));

-- The assets that a symbiont was bred from; null: it was minted.
ALTER TABLE chain_assets ADD COLUMN parents text[];
ALTER TABLE chain_assets ADD COLUMN generation integer NOT NULL DEFAULT 0;
CREATE INDEX chain_assets_parents ON chain_assets USING gin (parents);
