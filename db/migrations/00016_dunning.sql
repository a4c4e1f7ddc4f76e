-- +goose Up

-- A customer whom the shop has given up: nothing is billed any more, what is open is a bad debt.
ALTER TABLE customers ADD COLUMN written_off BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX customers_written_off ON customers (id) WHERE written_off;

-- Since when a name is left to lapse: it is not renewed, and never deleted. 0: it is kept.
ALTER TABLE services ADD COLUMN lapse_at BIGINT NOT NULL DEFAULT 0 CHECK (lapse_at >= 0);
CREATE INDEX services_lapsing ON services (id) WHERE lapse_at > 0 AND (state = 'active' OR state = 'suspended');
CREATE INDEX services_expiring ON services (expires_at, id)
    WHERE kind = 'domain' AND expires_at > 0 AND (state = 'active' OR state = 'suspended');

-- Where a mail went and under which Message-ID, known once it is sent.
ALTER TABLE mails ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
ALTER TABLE mails ADD COLUMN message_id TEXT NOT NULL DEFAULT '';

-- A step of the dunning ladder that was taken for an invoice: the key is the proof that it was
-- taken once. It is written in the transaction that takes it. outcome passed: the step was due
-- and had no reason any more (such as a reminder after a later one was overdue), so that the
-- ladder goes on without it.
CREATE TABLE dunning_steps (
    invoice_id      TEXT   NOT NULL REFERENCES invoices (id),
    step            TEXT   NOT NULL CHECK (step <> ''),
    action          TEXT   NOT NULL CHECK (action = 'remind' OR action = 'late_fee' OR action = 'suspend' OR action = 'final_notice' OR action = 'terminate' OR action = 'lapse'),
    customer_id     TEXT   NOT NULL REFERENCES customers (id),
    subscription_id TEXT   NOT NULL REFERENCES subscriptions (id),
    outcome         TEXT   NOT NULL CHECK (outcome = 'done' OR outcome = 'passed'),
    detail          TEXT   NOT NULL DEFAULT '',
    done_at         BIGINT NOT NULL CHECK (done_at > 0),
    PRIMARY KEY (invoice_id, step)
);
CREATE INDEX dunning_steps_by_customer ON dunning_steps (customer_id, done_at);
CREATE INDEX invoices_dunned ON invoices (id) WHERE state = 'open' AND kind = 'renewal' AND overdue_at > 0;

-- A notice of a name's expiry to its registrant, as ICANN's Expired Registration Recovery Policy
-- asks: one of each kind for an expiry. expires_at is the expiry that it told. How it was sent is
-- with the mail whose subject it is; address is where it was to go, fixed as it was queued.
CREATE TABLE domain_notices (
    id          TEXT   NOT NULL PRIMARY KEY,
    service_id  TEXT   NOT NULL REFERENCES services (id),
    customer_id TEXT   NOT NULL REFERENCES customers (id),
    name        TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind = 'month' OR kind = 'week' OR kind = 'expired'),
    expires_at  BIGINT NOT NULL CHECK (expires_at > 0),
    address     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL CHECK (created_at > 0),
    UNIQUE (service_id, kind, expires_at)
);
CREATE INDEX domain_notices_by_name ON domain_notices (name, id);
