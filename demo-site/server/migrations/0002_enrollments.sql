-- What people have set up to prove themselves with, beside password and e-mail. `credential` is JSON that only the
-- `idx` module reads: a public key, a digest, or, for one-time codes, the secret that both sides must know.
-- `lookup` is what must not be set up twice, such as the id of a passkey. `revision` makes a code work once.

CREATE TABLE enrollments (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    credential TEXT NOT NULL,
    lookup     TEXT UNIQUE,
    revision   BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX enrollments_by_user ON enrollments (user_id, created_at);
