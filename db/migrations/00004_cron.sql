-- +goose Up

-- The schedule. due_at is by the shop's clock; the lease, by the steady clock,
-- makes one process the runner of a job. A job that is due stays due until a run
-- of it has ended, so a run that a crash cut short is made again.
CREATE TABLE cron_jobs (
    name        TEXT   NOT NULL PRIMARY KEY,
    spec        TEXT   NOT NULL CHECK (spec <> ''),
    due_at      BIGINT NOT NULL CHECK (due_at > 0),
    lease_token TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0 CHECK (lease_until >= 0)
);

CREATE INDEX cron_jobs_due ON cron_jobs (due_at, name);

CREATE TABLE cron_runs (
    id         TEXT    NOT NULL PRIMARY KEY,
    job        TEXT    NOT NULL REFERENCES cron_jobs (name),
    asked      BOOLEAN NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('running', 'done', 'failed', 'lost')),
    report     TEXT    NOT NULL DEFAULT '',
    error      TEXT    NOT NULL DEFAULT '',
    slot_at    BIGINT  NOT NULL CHECK (slot_at >= 0),
    started_at BIGINT  NOT NULL CHECK (started_at > 0),
    ended_at   BIGINT  NOT NULL DEFAULT 0 CHECK (ended_at >= 0),
    CHECK ((state = 'running' AND ended_at = 0) OR (state <> 'running' AND ended_at > 0))
);

CREATE INDEX cron_runs_of_job ON cron_runs (job, id);
