-- Since when somebody has been asked to set up what is required, and how often they have put it off. `authenticator` is
-- its id in answers.

CREATE TABLE enrollment_grace (
    user_id       TEXT NOT NULL REFERENCES users (id),
    authenticator TEXT NOT NULL,
    began_at      BIGINT NOT NULL,
    skips         BIGINT NOT NULL,
    PRIMARY KEY (user_id, authenticator)
);
