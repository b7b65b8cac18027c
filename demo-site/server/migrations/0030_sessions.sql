-- Who is signed in at which browser. `id` is the digest of what the browser's cookie holds, `person` what they
-- have proved, as JSON that only the `idx` module reads. `grants.session` names what a session has handed out.

CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id),
    person        TEXT NOT NULL,
    auth_time     BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    is_remembered BOOLEAN NOT NULL,
    user_agent    TEXT NOT NULL,
    address       TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- What somebody has let a client have, so that they are not asked again.
CREATE TABLE consents (
    user_id    TEXT NOT NULL REFERENCES users (id),
    client_id  TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    scope      TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, client_id, issuer, scope)
);
