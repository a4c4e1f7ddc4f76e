-- +goose Up

-- One row is one effect on the outside world. The states and what may stand
-- beside them are drawn in task/doc.go; the CHECKs hold them.
--   run_at       when it may be claimed next, by the shop's clock
--   waiting_at   since when it waits for the other side to finish
--   lease_until  when the claim ends, by the steady clock
--   lease_token  the attempt that holds the claim
--   verdict      what the call came to while it settles (state settling)
--   tries        claims so far; attempts counts calls that do, polls those that look on
--   failures     tries in a row that came to nothing, for the backoff
CREATE TABLE tasks (
    id            TEXT    NOT NULL PRIMARY KEY,
    queue         TEXT    NOT NULL CHECK (queue <> ''),
    kind          TEXT    NOT NULL CHECK (kind <> ''),
    subject       TEXT    NOT NULL CHECK (subject <> ''),
    seq           BIGINT  NOT NULL CHECK (seq > 0),
    after_task_id TEXT    NOT NULL DEFAULT '',
    invoice_id    TEXT    NOT NULL DEFAULT '',
    dedupe_key    TEXT    NOT NULL UNIQUE,
    state         TEXT    NOT NULL CHECK (state = 'blocked' OR state = 'ready' OR state = 'running' OR state = 'waiting' OR state = 'unknown' OR state = 'settling' OR state = 'action_required' OR state = 'held' OR state = 'done' OR state = 'failed' OR state = 'cancelled'),
    phase         TEXT    NOT NULL DEFAULT 'do' CHECK (phase = 'do' OR phase = 'poll' OR phase = 'reconcile' OR phase = 'settle'),
    verdict       TEXT    NOT NULL DEFAULT '' CHECK (verdict = '' OR verdict = 'done' OR verdict = 'failed' OR verdict = 'action_required'),
    payload       TEXT    NOT NULL,
    result        TEXT    NOT NULL DEFAULT '',
    tries         BIGINT  NOT NULL DEFAULT 0 CHECK (tries >= 0),
    attempts      BIGINT  NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    polls         BIGINT  NOT NULL DEFAULT 0 CHECK (polls >= 0),
    failures      BIGINT  NOT NULL DEFAULT 0 CHECK (failures >= 0),
    unclears      BIGINT  NOT NULL DEFAULT 0 CHECK (unclears >= 0),
    run_at        BIGINT  NOT NULL DEFAULT 0 CHECK (run_at >= 0),
    waiting_at    BIGINT  NOT NULL DEFAULT 0 CHECK (waiting_at >= 0),
    lease_until   BIGINT  NOT NULL DEFAULT 0 CHECK (lease_until >= 0),
    lease_token   TEXT    NOT NULL DEFAULT '',
    alarm         TEXT    NOT NULL DEFAULT '',
    error_code    TEXT    NOT NULL DEFAULT '',
    message       TEXT    NOT NULL DEFAULT '',
    last_error    TEXT    NOT NULL DEFAULT '',
    fields        TEXT    NOT NULL DEFAULT '',
    created_at    BIGINT  NOT NULL CHECK (created_at > 0),
    updated_at    BIGINT  NOT NULL CHECK (updated_at > 0),
    CHECK ((state = 'running' AND lease_token <> '') OR (state <> 'running' AND lease_token = '')),
    CHECK (state <> 'blocked' OR (invoice_id <> '' AND tries = 0)),
    CHECK (state <> 'ready' OR phase = 'do'),
    CHECK (state <> 'waiting' OR phase = 'poll'),
    CHECK (state <> 'unknown' OR phase = 'reconcile'),
    CHECK (state <> 'settling' OR (phase = 'settle' AND verdict <> '')),
    UNIQUE (subject, seq)
);

CREATE INDEX tasks_claimable ON tasks (queue, run_at, id) WHERE state IN ('ready', 'waiting', 'unknown', 'settling');
CREATE INDEX tasks_leased ON tasks (lease_until) WHERE state = 'running';
CREATE INDEX tasks_blocked ON tasks (invoice_id, subject, seq) WHERE state = 'blocked';
CREATE INDEX tasks_open ON tasks (subject, seq) WHERE state IN ('ready', 'running', 'waiting', 'unknown', 'settling', 'action_required', 'held');
CREATE INDEX tasks_by_state ON tasks (state, id);

-- The journal: one row a try, written before the call and closed after it. An
-- open row of a dead process says what was about to be done.
--   looked_at  the look before a call that must not happen twice was stored, and
--              so the call may have been made; zero: it was not
CREATE TABLE task_attempts (
    id         TEXT   NOT NULL PRIMARY KEY,
    task_id    TEXT   NOT NULL REFERENCES tasks (id),
    number     BIGINT NOT NULL CHECK (number >= 0),
    phase      TEXT   NOT NULL CHECK (phase = 'do' OR phase = 'poll' OR phase = 'reconcile' OR phase = 'settle' OR phase = 'operator'),
    look       TEXT   NOT NULL DEFAULT '',
    notes      TEXT   NOT NULL DEFAULT '',
    outcome    TEXT   NOT NULL DEFAULT '',
    error_code TEXT   NOT NULL DEFAULT '',
    error      TEXT   NOT NULL DEFAULT '',
    result     TEXT   NOT NULL DEFAULT '',
    started_at BIGINT NOT NULL CHECK (started_at > 0),
    looked_at  BIGINT NOT NULL DEFAULT 0 CHECK (looked_at >= 0),
    ended_at   BIGINT NOT NULL DEFAULT 0 CHECK (ended_at >= 0)
);

CREATE INDEX task_attempts_of_task ON task_attempts (task_id, number, id);
