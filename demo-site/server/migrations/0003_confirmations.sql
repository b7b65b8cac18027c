-- What is asked on one page and answered on another: links in mails, devices and their pushes. And messages that are
-- no mails. `id` of a link is the digest of the secret in it.

CREATE TABLE confirmations (
    id         TEXT PRIMARY KEY,
    subject    TEXT NOT NULL,
    owner      TEXT NOT NULL,
    about      TEXT NOT NULL,
    state      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX confirmations_by_expiry ON confirmations (expires_at);

ALTER TABLE mails ADD COLUMN channel TEXT NOT NULL DEFAULT 'email';
ALTER TABLE mails ADD COLUMN link TEXT;
