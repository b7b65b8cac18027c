-- Keys that codes and refresh tokens are bound to (RFC 9449): the thumbprint of the key (RFC 7638), or NULL for what
-- whoever has it may use.

ALTER TABLE codes ADD COLUMN dpop_jkt TEXT;
ALTER TABLE refresh_tokens ADD COLUMN dpop_jkt TEXT;
