-- +goose Up

-- As in frequent looks: the equality first, or the planner walks through all invoices by their ids.
DROP INDEX invoices_unnumbered;
CREATE INDEX invoices_unnumbered ON invoices (number, id, due_at) WHERE state = 'open' AND kind = 'renewal' AND number = 0;
