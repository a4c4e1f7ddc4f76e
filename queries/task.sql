-- TaskInsert writes nothing where the dedupe key is taken; the task takes the next
-- place of its subject.
-- name: TaskInsert :execrows
INSERT INTO tasks (id, queue, kind, subject, seq, after_task_id, waits_for, invoice_id, dedupe_key, state, payload, run_at, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(queue), sqlc.arg(kind), sqlc.arg(subject),
        (SELECT CAST(coalesce(max(o.seq), 0) AS BIGINT) + 1 FROM tasks AS o WHERE o.subject = sqlc.arg(subject)),
        sqlc.arg(after_task_id), sqlc.arg(waits_for), sqlc.arg(invoice_id), sqlc.arg(dedupe_key), sqlc.arg(state), sqlc.arg(payload),
        sqlc.arg(run_at), sqlc.arg(created_at), sqlc.arg(updated_at))
ON CONFLICT (dedupe_key) DO NOTHING;

-- TaskInsertHeld writes one that a person must decide about from the start.
-- name: TaskInsertHeld :execrows
INSERT INTO tasks (id, queue, kind, subject, seq, dedupe_key, state, payload, alarm, error_code, message, last_error, run_at, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(queue), sqlc.arg(kind), sqlc.arg(subject),
        (SELECT CAST(coalesce(max(o.seq), 0) AS BIGINT) + 1 FROM tasks AS o WHERE o.subject = sqlc.arg(subject)),
        sqlc.arg(dedupe_key), 'held', sqlc.arg(payload), sqlc.arg(alarm), sqlc.arg(error_code),
        sqlc.arg(message), sqlc.arg(last_error), sqlc.arg(run_at), sqlc.arg(created_at), sqlc.arg(updated_at))
ON CONFLICT (dedupe_key) DO NOTHING;

-- name: TaskByID :one
SELECT id, queue, kind, subject, seq, after_task_id, invoice_id, dedupe_key, state, phase, verdict, payload, result,
       tries, attempts, polls, failures, unclears, run_at, waiting_at, lease_until, lease_token, alarm, error_code, message,
       last_error, fields, created_at, updated_at, waits_for
FROM tasks WHERE id = sqlc.arg(id);

-- name: TaskByDedupeKey :one
SELECT id, queue, kind, subject, seq, after_task_id, invoice_id, dedupe_key, state, phase, verdict, payload, result,
       tries, attempts, polls, failures, unclears, run_at, waiting_at, lease_until, lease_token, alarm, error_code, message,
       last_error, fields, created_at, updated_at, waits_for
FROM tasks WHERE dedupe_key = sqlc.arg(dedupe_key);

-- name: TasksBySubject :many
SELECT id, queue, kind, subject, seq, after_task_id, invoice_id, dedupe_key, state, phase, verdict, payload, result,
       tries, attempts, polls, failures, unclears, run_at, waiting_at, lease_until, lease_token, alarm, error_code, message,
       last_error, fields, created_at, updated_at, waits_for
FROM tasks WHERE subject = sqlc.arg(subject) ORDER BY seq;

-- TaskLastOfSubject is the latest, whatever has become of it.
-- name: TaskLastOfSubject :one
SELECT id, queue, kind, subject, seq, after_task_id, invoice_id, dedupe_key, state, phase, verdict, payload, result,
       tries, attempts, polls, failures, unclears, run_at, waiting_at, lease_until, lease_token, alarm, error_code, message,
       last_error, fields, created_at, updated_at, waits_for
FROM tasks WHERE subject = sqlc.arg(subject) ORDER BY seq DESC LIMIT 1;

-- TasksBlockedByInvoice is in the order in which they are released.
-- name: TasksBlockedByInvoice :many
SELECT id, queue, kind, subject, seq FROM tasks
WHERE invoice_id = sqlc.arg(invoice_id) AND state = 'blocked' ORDER BY subject, seq;

