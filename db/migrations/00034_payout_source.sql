-- +goose Up

-- The movements of one thing at a provider: a debit that failed moved the balance and back.
CREATE INDEX payout_lines_source ON payout_lines (gateway, source) WHERE source <> '' AND kind = 'charge';
