-- +goose Up

-- What happened, written in the transaction that caused it; never changed.
CREATE TABLE events (
    id          TEXT   NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL CHECK (kind <> ''),
    subject     TEXT   NOT NULL CHECK (subject <> ''),
    customer_id TEXT   NOT NULL DEFAULT '',
    data        TEXT   NOT NULL,
    happened_at BIGINT NOT NULL CHECK (happened_at > 0)
);

CREATE INDEX events_by_subject ON events (subject, id);
CREATE INDEX events_by_customer ON events (customer_id, id) WHERE customer_id <> '';
CREATE INDEX events_by_kind ON events (kind, id);

-- What a person should look at. One open alarm for each code and subject; raised
-- again it is counted, not repeated.
CREATE TABLE alarms (
    id         TEXT   NOT NULL PRIMARY KEY,
    code       TEXT   NOT NULL CHECK (code <> ''),
    subject    TEXT   NOT NULL,
    message    TEXT   NOT NULL,
    raises     BIGINT NOT NULL DEFAULT 1 CHECK (raises > 0),
    raised_at  BIGINT NOT NULL CHECK (raised_at > 0),
    latest_at  BIGINT NOT NULL CHECK (latest_at > 0),
    cleared_at BIGINT NOT NULL DEFAULT 0 CHECK (cleared_at >= 0)
);

CREATE UNIQUE INDEX alarms_open ON alarms (code, subject) WHERE cleared_at = 0;
CREATE INDEX alarms_open_by_id ON alarms (id) WHERE cleared_at = 0;