-- TaskList pages newest last; an empty filter is no filter.
-- name: TaskList :many
SELECT id, queue, kind, subject, seq, after_task_id, invoice_id, dedupe_key, state, phase, verdict, payload, result,
       tries, attempts, polls, failures, unclears, run_at, waiting_at, lease_until, lease_token, alarm, error_code, message,
       last_error, fields, created_at, updated_at, waits_for
FROM tasks
WHERE id > sqlc.arg(after_id)
  AND (CAST(sqlc.arg(kind) AS TEXT) = '' OR kind = CAST(sqlc.arg(kind) AS TEXT))
  AND (CAST(sqlc.arg(queue) AS TEXT) = '' OR queue = CAST(sqlc.arg(queue) AS TEXT))
ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: TaskListByState :many
SELECT id, queue, kind, subject, seq, after_task_id, invoice_id, dedupe_key, state, phase, verdict, payload, result,
       tries, attempts, polls, failures, unclears, run_at, waiting_at, lease_until, lease_token, alarm, error_code, message,
       last_error, fields, created_at, updated_at, waits_for
FROM tasks
WHERE state = sqlc.arg(state) AND id > sqlc.arg(after_id)
  AND (CAST(sqlc.arg(kind) AS TEXT) = '' OR kind = CAST(sqlc.arg(kind) AS TEXT))
  AND (CAST(sqlc.arg(queue) AS TEXT) = '' OR queue = CAST(sqlc.arg(queue) AS TEXT))
ORDER BY id LIMIT sqlc.arg(max_rows);

-- TasksClaimable are those of a queue whose time has come, that are the first
-- unfinished of their subject and whose predecessor has come to an end.
-- name: TasksClaimable :many
SELECT t.id, t.queue, t.kind, t.subject, t.seq, t.after_task_id, t.invoice_id, t.dedupe_key, t.state, t.phase,
       t.verdict, t.payload, t.result, t.tries, t.attempts, t.polls, t.failures, t.unclears, t.run_at, t.waiting_at, t.lease_until,
       t.lease_token, t.alarm, t.error_code, t.message, t.last_error, t.fields, t.created_at, t.updated_at, t.waits_for
FROM tasks AS t
WHERE t.queue = sqlc.arg(queue) AND t.run_at <= sqlc.arg(now_at)
  AND (t.state = 'ready' OR t.state = 'waiting' OR t.state = 'unknown' OR t.state = 'settling') AND t.waits_for = ''
  AND NOT EXISTS (SELECT 1 FROM tasks AS o WHERE o.subject = t.subject AND o.seq < t.seq
                    AND (o.state = 'ready' OR o.state = 'running' OR o.state = 'waiting' OR o.state = 'unknown' OR o.state = 'settling' OR o.state = 'action_required' OR o.state = 'held'))
  AND NOT EXISTS (SELECT 1 FROM tasks AS p WHERE p.id = t.after_task_id
                    AND p.state <> 'done' AND p.state <> 'failed' AND p.state <> 'cancelled')
ORDER BY t.run_at, t.id LIMIT sqlc.arg(max_rows);

-- TaskFirstQueue is the first queue, by name, that has such a task.
-- name: TaskFirstQueue :many
SELECT t.queue
FROM tasks AS t
WHERE t.run_at <= sqlc.arg(now_at)
  AND (t.state = 'ready' OR t.state = 'waiting' OR t.state = 'unknown' OR t.state = 'settling') AND t.waits_for = ''
  AND NOT EXISTS (SELECT 1 FROM tasks AS o WHERE o.subject = t.subject AND o.seq < t.seq
                    AND (o.state = 'ready' OR o.state = 'running' OR o.state = 'waiting' OR o.state = 'unknown' OR o.state = 'settling' OR o.state = 'action_required' OR o.state = 'held'))
  AND NOT EXISTS (SELECT 1 FROM tasks AS p WHERE p.id = t.after_task_id
                    AND p.state <> 'done' AND p.state <> 'failed' AND p.state <> 'cancelled')
