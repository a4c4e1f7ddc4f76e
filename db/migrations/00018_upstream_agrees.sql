-- +goose Up

-- What the account has upstream and the shop never sold: the operator's own names and sites.
-- The nightly comparison passes them over.
CREATE TABLE upstream_ignored (
    upstream   TEXT   NOT NULL,
    kind       TEXT   NOT NULL CHECK (kind = 'domain' OR kind = 'site'),
    subject    TEXT   NOT NULL CHECK (subject <> ''),
    note       TEXT   NOT NULL,
    created_at BIGINT NOT NULL CHECK (created_at > 0),
    PRIMARY KEY (upstream, kind, subject)
);

-- A hold that a registry or registrar has put on a customer's name: one row a hold, so that the
-- customer is told of each once. ended_at is 0 while it lasts.
CREATE TABLE domain_holds (
    id          TEXT   NOT NULL PRIMARY KEY,
    service_id  TEXT   NOT NULL REFERENCES services (id),
    customer_id TEXT   NOT NULL REFERENCES customers (id),
    hold        TEXT   NOT NULL CHECK (hold <> ''),
    status      TEXT   NOT NULL,
    since_at    BIGINT NOT NULL CHECK (since_at > 0),
    ended_at    BIGINT NOT NULL DEFAULT 0 CHECK (ended_at >= 0)
);
CREATE UNIQUE INDEX domain_holds_open ON domain_holds (service_id) WHERE ended_at = 0;
CREATE INDEX domain_holds_of_customer ON domain_holds (customer_id, id) WHERE ended_at = 0;

-- The nightly comparison looks for whoever had a name or a site before.
CREATE INDEX services_by_any_name ON services (name, kind, id);
CREATE INDEX services_by_site ON services (site_id, id) WHERE site_id <> '';

-- What an operator sees of a webhook: the event as it came, without secrets and personal data,
-- why nothing was done about it, and the task that last worked on it.
CREATE TABLE webhook_details (
    webhook_id TEXT   NOT NULL PRIMARY KEY REFERENCES webhook_inbox (id),
    task_id    TEXT   NOT NULL DEFAULT '',
    payload    TEXT   NOT NULL,
    ignored    TEXT   NOT NULL DEFAULT '',
    replays    BIGINT NOT NULL DEFAULT 0 CHECK (replays >= 0)
);
CREATE INDEX webhook_inbox_unprocessed ON webhook_inbox (id) WHERE processed_at = 0;
CREATE INDEX webhook_inbox_by_age ON webhook_inbox (received_at, id);
