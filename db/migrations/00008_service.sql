-- +goose Up

-- A delivery is what one paid order line asks of an upstream; its id is the order line's id.
-- It is written before its invoice, which may release the tasks as it is issued.
-- The tasks' payload is nothing but that id, so that a mended line is mended in one place.
CREATE TABLE deliveries (
    id                TEXT    NOT NULL PRIMARY KEY,
    order_id          TEXT    NOT NULL,
    invoice_id        TEXT    NOT NULL,
    customer_id       TEXT    NOT NULL REFERENCES customers (id),
    upstream          TEXT    NOT NULL,
    kind              TEXT    NOT NULL CHECK (kind IN ('register', 'transfer', 'hosting', 'hosting_own')),
    domain            TEXT    NOT NULL,
    product_id        TEXT    NOT NULL DEFAULT '',
    product_ref       TEXT    NOT NULL DEFAULT '',
    category          TEXT    NOT NULL DEFAULT '',
    description       TEXT    NOT NULL,
    cycle             TEXT    NOT NULL CHECK (cycle IN ('month', 'year')),
    client_choice     BOOLEAN NOT NULL DEFAULT FALSE,
    target_url        TEXT    NOT NULL DEFAULT '',
    space_id          BIGINT  NOT NULL DEFAULT 0,
    auth_code_sealed  TEXT    NOT NULL DEFAULT '',
    registrant_id     TEXT    NOT NULL DEFAULT '',
    currency          TEXT    NOT NULL,
    net_minor         BIGINT  NOT NULL CHECK (net_minor >= 0),
    cost_minor        BIGINT  NOT NULL CHECK (cost_minor >= 0),
    renew_net_minor   BIGINT  NOT NULL CHECK (renew_net_minor >= 0),
    renew_cost_minor  BIGINT  NOT NULL CHECK (renew_cost_minor >= 0),
    after_delivery_id TEXT    NOT NULL DEFAULT '',
    task_id           TEXT    NOT NULL DEFAULT '',
    contact_task_id   TEXT    NOT NULL DEFAULT '',
    state             TEXT    NOT NULL CHECK (state IN ('pending', 'action_required', 'delivered', 'failed')),
    cause_code        TEXT    NOT NULL DEFAULT '',
    cause_fields      TEXT    NOT NULL DEFAULT '[]',
    attempt           BIGINT  NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    action_at         BIGINT  NOT NULL DEFAULT 0,
    created_at        BIGINT  NOT NULL CHECK (created_at >= 0),
    updated_at        BIGINT  NOT NULL CHECK (updated_at >= 0)
);
CREATE INDEX deliveries_by_order ON deliveries (order_id, id);
CREATE INDEX deliveries_by_contact ON deliveries (contact_task_id) WHERE contact_task_id <> '';
CREATE INDEX deliveries_awaiting_the_customer ON deliveries (action_at, id) WHERE state = 'action_required';

-- What a customer has. A name is in use by one domain service at a time.
CREATE TABLE services (
    id              TEXT   NOT NULL PRIMARY KEY,
    customer_id     TEXT   NOT NULL REFERENCES customers (id),
    order_line_id   TEXT   NOT NULL UNIQUE,
    subscription_id TEXT   NOT NULL DEFAULT '',
    upstream        TEXT   NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('domain', 'hosting')),
    name            TEXT   NOT NULL,
    product_id      TEXT   NOT NULL DEFAULT '',
    description     TEXT   NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('pending', 'active', 'suspended', 'cancelled', 'terminated', 'failed')),
    registrant_id   TEXT   NOT NULL DEFAULT '',
    site_id         TEXT   NOT NULL DEFAULT '',
    upstream_order  TEXT   NOT NULL DEFAULT '',
    expires_at      BIGINT NOT NULL DEFAULT 0,
    usage           TEXT   NOT NULL DEFAULT '',
    usage_at        BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL CHECK (created_at >= 0),
    updated_at      BIGINT NOT NULL CHECK (updated_at >= 0)
);
CREATE UNIQUE INDEX services_one_live_domain ON services (name)
    WHERE kind = 'domain' AND state IN ('pending', 'active', 'suspended');
CREATE INDEX services_by_customer ON services (customer_id, id);
CREATE INDEX services_by_name ON services (name, kind);

-- One open register or transfer line a name.
CREATE TABLE name_reservations (
    name        TEXT   NOT NULL PRIMARY KEY,
    delivery_id TEXT   NOT NULL,
    invoice_id  TEXT   NOT NULL,
    held_until  BIGINT NOT NULL CHECK (held_until >= 0),
    created_at  BIGINT NOT NULL CHECK (created_at >= 0)
);
CREATE INDEX name_reservations_by_delivery ON name_reservations (delivery_id);