ORDER BY t.queue, t.run_at, t.id LIMIT 1;

-- name: TaskNextRun :one
SELECT t.run_at
FROM tasks AS t
WHERE t.queue = sqlc.arg(queue)
  AND (t.state = 'ready' OR t.state = 'waiting' OR t.state = 'unknown' OR t.state = 'settling') AND t.waits_for = ''
  AND NOT EXISTS (SELECT 1 FROM tasks AS o WHERE o.subject = t.subject AND o.seq < t.seq
                    AND (o.state = 'ready' OR o.state = 'running' OR o.state = 'waiting' OR o.state = 'unknown' OR o.state = 'settling' OR o.state = 'action_required' OR o.state = 'held'))
  AND NOT EXISTS (SELECT 1 FROM tasks AS p WHERE p.id = t.after_task_id
                    AND p.state <> 'done' AND p.state <> 'failed' AND p.state <> 'cancelled')
ORDER BY t.run_at, t.id LIMIT 1;

-- TasksExpired are claims whose holder did not come back in time.
-- name: TasksExpired :many
SELECT id, lease_token FROM tasks WHERE state = 'running' AND lease_until <= sqlc.arg(steady_until) ORDER BY lease_until LIMIT sqlc.arg(max_rows);

-- TaskClaim repeats the whole condition, and that the row is as it was seen: under
-- READ COMMITTED another worker may have been here since.
-- name: TaskClaim :execrows
UPDATE tasks
SET state = 'running', lease_token = sqlc.arg(lease_token), lease_until = sqlc.arg(lease_until), tries = tasks.tries + 1,
    attempts = tasks.attempts + sqlc.arg(more_attempts), polls = tasks.polls + sqlc.arg(more_polls), updated_at = sqlc.arg(updated_at)
WHERE tasks.id = sqlc.arg(id) AND tasks.state = sqlc.arg(seen_state) AND tasks.tries = sqlc.arg(seen_tries)
  AND (tasks.state = 'ready' OR tasks.state = 'waiting' OR tasks.state = 'unknown' OR tasks.state = 'settling') AND tasks.waits_for = '' AND tasks.run_at <= sqlc.arg(now_at)
  AND NOT EXISTS (SELECT 1 FROM tasks AS o WHERE o.subject = tasks.subject AND o.seq < tasks.seq
                    AND (o.state = 'ready' OR o.state = 'running' OR o.state = 'waiting' OR o.state = 'unknown' OR o.state = 'settling' OR o.state = 'action_required' OR o.state = 'held'))
  AND NOT EXISTS (SELECT 1 FROM tasks AS p WHERE p.id = tasks.after_task_id
                    AND p.state <> 'done' AND p.state <> 'failed' AND p.state <> 'cancelled');

-- TaskFinish is the compare-and-set that writes an outcome: 0 rows means that the
-- claim was lost.
-- name: TaskFinish :execrows
UPDATE tasks
SET state = sqlc.arg(state), phase = sqlc.arg(phase), verdict = sqlc.arg(verdict), result = sqlc.arg(result),
    attempts = sqlc.arg(attempts), polls = sqlc.arg(polls), failures = sqlc.arg(failures), unclears = sqlc.arg(unclears),
    run_at = sqlc.arg(run_at), waiting_at = sqlc.arg(waiting_at), lease_token = '', lease_until = 0, alarm = sqlc.arg(alarm), error_code = sqlc.arg(error_code),
    message = sqlc.arg(message), last_error = sqlc.arg(last_error), fields = sqlc.arg(fields), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = 'running' AND lease_token = sqlc.arg(lease_token);

