-- +goose Up

-- What a document is about: something supplied, or money that goes into a customer's credit (a
-- receipt) or out of it (with negative amounts). No VAT is due on credit.
ALTER TABLE invoices ADD COLUMN purpose TEXT NOT NULL DEFAULT 'supply' CHECK (purpose = 'supply' OR purpose = 'credit');

-- When a paid invoice was opened again, because a lost dispute has taken its money.
ALTER TABLE invoices ADD COLUMN reopened_at BIGINT NOT NULL DEFAULT 0;

-- What disputes that are open or lost have taken of a payment.
ALTER TABLE payments ADD COLUMN disputed BIGINT NOT NULL DEFAULT 0 CHECK (disputed = disputed + 0 AND disputed >= 0);

-- The grant that an entry of credit belongs to; empty for the customer's own money.
ALTER TABLE ledger_entries ADD COLUMN lot_id TEXT NOT NULL DEFAULT '';
DROP INDEX ledger_entries_credit;
CREATE INDEX ledger_entries_credit ON ledger_entries (customer_id, id) WHERE account = 'credit';
CREATE INDEX ledger_entries_lot ON ledger_entries (invoice_id, lot_id) WHERE lot_id <> '';

-- Credit that the shop has given. What is left of it stands in the ledger.
CREATE TABLE credit_grants (
    id          TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    amount      BIGINT NOT NULL CHECK (amount = amount + 0 AND amount > 0),
    reason      TEXT NOT NULL,
    expires_at  BIGINT NOT NULL DEFAULT 0,
    ended_at    BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL
);
CREATE INDEX credit_grants_customer ON credit_grants (customer_id, id);
CREATE INDEX credit_grants_expiring ON credit_grants (expires_at, id) WHERE expires_at > 0 AND ended_at = 0;

-- Payments that a customer has disputed at their bank. An inquiry has moved no money yet.
CREATE TABLE disputes (
    id                 TEXT PRIMARY KEY,
    gateway            TEXT NOT NULL,
    provider_reference TEXT NOT NULL,
    payment_id         TEXT NOT NULL REFERENCES payments (id),
    invoice_id         TEXT NOT NULL REFERENCES invoices (id),
    customer_id        TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state = 'inquiry' OR state = 'open' OR state = 'won' OR state = 'lost'),
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    amount             BIGINT NOT NULL CHECK (amount = amount + 0 AND amount > 0),
    fee                BIGINT NOT NULL DEFAULT 0 CHECK (fee = fee + 0 AND fee >= 0),
    reason             TEXT NOT NULL,
    outcome            TEXT NOT NULL DEFAULT '',
    answer_at          BIGINT NOT NULL DEFAULT 0,
    check_at           BIGINT NOT NULL DEFAULT 0,
    opened_at          BIGINT NOT NULL,
    closed_at          BIGINT NOT NULL DEFAULT 0,
    updated_at         BIGINT NOT NULL
);
-- The disputes that a webhook is about.
ALTER TABLE webhook_inbox ADD COLUMN disputes TEXT NOT NULL DEFAULT '[]';

CREATE UNIQUE INDEX disputes_reference ON disputes (gateway, provider_reference);
CREATE INDEX disputes_open ON disputes (customer_id, id) WHERE state = 'open';
CREATE INDEX disputes_payment ON disputes (payment_id, id);
CREATE INDEX disputes_invoice ON disputes (invoice_id) WHERE state = 'open';
CREATE INDEX disputes_check ON disputes (check_at, id) WHERE check_at > 0;

-- Money in suspense may also be sent back.
CREATE TABLE suspense_items (
    id          TEXT PRIMARY KEY,
    gateway     TEXT NOT NULL,
    reference   TEXT NOT NULL,
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    amount      BIGINT NOT NULL CHECK (amount = amount + 0 AND amount > 0),
    note        TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL CHECK (state = 'open' OR state = 'assigned' OR state = 'returned'),
    invoice_id  TEXT NOT NULL DEFAULT '',
    payment_id  TEXT NOT NULL DEFAULT '',
    received_at BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    settled_at  BIGINT NOT NULL DEFAULT 0
);
INSERT INTO suspense_items (id, gateway, reference, currency, amount, note, state, invoice_id, payment_id, received_at, created_at, settled_at)
SELECT id, gateway, reference, currency, amount, note, state, invoice_id, payment_id, received_at, created_at, settled_at FROM suspense;
DROP TABLE suspense;
ALTER TABLE suspense_items RENAME TO suspense;
CREATE UNIQUE INDEX suspense_once ON suspense (gateway, reference, amount, received_at);
CREATE INDEX suspense_open ON suspense (id) WHERE state = 'open';
