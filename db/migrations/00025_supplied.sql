-- +goose Up

-- Renewals that are not paid and have no number yet: those of hosting get it when their period begins.
CREATE INDEX invoices_unnumbered ON invoices (due_at, id) WHERE state = 'open' AND kind = 'renewal' AND number = 0;
