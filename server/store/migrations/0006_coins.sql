ALTER TABLE identities ADD COLUMN coins integer NOT NULL DEFAULT 0;
