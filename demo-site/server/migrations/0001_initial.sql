-- What the server remembers. Times are milliseconds since the Unix epoch. Columns called `hash` or `id` of a
-- secret hold its digest, never the secret: reading this database does not let anybody sign in.

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

CREATE TABLE signing_keys (
    kid         TEXT PRIMARY KEY,
    private_key BLOB NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE users (
    id             TEXT PRIMARY KEY,
    email          TEXT NOT NULL UNIQUE,
    email_verified BOOLEAN NOT NULL,
    profile        TEXT NOT NULL,
    password_hash  TEXT,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);

CREATE TABLE password_history (
    user_id       TEXT NOT NULL REFERENCES users (id),
    password_hash TEXT NOT NULL,
    replaced_at   BIGINT NOT NULL
);
CREATE INDEX password_history_by_user ON password_history (user_id, replaced_at);

CREATE TABLE transactions (
    id         TEXT PRIMARY KEY,
    generation TEXT NOT NULL,
    request    TEXT NOT NULL,
    phase      TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX transactions_by_expiry ON transactions (expires_at);

CREATE TABLE grants (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    client_id  TEXT NOT NULL,
    scope      TEXT NOT NULL,
    nonce      TEXT,
    amr        TEXT NOT NULL,
    auth_time  BIGINT NOT NULL,
    revoked    BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX grants_by_user ON grants (user_id);
CREATE INDEX grants_by_expiry ON grants (expires_at);

CREATE TABLE interaction_codes (
    hash           TEXT PRIMARY KEY,
    grant_id       TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    client_id      TEXT NOT NULL,
    redirect_uri   TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    used           BOOLEAN NOT NULL,
    expires_at     BIGINT NOT NULL
);

CREATE TABLE refresh_tokens (
    hash       TEXT PRIMARY KEY,
    grant_id   TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    used       BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE revoked_access_tokens (
    jti        TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE attempts (
    subject     TEXT PRIMARY KEY,
    tries       BIGINT NOT NULL,
    window_ends BIGINT NOT NULL
);

CREATE TABLE mails (
    id        INTEGER PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL,
    code      TEXT,
    sent_at   BIGINT NOT NULL
);
