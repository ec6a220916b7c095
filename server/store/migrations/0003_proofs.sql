-- The transaction that published an epoch in the chronicle; null before the chain has shown it.
ALTER TABLE epochs ADD COLUMN signature text;

-- An evolution first waits for a leaf of a closed epoch that proves its deeds. What the chain has shown is open to
-- the world at once, and done when it is final.
ALTER TABLE intents DROP CONSTRAINT intents_state_check;
ALTER TABLE intents ADD CONSTRAINT intents_state_check
  CHECK (state IN ('waiting', 'pending', 'signed', 'sent', 'confirmed', 'done', 'failed'));
ALTER TABLE intents DROP CONSTRAINT intents_kind_check;
ALTER TABLE intents ADD CONSTRAINT intents_kind_check
  CHECK (kind IN ('mint', 'evolve', 'transfer', 'consent', 'epoch'));
-- Publishing an epoch is nobody's. `version` is then the epoch's number.
ALTER TABLE intents ALTER COLUMN identity DROP NOT NULL;
ALTER TABLE intents ADD CONSTRAINT intents_identity_check CHECK ((kind = 'epoch') = (identity IS NULL));
ALTER TABLE intents ADD COLUMN zone integer REFERENCES zones (id);
ALTER TABLE intents ALTER COLUMN counters SET DEFAULT '{0,0,0,0,0,0,0,0}';
-- The epoch to publish, or the one whose leaf proves an evolution.
ALTER TABLE intents ADD COLUMN epoch bigint;
-- That leaf's index, bytes and path.
ALTER TABLE intents ADD COLUMN proof jsonb;
UPDATE intents SET state = 'waiting', raw = NULL, signature = NULL, plan = NULL
  WHERE kind = 'evolve' AND state IN ('pending', 'signed', 'sent', 'failed');

CREATE UNIQUE INDEX intents_epoch ON intents (zone, epoch) WHERE kind = 'epoch';
CREATE INDEX intents_waiting ON intents (id) WHERE state IN ('waiting', 'confirmed');
CREATE INDEX intents_unpublished ON intents (epoch) WHERE kind = 'epoch' AND state IN ('pending', 'signed', 'sent');
