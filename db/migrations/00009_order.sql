-- +goose Up

-- A quote is the cart: prices and the VAT treatment are frozen in it until it expires.
CREATE TABLE quotes (
    id          TEXT   NOT NULL PRIMARY KEY,
    customer_id TEXT   NOT NULL DEFAULT '',
    country     TEXT   NOT NULL,
    treatment   TEXT   NOT NULL,
    currency    TEXT   NOT NULL,
    net_minor   BIGINT NOT NULL CHECK (net_minor >= 0),
    vat_minor   BIGINT NOT NULL CHECK (vat_minor >= 0),
    version     BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    order_id    TEXT   NOT NULL DEFAULT '',
    expires_at  BIGINT NOT NULL CHECK (expires_at >= 0),
    created_at  BIGINT NOT NULL CHECK (created_at >= 0),
    updated_at  BIGINT NOT NULL CHECK (updated_at >= 0)
);

CREATE TABLE quote_lines (
    quote_id         TEXT    NOT NULL REFERENCES quotes (id),
    position         BIGINT  NOT NULL CHECK (position >= 0),
    id               TEXT    NOT NULL UNIQUE,
    kind             TEXT    NOT NULL CHECK (kind IN ('register', 'transfer', 'hosting', 'hosting_own')),
    upstream         TEXT    NOT NULL,
    product_id       TEXT    NOT NULL DEFAULT '',
    product_ref      TEXT    NOT NULL DEFAULT '',
    category         TEXT    NOT NULL DEFAULT '',
    client_choice    BOOLEAN NOT NULL DEFAULT FALSE,
    description      TEXT    NOT NULL,
    cycle            TEXT    NOT NULL CHECK (cycle IN ('month', 'year')),
    domain           TEXT    NOT NULL,
    years            BIGINT  NOT NULL DEFAULT 0 CHECK (years >= 0),
    target_url       TEXT    NOT NULL DEFAULT '',
    space_id         BIGINT  NOT NULL DEFAULT 0,
    auth_code_sealed TEXT    NOT NULL DEFAULT '',
    premium          BOOLEAN NOT NULL DEFAULT FALSE,
    net_minor        BIGINT  NOT NULL CHECK (net_minor >= 0),
    vat_minor        BIGINT  NOT NULL CHECK (vat_minor >= 0),
    setup_minor      BIGINT  NOT NULL DEFAULT 0 CHECK (setup_minor >= 0),
    cost_minor       BIGINT  NOT NULL CHECK (cost_minor >= 0),
    renew_net_minor  BIGINT  NOT NULL CHECK (renew_net_minor >= 0),
    renew_vat_minor  BIGINT  NOT NULL CHECK (renew_vat_minor >= 0),
    renew_cost_minor BIGINT  NOT NULL CHECK (renew_cost_minor >= 0),
    PRIMARY KEY (quote_id, position)
);

CREATE TABLE orders (
    id            TEXT   NOT NULL PRIMARY KEY,
    number        TEXT   NOT NULL UNIQUE,
    customer_id   TEXT   NOT NULL REFERENCES customers (id),
    quote_id      TEXT   NOT NULL UNIQUE REFERENCES quotes (id),
    invoice_id    TEXT   NOT NULL REFERENCES invoices (id),
    payment_id    TEXT   NOT NULL DEFAULT '',
    registrant_id TEXT   NOT NULL DEFAULT '',
    gateway       TEXT   NOT NULL,
    currency      TEXT   NOT NULL,
    net_minor     BIGINT NOT NULL CHECK (net_minor >= 0),
    vat_minor     BIGINT NOT NULL CHECK (vat_minor >= 0),
    created_at    BIGINT NOT NULL CHECK (created_at >= 0)
);
CREATE INDEX orders_by_customer ON orders (customer_id, id);
CREATE INDEX orders_by_invoice ON orders (invoice_id);

CREATE TABLE order_lines (
    order_id        TEXT   NOT NULL REFERENCES orders (id),
    position        BIGINT NOT NULL CHECK (position >= 0),
    id              TEXT   NOT NULL UNIQUE,
    kind            TEXT   NOT NULL CHECK (kind IN ('register', 'transfer', 'hosting', 'hosting_own')),
    product_id      TEXT   NOT NULL DEFAULT '',
    description     TEXT   NOT NULL,
    cycle           TEXT   NOT NULL CHECK (cycle IN ('month', 'year')),
    domain          TEXT   NOT NULL,
    years           BIGINT NOT NULL DEFAULT 0 CHECK (years >= 0),
    net_minor       BIGINT NOT NULL CHECK (net_minor >= 0),
    vat_minor       BIGINT NOT NULL CHECK (vat_minor >= 0),
    cost_minor      BIGINT NOT NULL CHECK (cost_minor >= 0),
    PRIMARY KEY (order_id, position)
);

-- What the customer agreed to, in which version, when and from where.
CREATE TABLE order_consents (
    order_id TEXT   NOT NULL REFERENCES orders (id),
    kind     TEXT   NOT NULL CHECK (kind IN ('terms', 'registry_terms', 'immediate_delivery')),
    version  TEXT   NOT NULL,
    given_at BIGINT NOT NULL CHECK (given_at >= 0),
    address  TEXT   NOT NULL,
    PRIMARY KEY (order_id, kind)
);

-- The answer to a repeated POST: which thing the first one made.
CREATE TABLE idempotency_keys (
    actor      TEXT   NOT NULL,
    route      TEXT   NOT NULL,
    key        TEXT   NOT NULL,
    body_hash  TEXT   NOT NULL,
    subject_id TEXT   NOT NULL,
    created_at BIGINT NOT NULL CHECK (created_at >= 0),
    PRIMARY KEY (actor, route, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
