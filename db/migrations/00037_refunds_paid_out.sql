-- +goose Up

-- A refund that a payout has taken: one that is in none is asked about, as a payment is.
ALTER TABLE refunds ADD COLUMN paid_out BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE refunds SET paid_out = TRUE
WHERE id IN (SELECT subject FROM payout_lines WHERE kind = 'refund' AND subject <> '');
CREATE INDEX refunds_not_paid_out ON refunds (gateway, id) WHERE state = 'succeeded' AND paid_out = FALSE;
