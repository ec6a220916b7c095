-- Ways into an identity. A guest's has neither key nor end; a wallet's ends, and its token is of no use without
-- the session key that the wallet vouched for.
CREATE TABLE sessions (
  token_hash bytea PRIMARY KEY,
  identity integer NOT NULL REFERENCES identities (id),
  scope text NOT NULL CHECK (scope IN ('guest', 'play')),
  -- ed25519 public key
  key bytea,
  domain text,
  expires timestamptz,
  created timestamptz NOT NULL DEFAULT now(),
  CHECK ((scope = 'guest') = (key IS NULL AND domain IS NULL AND expires IS NULL))
);
CREATE INDEX sessions_identity ON sessions (identity, created);
INSERT INTO sessions (token_hash, identity, scope, created)
  SELECT token_hash, id, 'guest', created FROM identities;
ALTER TABLE identities DROP COLUMN token_hash;

-- `address` is who the identity belongs to: the key in `secret`, or since `linked` a wallet. What that key still
-- owns on chain then moves to the wallet, and `secret` is dropped when it has.
ALTER TABLE identities ALTER COLUMN secret DROP NOT NULL;
ALTER TABLE identities ADD COLUMN linked timestamptz;

-- Sign-ins that were asked for and not answered yet, each good for one.
CREATE TABLE sign_ins (
  nonce text PRIMARY KEY,
  -- the guest whose life it takes over; null where it only enters
  identity integer REFERENCES identities (id),
  -- all that the wallet is to sign, but its address
  input jsonb NOT NULL,
  key bytea NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX sign_ins_expires ON sign_ins (expires);

-- Who holds the asset, and whether that owner's consent to its growing stands on chain.
ALTER TABLE symbionts ADD COLUMN held text NOT NULL DEFAULT 'guest' CHECK (held IN ('guest', 'moving', 'wallet'));
ALTER TABLE symbionts ADD COLUMN consent boolean NOT NULL DEFAULT true;

ALTER TABLE intents DROP CONSTRAINT intents_kind_check;
ALTER TABLE intents ADD CONSTRAINT intents_kind_check CHECK (kind IN ('mint', 'evolve', 'transfer', 'consent'));
-- what a consent is changed to
ALTER TABLE intents ADD COLUMN consent boolean;
