-- How sure it was who it is, in the words of `acr` (OIDC Core section 2). Absent in grants from before it was kept.

ALTER TABLE grants ADD COLUMN acr TEXT;
