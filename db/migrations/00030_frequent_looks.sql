-- +goose Up

-- What is looked for all the time among much that is over: the planner takes an index by the
-- equality that it begins with, and would otherwise walk through a whole table by its ids.
DROP INDEX tasks_claimable;
CREATE INDEX tasks_claimable ON tasks (waits_for, queue, run_at, id)
    WHERE (state = 'ready' OR state = 'waiting' OR state = 'unknown' OR state = 'settling') AND waits_for = '';
DROP INDEX tasks_leased;
CREATE INDEX tasks_leased ON tasks (state, lease_until) WHERE state = 'running';
DROP INDEX webhook_inbox_unprocessed;
CREATE INDEX webhook_inbox_unprocessed ON webhook_inbox (processed_at, id) WHERE processed_at = 0;
DROP INDEX invoices_overdue;
CREATE INDEX invoices_overdue ON invoices (overdue_at, id, due_at) WHERE state = 'open' AND kind = 'renewal' AND overdue_at = 0;

-- Premium names are few, and each review of prices leaves them out.
CREATE INDEX quote_lines_premium ON quote_lines (quote_id, position) WHERE premium;
