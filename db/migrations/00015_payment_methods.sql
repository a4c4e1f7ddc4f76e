-- +goose Up

-- expires_at is the first instant at which a card is no longer valid, 0 for what does not end.
-- refused_at is when its bank refused it for good: it is charged no more until the customer
-- chooses it again. detached_at is when the provider was told to forget it.
ALTER TABLE payment_methods ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment_methods ADD COLUMN refused_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment_methods ADD COLUMN refused_code TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_methods ADD COLUMN detached_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX payment_methods_expiring ON payment_methods (expires_at, id) WHERE removed_at = 0 AND expires_at > 0;

-- A method that a customer saves without paying.
CREATE TABLE method_setups (
    id                 TEXT PRIMARY KEY,
    customer_id        TEXT NOT NULL REFERENCES customers (id),
    gateway            TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state = 'pending' OR state = 'requires_action' OR state = 'processing' OR state = 'succeeded' OR state = 'failed' OR state = 'cancelled'),
    make_default       BOOLEAN NOT NULL,
    provider_reference TEXT NOT NULL DEFAULT '',
    return_url         TEXT NOT NULL DEFAULT '',
    next_action        TEXT NOT NULL DEFAULT '',
    method_id          TEXT NOT NULL DEFAULT '',
    decline_class      TEXT NOT NULL DEFAULT '',
    decline_code       TEXT NOT NULL DEFAULT '',
    check_at           BIGINT NOT NULL DEFAULT 0,
    settled_at         BIGINT NOT NULL DEFAULT 0,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX method_setups_reference ON method_setups (gateway, provider_reference) WHERE provider_reference <> '';
CREATE INDEX method_setups_customer ON method_setups (customer_id, id);
CREATE INDEX method_setups_open ON method_setups (check_at, id) WHERE (state = 'pending' OR state = 'requires_action' OR state = 'processing');

-- The notices that a card ends, each sent once: a card whose date moves is a new one.
CREATE TABLE method_notices (
    method_id  TEXT NOT NULL REFERENCES payment_methods (id),
    expires_at BIGINT NOT NULL,
    days       BIGINT NOT NULL CHECK (days = days + 0 AND days > 0),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (method_id, expires_at, days)
);

-- A webhook may be about setups too.
ALTER TABLE webhook_inbox ADD COLUMN setups TEXT NOT NULL DEFAULT '[]';

-- Subscriptions whose renewals are billed so many days earlier than others, because their method
-- takes days to tell whether the money came; the days are in their lead_days.
CREATE TABLE early_subscriptions (
    subscription_id TEXT PRIMARY KEY REFERENCES subscriptions (id),
    days            BIGINT NOT NULL CHECK (days = days + 0 AND days >= 0)
);
