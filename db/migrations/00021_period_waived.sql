-- +goose Up

-- A period whose bill was withdrawn is void and may be billed anew; one whose bill was given up is
-- waived: it stays unpaid and is never billed again. The table is made anew: SQLite changes no
-- condition of a table that stands. What was given up so far is what a bad debt was for.
CREATE TABLE subscription_periods_waived (
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    start_at        BIGINT NOT NULL,
    end_at          BIGINT NOT NULL CHECK (end_at = end_at + 0 AND end_at > start_at),
    invoice_id      TEXT NOT NULL DEFAULT '',
    net             BIGINT NOT NULL DEFAULT 0 CHECK (net = net + 0 AND net >= 0),
    state           TEXT NOT NULL CHECK (state = 'billed' OR state = 'paid' OR state = 'void' OR state = 'waived' OR state = 'paused'),
    PRIMARY KEY (subscription_id, start_at)
);
INSERT INTO subscription_periods_waived (subscription_id, start_at, end_at, invoice_id, net, state)
SELECT p.subscription_id, p.start_at, p.end_at, p.invoice_id, p.net,
    CASE WHEN p.state = 'void' AND EXISTS (
        SELECT 1 FROM invoices AS i JOIN subscriptions AS u ON u.id = p.subscription_id
        WHERE i.id = p.invoice_id AND i.state = 'uncollectible' AND u.kind = 'hosting') THEN 'waived' ELSE p.state END
FROM subscription_periods AS p;
DROP TABLE subscription_periods;
ALTER TABLE subscription_periods_waived RENAME TO subscription_periods;
CREATE INDEX subscription_periods_invoice ON subscription_periods (invoice_id) WHERE invoice_id <> '';

-- What was taken back of a line, by credit notes and by the invoices of changes.
CREATE INDEX invoice_lines_corrects ON invoice_lines (corrects_line_id) WHERE corrects_line_id <> '';
