-- What was played near inhabitants, for learning: a row per epoch and person, who is a pseudonym (HMAC of the
-- identity under a key that is not in the database).
CREATE TABLE plays (
  zone integer NOT NULL REFERENCES zones (id),
  epoch bigint NOT NULL,
  who bytea NOT NULL CHECK (octet_length(who) = 16),
  -- decisions of the person, and those of inhabitants near them
  own integer NOT NULL,
  others integer NOT NULL,
  -- SHA-256(0x00 | part): the part's leaf in the epoch's Merkle tree
  hash bytea NOT NULL,
  -- HMAC of the part under the server's key
  seal bytea NOT NULL,
  -- the part, deflated
  bytes bytea NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (zone, epoch, who)
);
CREATE INDEX plays_who ON plays (who);
-- The root over an epoch's parts in the order of `who`.
CREATE TABLE play_roots (
  zone integer NOT NULL REFERENCES zones (id),
  epoch bigint NOT NULL,
  parts integer NOT NULL,
  root bytea NOT NULL,
  PRIMARY KEY (zone, epoch)
);
-- Whether inhabitants may learn from this person.
ALTER TABLE identities ADD COLUMN learning boolean NOT NULL DEFAULT true;

-- Every brain that has lived here.
CREATE TABLE brains (
  -- SHA-256 of the file, 64 hex digits
  id text PRIMARY KEY,
  role text NOT NULL,
  file bytea NOT NULL,
  parent text,
  -- how it did beside its parent; null for those that were given
  scores jsonb,
  created timestamptz NOT NULL DEFAULT now()
);
-- Which brain decides for a role from which epoch on: the term with the greatest `since` that has begun counts, so
-- that one row is a whole swap.
CREATE TABLE brain_terms (
  zone integer NOT NULL REFERENCES zones (id),
  role text NOT NULL,
  since bigint NOT NULL,
  brain text NOT NULL REFERENCES brains (id),
  why text NOT NULL CHECK (why IN ('given', 'learned', 'rollback')),
  -- what is told when it begins; null: nothing
  tale text,
  created timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (zone, role, since)
);
