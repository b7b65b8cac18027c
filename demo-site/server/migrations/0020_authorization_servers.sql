-- Several authorization servers: what was made before there were several has NULL for its server, and belongs to the
-- first one, which says so when it starts. Codes come from both the interaction and the authorization endpoint.

-- A key takes over from the one of the generation before it at `signs_from`; that one is published until
-- `expires_at`, when its last token is over.
ALTER TABLE signing_keys ADD COLUMN authorization_server TEXT;
ALTER TABLE signing_keys ADD COLUMN generation BIGINT NOT NULL DEFAULT 1;
ALTER TABLE signing_keys ADD COLUMN signs_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE signing_keys ADD COLUMN expires_at BIGINT;
-- Only the newest was ever used.
DELETE FROM signing_keys
    WHERE created_at < (SELECT MAX(created_at) FROM signing_keys);
DELETE FROM signing_keys
    WHERE kid < (SELECT MAX(kid) FROM signing_keys);
CREATE UNIQUE INDEX signing_keys_by_generation ON signing_keys (authorization_server, generation);

-- `session` names the session in the browser that the sign-in was part of, if there was one.
ALTER TABLE grants ADD COLUMN authorization_server TEXT;
ALTER TABLE grants ADD COLUMN session TEXT;
CREATE INDEX grants_by_session ON grants (session);

CREATE TABLE codes (
    hash           TEXT PRIMARY KEY,
    kind           TEXT NOT NULL,
    grant_id       TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    client_id      TEXT NOT NULL,
    redirect_uri   TEXT NOT NULL,
    code_challenge TEXT,
    used           BOOLEAN NOT NULL,
    expires_at     BIGINT NOT NULL
);
INSERT INTO codes (hash, kind, grant_id, client_id, redirect_uri, code_challenge, used, expires_at)
    SELECT hash, 'interaction', grant_id, client_id, redirect_uri, code_challenge, used, expires_at
    FROM interaction_codes;
DROP TABLE interaction_codes;

-- What they remember of the request has changed: those under way begin again.
DELETE FROM transactions;
