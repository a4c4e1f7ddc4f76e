-- CronJobInsert leaves a job that is there as it is.
-- name: CronJobInsert :execrows
INSERT INTO cron_jobs (name, spec, due_at) VALUES (sqlc.arg(name), sqlc.arg(spec), sqlc.arg(due_at))
ON CONFLICT (name) DO NOTHING;

-- CronJobRespec moves a job to another schedule.
-- name: CronJobRespec :execrows
UPDATE cron_jobs SET spec = sqlc.arg(spec), due_at = sqlc.arg(due_at)
WHERE name = sqlc.arg(name) AND spec <> sqlc.arg(spec);

-- name: CronJobByName :one
SELECT name, spec, due_at, lease_token, lease_until FROM cron_jobs WHERE name = sqlc.arg(name);

-- CronJobs are all that were ever registered, the next due first.
-- name: CronJobs :many
SELECT name, spec, due_at, lease_token, lease_until FROM cron_jobs ORDER BY due_at, name;

-- CronJobsDue are those that are due and that nobody runs, the longest due first.
-- name: CronJobsDue :many
SELECT name FROM cron_jobs
WHERE due_at <= sqlc.arg(now_at) AND (lease_token = '' OR lease_until <= sqlc.arg(steady_until))
ORDER BY due_at, name;

-- CronJobClaim makes the caller the runner of a job that is due and that nobody
-- runs: 0 rows means that somebody does, or that it is not due any more.
-- name: CronJobClaim :execrows
UPDATE cron_jobs SET lease_token = sqlc.arg(lease_token), lease_until = sqlc.arg(lease_until)
WHERE name = sqlc.arg(name) AND due_at <= sqlc.arg(now_at)
  AND (lease_token = '' OR lease_until <= sqlc.arg(steady_until));

-- name: CronJobExtend :execrows
UPDATE cron_jobs SET lease_until = sqlc.arg(lease_until)
WHERE name = sqlc.arg(name) AND lease_token = sqlc.arg(lease_token);

-- name: CronJobFree :execrows
UPDATE cron_jobs SET due_at = sqlc.arg(due_at), lease_token = '', lease_until = 0
WHERE name = sqlc.arg(name) AND lease_token = sqlc.arg(lease_token);

-- CronEndLeases ends the claims that a dead process left behind.
-- name: CronEndLeases :execrows
UPDATE cron_jobs SET lease_until = 0 WHERE lease_token <> '';

-- name: CronRunInsert :exec
INSERT INTO cron_runs (id, job, asked, state, slot_at, started_at)
VALUES (sqlc.arg(id), sqlc.arg(job), sqlc.arg(asked), 'running', sqlc.arg(slot_at), sqlc.arg(started_at));

-- name: CronRunClose :execrows
UPDATE cron_runs
SET state = sqlc.arg(state), report = sqlc.arg(report), error = sqlc.arg(error), ended_at = sqlc.arg(ended_at)
WHERE id = sqlc.arg(id) AND state = 'running';

-- name: CronRunByID :one
SELECT id, job, asked, state, report, error, slot_at, started_at, ended_at FROM cron_runs WHERE id = sqlc.arg(id);

-- CronRuns are a job's runs, the latest first; an empty cursor is the start.
-- name: CronRuns :many
SELECT id, job, asked, state, report, error, slot_at, started_at, ended_at
FROM cron_runs
WHERE job = sqlc.arg(job) AND (CAST(sqlc.arg(before_id) AS TEXT) = '' OR id < CAST(sqlc.arg(before_id) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- CronRunsOldest are a job's runs from the oldest on, behind one.
-- name: CronRunsOldest :many
SELECT id, state, started_at FROM cron_runs
WHERE job = sqlc.arg(job) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: CronRunForget :execrows
DELETE FROM cron_runs AS r WHERE r.id = sqlc.arg(id) AND r.state <> 'running';
