-- +goose Up

-- An invoice that was opened again, because a lost dispute has taken its money, is a debt of its own:
-- owed_at is since when (the invoice's reopened_at, 0 for the first debt), and the ladder begins anew.
-- The table is made anew: SQLite changes no key of a table that stands.
CREATE TABLE dunning_steps_owed (
    invoice_id      TEXT   NOT NULL REFERENCES invoices (id),
    step            TEXT   NOT NULL CHECK (step <> ''),
    owed_at         BIGINT NOT NULL DEFAULT 0 CHECK (owed_at >= 0),
    action          TEXT   NOT NULL CHECK (action = 'remind' OR action = 'late_fee' OR action = 'suspend' OR action = 'final_notice' OR action = 'terminate' OR action = 'lapse'),
    customer_id     TEXT   NOT NULL REFERENCES customers (id),
    subscription_id TEXT   NOT NULL REFERENCES subscriptions (id),
    outcome         TEXT   NOT NULL CHECK (outcome = 'done' OR outcome = 'passed'),
    detail          TEXT   NOT NULL DEFAULT '',
    done_at         BIGINT NOT NULL CHECK (done_at > 0),
    PRIMARY KEY (invoice_id, step, owed_at)
);
-- What was taken since an invoice was opened again is of that debt.
INSERT INTO dunning_steps_owed (invoice_id, step, owed_at, action, customer_id, subscription_id, outcome, detail, done_at)
SELECT d.invoice_id, d.step, CASE WHEN i.reopened_at > 0 AND d.done_at >= i.reopened_at THEN i.reopened_at ELSE 0 END,
    d.action, d.customer_id, d.subscription_id, d.outcome, d.detail, d.done_at
FROM dunning_steps AS d JOIN invoices AS i ON i.id = d.invoice_id;
DROP TABLE dunning_steps;
ALTER TABLE dunning_steps_owed RENAME TO dunning_steps;
CREATE INDEX dunning_steps_by_customer ON dunning_steps (customer_id, done_at);
