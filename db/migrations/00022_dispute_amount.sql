-- +goose Up

-- A dispute's amount is 0 until its provider has told it: it was stored as 1. note_id is the credit
-- note that wrote the amount of a lost one off, so that winning it after all can bill that anew.
CREATE TABLE disputes_told (
    id                 TEXT PRIMARY KEY,
    gateway            TEXT NOT NULL,
    provider_reference TEXT NOT NULL,
    payment_id         TEXT NOT NULL REFERENCES payments (id),
    invoice_id         TEXT NOT NULL REFERENCES invoices (id),
    customer_id        TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state = 'inquiry' OR state = 'open' OR state = 'won' OR state = 'lost'),
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    amount             BIGINT NOT NULL CHECK (amount = amount + 0 AND amount >= 0),
    fee                BIGINT NOT NULL DEFAULT 0 CHECK (fee = fee + 0 AND fee >= 0),
    reason             TEXT NOT NULL,
    outcome            TEXT NOT NULL DEFAULT '',
    note_id            TEXT NOT NULL DEFAULT '',
    answer_at          BIGINT NOT NULL DEFAULT 0,
    check_at           BIGINT NOT NULL DEFAULT 0,
    opened_at          BIGINT NOT NULL,
    closed_at          BIGINT NOT NULL DEFAULT 0,
    updated_at         BIGINT NOT NULL
);
INSERT INTO disputes_told (id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, fee,
    reason, outcome, answer_at, check_at, opened_at, closed_at, updated_at)
SELECT id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency,
    CASE WHEN state = 'inquiry' AND amount = 1 THEN 0 ELSE amount END, fee,
    reason, outcome, answer_at, check_at, opened_at, closed_at, updated_at
FROM disputes;
DROP TABLE disputes;
ALTER TABLE disputes_told RENAME TO disputes;
CREATE UNIQUE INDEX disputes_reference ON disputes (gateway, provider_reference);
CREATE INDEX disputes_open ON disputes (customer_id, id) WHERE state = 'open';
CREATE INDEX disputes_payment ON disputes (payment_id, id);
CREATE INDEX disputes_invoice ON disputes (invoice_id) WHERE state = 'open';
CREATE INDEX disputes_check ON disputes (check_at, id) WHERE check_at > 0;
