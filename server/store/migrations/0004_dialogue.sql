-- What an NPC remembers of what a player said to it: meanings, never words. At most 16 a pair are kept.
CREATE TABLE memories (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  zone integer NOT NULL REFERENCES zones (id),
  npc integer NOT NULL CHECK (npc BETWEEN 0 AND 1023),
  identity integer NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  -- As the world's rules number tones; 0: none.
  tone smallint NOT NULL CHECK (tone BETWEEN 0 AND 15),
  -- How often the like of it was said, and the world's tick when it last was.
  times integer NOT NULL CHECK (times > 0),
  tick bigint NOT NULL,
  -- The encoder the embedding is of (embeddings of two are not compared), and the embedding in steps of 1/127.
  model text NOT NULL CHECK (length(model) <= 64),
  embedding bytea NOT NULL CHECK (length(embedding) <= 2048)
);
CREATE INDEX memories_pair ON memories (identity, npc, zone);