-- TaskMove is a change from outside a claim (a customer, an operator), as a
-- compare-and-set on what was seen.
-- name: TaskMove :execrows
UPDATE tasks
SET state = sqlc.arg(state), phase = sqlc.arg(phase), verdict = sqlc.arg(verdict), payload = sqlc.arg(payload), result = sqlc.arg(result),
    after_task_id = sqlc.arg(after_task_id), waits_for = sqlc.arg(waits_for), polls = sqlc.arg(polls), failures = 0, unclears = 0, run_at = sqlc.arg(run_at),
    waiting_at = sqlc.arg(waiting_at),
    alarm = sqlc.arg(alarm), error_code = sqlc.arg(error_code), message = sqlc.arg(message), last_error = sqlc.arg(last_error),
    fields = sqlc.arg(fields), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(seen_state) AND tries = sqlc.arg(seen_tries);

-- TaskRelease gives the task the last place of its subject: what was decided while
-- it waited for its money comes first.
-- name: TaskRelease :execrows
UPDATE tasks
SET state = 'ready', run_at = CASE WHEN tasks.run_at > sqlc.arg(now_at) THEN tasks.run_at ELSE sqlc.arg(now_at) END,
    seq = (SELECT CAST(max(o.seq) AS BIGINT) + 1 FROM tasks AS o WHERE o.subject = tasks.subject), updated_at = sqlc.arg(updated_at)
WHERE tasks.id = sqlc.arg(id) AND tasks.state = 'blocked';

-- TaskRequeue gives a task that had come to its end a new place in its subject.
-- name: TaskRequeue :execrows
UPDATE tasks
SET seq = (SELECT CAST(max(o.seq) AS BIGINT) + 1 FROM tasks AS o WHERE o.subject = tasks.subject)
WHERE tasks.id = sqlc.arg(id);

-- name: TasksCancelInvoice :execrows
UPDATE tasks SET state = 'cancelled', error_code = sqlc.arg(error_code), updated_at = sqlc.arg(updated_at)
WHERE invoice_id = sqlc.arg(invoice_id) AND state = 'blocked';

-- name: TasksCancelSubject :execrows
UPDATE tasks SET state = 'cancelled', error_code = sqlc.arg(error_code), updated_at = sqlc.arg(updated_at)
WHERE subject = sqlc.arg(subject) AND (state = 'blocked' OR state = 'ready' OR state = 'action_required');

-- TasksEndLeases ends the claims that a dead process left behind.
-- name: TasksEndLeases :execrows
UPDATE tasks SET lease_until = 0 WHERE state = 'running';

-- name: TaskOpenKinds :many
SELECT DISTINCT kind, queue FROM tasks
WHERE (state = 'blocked' OR state = 'ready' OR state = 'running' OR state = 'waiting' OR state = 'unknown' OR state = 'settling' OR state = 'action_required' OR state = 'held')
ORDER BY kind, queue;

-- TaskStats are the unfinished tasks, with the oldest due and the oldest change.
-- name: TaskStats :many
SELECT kind, state, CAST(count(id) AS BIGINT) AS tasks, CAST(min(run_at) AS BIGINT) AS oldest_run_at,
       CAST(min(updated_at) AS BIGINT) AS oldest_updated_at
FROM tasks
WHERE (state = 'blocked' OR state = 'ready' OR state = 'running' OR state = 'waiting' OR state = 'unknown' OR state = 'settling' OR state = 'action_required' OR state = 'held')
GROUP BY kind, state ORDER BY kind, state;

-- name: TaskRunningOne :many
SELECT id FROM tasks WHERE state = 'running' LIMIT 1;

-- The oldest tasks behind the last one that was looked at, to be forgotten.
-- name: TasksOldest :many
SELECT id, kind, created_at FROM tasks WHERE id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(max_rows);

-- The oldest tries of a task that came to its end before a time.
-- name: TaskAttemptsForget :execrows
DELETE FROM task_attempts WHERE id IN (
    SELECT a.id FROM task_attempts a JOIN tasks t ON t.id = a.task_id
    WHERE a.task_id = sqlc.arg(task_id) AND (t.state = 'done' OR t.state = 'cancelled') AND t.updated_at < sqlc.arg(before_at)
    ORDER BY a.number, a.id LIMIT sqlc.arg(max_rows));

