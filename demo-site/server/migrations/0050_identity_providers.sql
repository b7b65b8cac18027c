-- People who sign in through another OpenID Provider. A link says whose account a subject of an issuer is (OIDC Core
-- 5.7: only both together name somebody); a round trip is a browser on its way there and back. `state` and `browser`
-- hold digests: who reads this table can neither come back in somebody's place nor exchange their code.

CREATE TABLE identity_links (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_links_by_user ON identity_links (user_id);

CREATE TABLE identity_provider_round_trips (
    state      TEXT PRIMARY KEY,
    browser    TEXT NOT NULL,
    provider   TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_provider_round_trips_by_expiry ON identity_provider_round_trips (expires_at);

ALTER TABLE grants ADD COLUMN identity_provider TEXT;
