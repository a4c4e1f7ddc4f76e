-- +goose Up

-- SQLite builds a table of its own for an IN of more than two, at every statement that must look
-- into it: for an index with such a condition at every write of its table, five of them for a task.
-- A chain of OR is compared one by one. The conditions of the queries must say the same, word for
-- word, or the index is not used.
--
-- waits_for is the predecessor of a task while that has not come to its end: such a task stands
-- outside the index of what may be claimed, or each look for work goes past all of them.
ALTER TABLE tasks ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';

UPDATE tasks SET waits_for = after_task_id
WHERE after_task_id <> '' AND EXISTS (SELECT 1 FROM tasks AS p WHERE p.id = tasks.after_task_id
                                        AND p.state <> 'done' AND p.state <> 'failed' AND p.state <> 'cancelled');

DROP INDEX tasks_claimable;
CREATE INDEX tasks_claimable ON tasks (queue, run_at, id)
    WHERE (state = 'ready' OR state = 'waiting' OR state = 'unknown' OR state = 'settling') AND waits_for = '';
DROP INDEX tasks_open;
CREATE INDEX tasks_open ON tasks (subject, seq)
    WHERE (state = 'ready' OR state = 'running' OR state = 'waiting' OR state = 'unknown' OR state = 'settling' OR state = 'action_required' OR state = 'held');
CREATE INDEX tasks_following ON tasks (waits_for) WHERE waits_for <> '';

DROP INDEX payments_live;
CREATE UNIQUE INDEX payments_live ON payments (invoice_id) WHERE (state = 'pending' OR state = 'requires_action' OR state = 'processing');
DROP INDEX payments_open;
CREATE INDEX payments_open ON payments (check_at, id) WHERE (state = 'pending' OR state = 'requires_action' OR state = 'processing');