-- A task of a kind that nothing looks back at, without a journal.
-- name: TaskForget :execrows
DELETE FROM tasks WHERE id = sqlc.arg(id) AND (state = 'done' OR state = 'cancelled') AND updated_at < sqlc.arg(before_at);

-- name: TaskAttemptInsert :exec
INSERT INTO task_attempts (id, task_id, number, phase, started_at, looked_at)
VALUES (sqlc.arg(id), sqlc.arg(task_id), sqlc.arg(number), sqlc.arg(phase), sqlc.arg(started_at), sqlc.arg(looked_at));

-- TaskAttemptLooked keeps the look: from here on the call may have been made.
-- name: TaskAttemptLooked :execrows
UPDATE task_attempts SET look = sqlc.arg(look), looked_at = sqlc.arg(looked_at)
WHERE id = sqlc.arg(id) AND ended_at = 0;

-- name: TaskAttemptClose :execrows
UPDATE task_attempts
SET outcome = sqlc.arg(outcome), error_code = sqlc.arg(error_code), error = sqlc.arg(error), result = sqlc.arg(result),
    notes = sqlc.arg(notes), ended_at = sqlc.arg(ended_at)
WHERE id = sqlc.arg(id);

-- TaskAttemptOperator is an operator's decision, in the journal beside the tries.
-- name: TaskAttemptOperator :exec
INSERT INTO task_attempts (id, task_id, number, phase, outcome, notes, result, started_at, ended_at)
VALUES (sqlc.arg(id), sqlc.arg(task_id), sqlc.arg(number), 'operator', sqlc.arg(outcome), sqlc.arg(notes), sqlc.arg(result),
        sqlc.arg(started_at), sqlc.arg(ended_at));

-- name: TaskAttemptByID :one
SELECT id, task_id, number, phase, look, notes, outcome, error_code, error, result, started_at, looked_at, ended_at
FROM task_attempts WHERE id = sqlc.arg(id);

-- name: TaskAttempts :many
SELECT id, task_id, number, phase, look, notes, outcome, error_code, error, result, started_at, looked_at, ended_at
FROM task_attempts WHERE task_id = sqlc.arg(task_id) ORDER BY number, id;

-- TaskLastDo is the last call that may have taken effect, with the look before it.
-- name: TaskLastDo :one
SELECT id, task_id, number, phase, look, notes, outcome, error_code, error, result, started_at, looked_at, ended_at
FROM task_attempts WHERE task_id = sqlc.arg(task_id) AND phase = 'do' ORDER BY number DESC LIMIT 1;

-- TaskPutOff moves a task that could not even be looked at out of the way.
-- name: TaskPutOff :execrows
UPDATE tasks
SET failures = failures + 1, run_at = sqlc.arg(run_at), alarm = sqlc.arg(alarm), last_error = sqlc.arg(last_error),
    updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(seen_state) AND tries = sqlc.arg(seen_tries);

-- TaskAttemptLate keeps what a try brought whose claim had been taken over.
-- name: TaskAttemptLate :execrows
UPDATE task_attempts
SET outcome = sqlc.arg(outcome), error_code = sqlc.arg(error_code), error = sqlc.arg(error), result = sqlc.arg(result),
    notes = sqlc.arg(notes), ended_at = sqlc.arg(ended_at)
WHERE id = sqlc.arg(id) AND outcome = 'lost';

-- TasksUnpark lets those go on that waited for a task which has come to its end.
-- name: TasksUnpark :execrows
UPDATE tasks SET waits_for = '' WHERE waits_for = sqlc.arg(task_id) AND waits_for <> '';

-- name: TasksCancelledOfSubject :many
SELECT id, kind FROM tasks WHERE subject = sqlc.arg(subject) AND state = 'cancelled';
