-- A player may own several symbionts, of other collections too, and one of them walks with them. `identities.deeds`
-- are that one's counters; `earned` those of the others, as they were when they last walked.
ALTER TABLE symbionts DROP CONSTRAINT symbionts_pkey;
ALTER TABLE symbionts DROP CONSTRAINT symbionts_genome_key;
ALTER TABLE symbionts DROP CONSTRAINT symbionts_asset_key;
ALTER TABLE symbionts ADD PRIMARY KEY (identity, asset);
ALTER TABLE symbionts ADD COLUMN active boolean NOT NULL DEFAULT true;
ALTER TABLE symbionts ADD COLUMN earned bigint[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0}';
-- Of a creator's collection: its address, its rule (which no minted one can change), and the art model that draws
-- it; null: the world's own.
ALTER TABLE symbionts ADD COLUMN collection text;
ALTER TABLE symbionts ADD COLUMN rule jsonb;
ALTER TABLE symbionts ADD COLUMN model text;
CREATE UNIQUE INDEX symbionts_active ON symbionts (identity) WHERE active;
CREATE INDEX symbionts_asset ON symbionts (asset);

-- Which symbiont an intent is about; empty: none.
ALTER TABLE intents ADD COLUMN asset text NOT NULL DEFAULT '';
UPDATE intents SET asset = s.asset FROM symbionts s WHERE s.identity = intents.identity;
ALTER TABLE intents DROP CONSTRAINT intents_identity_kind_version_key;
ALTER TABLE intents ADD CONSTRAINT intents_once UNIQUE (identity, asset, kind, version);
