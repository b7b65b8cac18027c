-- Devices without a browser of their own (RFC 8628). `id` is the digest of the device code; `user_code` is keyed with
-- a secret of the server, because eight letters could be found by trying. `state` is waiting, approved, denied or used;
-- `is_early` says whether the last poll came before its time.

CREATE TABLE device_codes (
    id                   TEXT PRIMARY KEY,
    user_code            TEXT NOT NULL UNIQUE,
    client_id            TEXT NOT NULL,
    authorization_server TEXT NOT NULL,
    scope                TEXT NOT NULL,
    state                TEXT NOT NULL,
    grant_id             TEXT,
    poll_interval        BIGINT NOT NULL,
    polled_at            BIGINT,
    is_early             BOOLEAN NOT NULL,
    expires_at           BIGINT NOT NULL
);
CREATE INDEX device_codes_by_expiry ON device_codes (expires_at);
