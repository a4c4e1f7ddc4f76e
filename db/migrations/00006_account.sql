-- +goose Up

-- Who buys. email is as the customer wrote it, email_lower is what is unique and
-- looked up. password_hash is argon2id, empty when the customer signs in by link.
CREATE TABLE customers (
    id                   TEXT PRIMARY KEY NOT NULL,
    email                TEXT NOT NULL,
    email_lower          TEXT NOT NULL UNIQUE,
    email_confirmed_at   BIGINT NOT NULL DEFAULT 0 CHECK (email_confirmed_at >= 0),
    password_hash        TEXT NOT NULL DEFAULT '',
    first_name           TEXT NOT NULL,
    last_name            TEXT NOT NULL,
    company              TEXT NOT NULL DEFAULT '',
    street               TEXT NOT NULL DEFAULT '',
    house_number         TEXT NOT NULL DEFAULT '',
    postcode             TEXT NOT NULL DEFAULT '',
    city                 TEXT NOT NULL DEFAULT '',
    country              TEXT NOT NULL,
    phone                TEXT NOT NULL DEFAULT '',
    vat_id               TEXT NOT NULL DEFAULT '',
    vat_status           TEXT NOT NULL DEFAULT 'none' CHECK (vat_status IN ('none', 'pending', 'confirmed', 'rejected')),
    locale               TEXT NOT NULL DEFAULT '',
    no_automatic_payment BOOLEAN NOT NULL DEFAULT FALSE,
    no_invoicing         BOOLEAN NOT NULL DEFAULT FALSE,
    no_suspension        BOOLEAN NOT NULL DEFAULT FALSE,
    created_at           BIGINT NOT NULL CHECK (created_at > 0),
    updated_at           BIGINT NOT NULL CHECK (updated_at > 0)
);

-- A sign-in on one device: the family of its rotating refresh tokens.
CREATE TABLE account_sessions (
    id          TEXT PRIMARY KEY NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    address     TEXT NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL CHECK (created_at > 0),
    expires_at  BIGINT NOT NULL CHECK (expires_at > 0),
    revoked_at  BIGINT NOT NULL DEFAULT 0 CHECK (revoked_at >= 0)
);
CREATE INDEX account_sessions_customer ON account_sessions (customer_id) WHERE revoked_at = 0;
CREATE INDEX account_sessions_expiry ON account_sessions (expires_at);

-- token_hash is SHA-256 of a random token. A used one is kept until its session
-- ends, since its second use is how a theft shows.
CREATE TABLE account_refresh_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES account_sessions (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL CHECK (created_at > 0),
    expires_at BIGINT NOT NULL CHECK (expires_at > 0),
    used_at    BIGINT NOT NULL DEFAULT 0 CHECK (used_at >= 0)
);
CREATE INDEX account_refresh_tokens_session ON account_refresh_tokens (session_id);

-- Single-use links sent by mail. customer_id is empty in the row written for an
-- address nobody has, so that both kinds of request cost the same.
CREATE TABLE account_links (
    token_hash  TEXT PRIMARY KEY NOT NULL,
    customer_id TEXT NOT NULL,
    purpose     TEXT NOT NULL CHECK (purpose IN ('password_reset', 'sign_in')),
    created_at  BIGINT NOT NULL CHECK (created_at > 0),
    expires_at  BIGINT NOT NULL CHECK (expires_at > 0),
    used_at     BIGINT NOT NULL DEFAULT 0 CHECK (used_at >= 0)
);
CREATE INDEX account_links_customer ON account_links (customer_id, purpose) WHERE used_at = 0;
CREATE INDEX account_links_expiry ON account_links (expires_at);

-- WHOIS contacts, one row for each distinct content of a customer. Never changed:
-- an order names the row it was made with.
CREATE TABLE registrants (
    id             TEXT PRIMARY KEY NOT NULL,
    customer_id    TEXT NOT NULL REFERENCES customers (id),
    fingerprint    TEXT NOT NULL,
    type           TEXT NOT NULL CHECK (type IN ('person', 'organisation')),
    first_name     TEXT NOT NULL,
    last_name      TEXT NOT NULL,
    company        TEXT NOT NULL DEFAULT '',
    company_number TEXT NOT NULL DEFAULT '',
    email          TEXT NOT NULL,
    phone          TEXT NOT NULL,
    street         TEXT NOT NULL,
    house_number   TEXT NOT NULL,
    postcode       TEXT NOT NULL,
    city           TEXT NOT NULL,
    country        TEXT NOT NULL,
    created_at     BIGINT NOT NULL CHECK (created_at > 0),
    UNIQUE (customer_id, fingerprint)
);

-- What an upstream calls a registrant; made there once, then reused.
CREATE TABLE registrant_handles (
    registrant_id TEXT NOT NULL REFERENCES registrants (id),
    upstream      TEXT NOT NULL,
    handle        TEXT NOT NULL,
    created_at    BIGINT NOT NULL CHECK (created_at > 0),
    PRIMARY KEY (registrant_id, upstream)
);

-- The shop's staff. token_hash is SHA-256 of a random token shown once.
CREATE TABLE admins (
    id          TEXT PRIMARY KEY NOT NULL,
    email       TEXT NOT NULL,
    email_lower TEXT NOT NULL UNIQUE,
    role        TEXT NOT NULL CHECK (role IN ('owner', 'staff')),
    token_hash  TEXT NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL CHECK (created_at > 0),
    disabled_at BIGINT NOT NULL DEFAULT 0 CHECK (disabled_at >= 0)
);

-- Every change made by staff, written in the transaction that makes it. There is
-- no query that changes or deletes a row. admin_id is empty for the command line.
CREATE TABLE audit_entries (
    id         TEXT PRIMARY KEY NOT NULL,
    admin_id   TEXT NOT NULL DEFAULT '',
    action     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    before_doc TEXT NOT NULL DEFAULT 'null',
    after_doc  TEXT NOT NULL DEFAULT 'null',
    address    TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL CHECK (created_at > 0)
);
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);
