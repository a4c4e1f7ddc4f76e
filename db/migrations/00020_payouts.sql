-- +goose Up

-- What a gateway has paid out to the shop's bank (below zero: taken from it), as its provider has
-- it. Automatic ones say which movements they are made of: lines_at is when all of them were read,
-- lines_after where reading them goes on, off what they do not explain. booked is false for one in
-- another currency than the shop's.
CREATE TABLE payouts (
    id          TEXT    NOT NULL PRIMARY KEY,
    gateway     TEXT    NOT NULL,
    reference   TEXT    NOT NULL CHECK (reference <> ''),
    state       TEXT    NOT NULL CHECK (state = 'pending' OR state = 'in_transit' OR state = 'paid' OR state = 'failed' OR state = 'cancelled'),
    automatic   BOOLEAN NOT NULL,
    booked      BOOLEAN NOT NULL,
    currency    TEXT    NOT NULL CHECK (length(currency) = 3),
    amount      BIGINT  NOT NULL CHECK (amount = amount + 0),
    fee         BIGINT  NOT NULL CHECK (fee = fee + 0),
    code        TEXT    NOT NULL DEFAULT '',
    lines_after TEXT    NOT NULL DEFAULT '',
    off         BIGINT  NOT NULL DEFAULT 0 CHECK (off = off + 0),
    made_at     BIGINT  NOT NULL CHECK (made_at > 0),
    arrives_at  BIGINT  NOT NULL DEFAULT 0,
    lines_at    BIGINT  NOT NULL DEFAULT 0,
    check_at    BIGINT  NOT NULL DEFAULT 0,
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL
);
CREATE UNIQUE INDEX payouts_reference ON payouts (gateway, reference);
CREATE INDEX payouts_check ON payouts (gateway, check_at, id) WHERE check_at > 0;
CREATE INDEX payouts_made ON payouts (gateway, made_at) WHERE lines_at > 0;

-- A movement of a gateway's balance that a payout is made of, and what of the shop's it is.
-- source and paid_by are the provider's ids of that and of its payment.
-- fee_booked is what this line has booked as a fee, open_booked what it has put to the account of
-- unmatched money, until it is matched or settled by staff.
CREATE TABLE payout_lines (
    id          TEXT   NOT NULL PRIMARY KEY,
    payout_id   TEXT   NOT NULL REFERENCES payouts (id),
    gateway     TEXT   NOT NULL,
    reference   TEXT   NOT NULL CHECK (reference <> ''),
    kind        TEXT   NOT NULL CHECK (kind = 'charge' OR kind = 'refund' OR kind = 'refund_failure' OR kind = 'dispute' OR kind = 'dispute_reversal' OR kind = 'fee' OR kind = 'payout_failure' OR kind = 'other'),
    source      TEXT   NOT NULL DEFAULT '',
    paid_by     TEXT   NOT NULL DEFAULT '',
    description TEXT   NOT NULL DEFAULT '',
    state       TEXT   NOT NULL CHECK (state = 'new' OR state = 'matched' OR state = 'unmatched' OR state = 'differs' OR state = 'foreign' OR state = 'settled'),
    detail      TEXT   NOT NULL DEFAULT '',
    currency    TEXT   NOT NULL CHECK (length(currency) = 3),
    gross       BIGINT NOT NULL CHECK (gross = gross + 0),
    fee         BIGINT NOT NULL CHECK (fee = fee + 0),
    net         BIGINT NOT NULL CHECK (net = gross - fee),
    payment_id  TEXT   NOT NULL DEFAULT '',
    subject     TEXT   NOT NULL DEFAULT '',
    fee_booked  BIGINT NOT NULL DEFAULT 0 CHECK (fee_booked = fee_booked + 0),
    open_booked BIGINT NOT NULL DEFAULT 0 CHECK (open_booked = open_booked + 0),
    account     TEXT   NOT NULL DEFAULT '',
    note        TEXT   NOT NULL DEFAULT '',
    moved_at    BIGINT NOT NULL,
    settled_at  BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX payout_lines_reference ON payout_lines (gateway, reference);
CREATE INDEX payout_lines_payout ON payout_lines (payout_id, id);
CREATE INDEX payout_lines_open ON payout_lines (payout_id, id) WHERE state = 'new' OR state = 'unmatched' OR state = 'differs';
CREATE INDEX payout_lines_payment ON payout_lines (payment_id) WHERE payment_id <> '';

-- How far a gateway's payouts have been listed: none that was made before is new. started_at is
-- from when on the shop's payments are looked for in them.
CREATE TABLE payout_cursors (
    gateway    TEXT   NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL CHECK (started_at > 0),
    since_at   BIGINT NOT NULL CHECK (since_at > 0)
);

-- A payment whose money is in a payout.
ALTER TABLE payments ADD COLUMN paid_out BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX payments_not_paid_out ON payments (gateway, id) WHERE state = 'succeeded' AND paid_out = FALSE;

-- The payouts that a webhook is about.
ALTER TABLE webhook_inbox ADD COLUMN payouts TEXT NOT NULL DEFAULT '[]';
