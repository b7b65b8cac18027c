-- Names of things that may be used once and that others have made, such as assertions: a digest each. And when a
-- refresh token was used, because some clients may use it again for a moment.

CREATE TABLE one_time_values (
    id         TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_values_by_expiry ON one_time_values (expires_at);

ALTER TABLE refresh_tokens ADD COLUMN used_at BIGINT;
