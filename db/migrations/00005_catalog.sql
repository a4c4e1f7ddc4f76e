-- +goose Up

-- What readers see has a version: every change bumps it, and each process
-- rebuilds its snapshot when it moved. A sync compares and sets it, so that two
-- cannot interleave.
CREATE TABLE catalog_versions (
    id      TEXT PRIMARY KEY,
    version BIGINT NOT NULL CHECK (version = version + 0 AND version >= 1)
);
INSERT INTO catalog_versions (id, version) VALUES ('shop', 1);

-- The mirror: a product or a TLD as the upstream last told it. What vanished there
-- is withdrawn, never deleted.
CREATE TABLE catalog_items (
    id                 TEXT PRIMARY KEY,
    upstream           TEXT NOT NULL,
    class              TEXT NOT NULL CHECK (class IN ('product', 'tld')),
    ref                TEXT NOT NULL CHECK (ref <> ''),
    kind               TEXT NOT NULL,
    category           TEXT NOT NULL,
    name               TEXT NOT NULL,
    description        TEXT NOT NULL,
    billing            TEXT NOT NULL,
    requires_domain    BOOLEAN NOT NULL,
    requires_target_url BOOLEAN NOT NULL,
    transfer_supported BOOLEAN NOT NULL,
    attributes         TEXT NOT NULL,
    withdrawn_at       BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn_at = withdrawn_at + 0 AND withdrawn_at >= 0),
    created_at         BIGINT NOT NULL CHECK (created_at = created_at + 0 AND created_at >= 0),
    updated_at         BIGINT NOT NULL CHECK (updated_at = updated_at + 0 AND updated_at >= 0),
    UNIQUE (upstream, class, ref)
);

-- What an item costs the account, for a cycle. cost is the last accepted one and
-- stays when the upstream stops offering it (offered is false then), so that a
-- jump over a gap is still seen. held_cost waits for the operator.
CREATE TABLE catalog_prices (
    id         TEXT PRIMARY KEY,
    item_id    TEXT NOT NULL REFERENCES catalog_items (id),
    cycle      TEXT NOT NULL CHECK (cycle IN ('month', 'year')),
    currency   TEXT NOT NULL,
    cost       BIGINT CHECK (cost = cost + 0 AND cost >= 0),
    list       BIGINT CHECK (list = list + 0 AND list >= 0),
    assumed    BOOLEAN NOT NULL,
    offered    BOOLEAN NOT NULL,
    held       TEXT NOT NULL DEFAULT '' CHECK (held IN ('', 'up', 'down')),
    held_cost  BIGINT CHECK (held_cost = held_cost + 0 AND held_cost >= 0),
    created_at BIGINT NOT NULL CHECK (created_at = created_at + 0 AND created_at >= 0),
    updated_at BIGINT NOT NULL CHECK (updated_at = updated_at + 0 AND updated_at >= 0),
    UNIQUE (item_id, cycle)
);
CREATE INDEX catalog_prices_held ON catalog_prices (id) WHERE held <> '';

-- What changed about a cost, when and why. The subject is a product by its id, or a TLD
-- by its name.
CREATE TABLE catalog_price_history (
    id       TEXT PRIMARY KEY,
    subject  TEXT NOT NULL,
    action   TEXT NOT NULL,
    cycle    TEXT NOT NULL,
    reason   TEXT NOT NULL CHECK (reason IN ('accepted', 'held_up', 'held_down', 'confirmed', 'gone', 'back', 'operator')),
    currency TEXT NOT NULL,
    old_cost BIGINT,
    new_cost BIGINT,
    new_list BIGINT,
    noted_at BIGINT NOT NULL CHECK (noted_at = noted_at + 0 AND noted_at >= 0)
);
CREATE INDEX catalog_price_history_subject ON catalog_price_history (subject, id);

-- Costs that the operator set: the upstream does not tell what a renewal, a
-- transfer or a restore costs. They win over what is mirrored or assumed.
CREATE TABLE catalog_costs (
    upstream   TEXT NOT NULL,
    tld        TEXT NOT NULL,
    action     TEXT NOT NULL CHECK (action IN ('register', 'renew', 'transfer', 'restore')),
    currency   TEXT NOT NULL,
    cost       BIGINT NOT NULL CHECK (cost = cost + 0 AND cost >= 0),
    updated_at BIGINT NOT NULL CHECK (updated_at = updated_at + 0 AND updated_at >= 0),
    PRIMARY KEY (upstream, tld, action)
);

-- The price rules, saved and replaced as one set.
CREATE TABLE catalog_rules (
    id         TEXT PRIMARY KEY,
    scope      TEXT NOT NULL CHECK (scope IN ('product', 'category', 'kind', 'upstream', 'shop')),
    target     TEXT NOT NULL,
    action     TEXT NOT NULL,
    cycle      TEXT NOT NULL,
    premium    BOOLEAN NOT NULL,
    method     TEXT NOT NULL CHECK (method IN ('percent', 'add', 'margin', 'fixed')),
    value      TEXT NOT NULL,
    ending     TEXT NOT NULL,
    step       TEXT NOT NULL,
    min_margin TEXT NOT NULL,
    created_at BIGINT NOT NULL CHECK (created_at = created_at + 0 AND created_at >= 0)
);

-- How the last sync of an upstream went: about the looking, not about what was
-- seen, so that the age of the catalogue can be told when nothing changed.
CREATE TABLE catalog_syncs (
    upstream  TEXT PRIMARY KEY,
    synced_at BIGINT NOT NULL CHECK (synced_at = synced_at + 0 AND synced_at >= 0),
    failed_at BIGINT NOT NULL CHECK (failed_at = failed_at + 0 AND failed_at >= 0),
    failure   TEXT NOT NULL
);
