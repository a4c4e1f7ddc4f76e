-- +goose Up

-- What was mailed to whom, about what. The mail itself is rendered from the event
-- and the state of things when it is sent; title and template are known then.
-- Secrets in event_data are sealed.
CREATE TABLE mails (
    id          TEXT PRIMARY KEY NOT NULL,
    event_id    TEXT NOT NULL,
    event_kind  TEXT NOT NULL CHECK (event_kind <> ''),
    event_data  TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    subject     TEXT NOT NULL,
    template    TEXT NOT NULL DEFAULT '',
    title       TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL DEFAULT 'queued' CHECK (state = 'queued' OR state = 'sent' OR state = 'dropped' OR state = 'failed'),
    error_code  TEXT NOT NULL DEFAULT '',
    resent_of   TEXT NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL CHECK (created_at > 0),
    sent_at     BIGINT NOT NULL DEFAULT 0 CHECK (sent_at >= 0)
);
CREATE INDEX mails_customer ON mails (customer_id, id);
CREATE INDEX mails_subject ON mails (subject, id);
