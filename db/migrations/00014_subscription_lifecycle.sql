-- +goose Up

-- What a customer may do with a subscription. The tables are made anew: SQLite changes no
-- condition of a table that stands.
--
-- pause_at is when a pause begins to hold (the end of what is paid), product_id what the
-- subscription is for, phases the discounts of its first periods (JSON), change_id a change of
-- product or cycle that is still to come, notice_* a new price that was announced and the
-- instant from which periods may be billed at it, least the net price below which it is sold
-- at a loss. price_policy '' is the shop's.
CREATE TABLE subscriptions_new (
    id                 TEXT PRIMARY KEY,
    customer_id        TEXT NOT NULL REFERENCES customers (id),
    service_id         TEXT NOT NULL,
    order_line_id      TEXT NOT NULL DEFAULT '',
    kind               TEXT NOT NULL CHECK (kind IN ('hosting', 'domain')),
    product_id         TEXT NOT NULL DEFAULT '',
    description        TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state = 'active' OR state = 'past_due' OR state = 'suspended' OR state = 'paused' OR state = 'cancelled'),
    cycle_unit         TEXT NOT NULL CHECK (cycle_unit = 'day' OR cycle_unit = 'week' OR cycle_unit = 'month' OR cycle_unit = 'year'),
    cycle_count        BIGINT NOT NULL CHECK (cycle_count = cycle_count + 0 AND cycle_count > 0),
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    net                BIGINT NOT NULL CHECK (net = net + 0 AND net >= 0),
    cost               BIGINT NOT NULL CHECK (cost = cost + 0 AND cost >= 0),
    least              BIGINT NOT NULL DEFAULT 0 CHECK (least = least + 0 AND least >= 0),
    price_policy       TEXT NOT NULL DEFAULT '' CHECK (price_policy = '' OR price_policy = 'keep' OR price_policy = 'follow'),
    notice_net         BIGINT NOT NULL DEFAULT 0 CHECK (notice_net = notice_net + 0 AND notice_net >= 0),
    notice_at          BIGINT NOT NULL DEFAULT 0 CHECK (notice_at = notice_at + 0 AND notice_at >= 0),
    phases             TEXT NOT NULL DEFAULT '',
    change_id          TEXT NOT NULL DEFAULT '',
    anchor_at          BIGINT NOT NULL,
    next_number        BIGINT NOT NULL CHECK (next_number = next_number + 0 AND next_number >= 0),
    current_start_at   BIGINT NOT NULL,
    current_end_at     BIGINT NOT NULL DEFAULT 0,
    next_start_at      BIGINT NOT NULL DEFAULT 0,
    next_invoice_at    BIGINT NOT NULL DEFAULT 0,
    lead_days          BIGINT NOT NULL CHECK (lead_days = lead_days + 0 AND lead_days >= 0),
    renew_task_kind    TEXT NOT NULL DEFAULT '',
    renew_task_payload TEXT NOT NULL DEFAULT '',
    gateway            TEXT NOT NULL DEFAULT '',
    method_id          TEXT NOT NULL DEFAULT '',
    cancel_at          BIGINT NOT NULL DEFAULT 0,
    pause_at           BIGINT NOT NULL DEFAULT 0,
    revision           BIGINT NOT NULL DEFAULT 0,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL,
    CHECK (state <> 'paused' OR next_invoice_at = 0)
);
INSERT INTO subscriptions_new (id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count,
    currency, net, cost, anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at, lead_days,
    renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, revision, created_at, updated_at)
SELECT u.id, u.customer_id, u.service_id, u.order_line_id, u.kind,
    coalesce((SELECT s.product_id FROM services AS s WHERE s.id = u.service_id), ''), u.description, u.state, u.cycle_unit, u.cycle_count,
    u.currency, u.net, u.cost, u.anchor_at, u.next_number, u.current_start_at, u.current_end_at, u.next_start_at, u.next_invoice_at, u.lead_days,
    u.renew_task_kind, u.renew_task_payload, u.gateway, u.method_id, u.cancel_at, u.revision, u.created_at, u.updated_at
FROM subscriptions AS u;

-- net is what was charged for a period, before the rounding of its VAT: what of it is not used
-- is worth its share. A paused period is one that nobody was billed for.
CREATE TABLE subscription_periods_new (
    subscription_id TEXT NOT NULL REFERENCES subscriptions_new (id),
    start_at        BIGINT NOT NULL,
    end_at          BIGINT NOT NULL CHECK (end_at = end_at + 0 AND end_at > start_at),
    invoice_id      TEXT NOT NULL DEFAULT '',
    net             BIGINT NOT NULL DEFAULT 0 CHECK (net = net + 0 AND net >= 0),
    state           TEXT NOT NULL CHECK (state = 'billed' OR state = 'paid' OR state = 'void' OR state = 'paused'),
    PRIMARY KEY (subscription_id, start_at)
);
-- A first period was paid on the invoice of its order, a later one on its own.
INSERT INTO subscription_periods_new (subscription_id, start_at, end_at, invoice_id, net, state)
SELECT p.subscription_id, p.start_at, p.end_at,
    CASE WHEN p.invoice_id <> '' THEN p.invoice_id
         ELSE coalesce((SELECT d.invoice_id FROM subscriptions AS u JOIN deliveries AS d ON d.id = u.order_line_id WHERE u.id = p.subscription_id), '') END,
    CASE WHEN p.invoice_id <> '' THEN coalesce((SELECT max(l.net) FROM invoice_lines AS l WHERE l.invoice_id = p.invoice_id AND l.subscription_id = p.subscription_id), 0)
         ELSE coalesce((SELECT d.net_minor FROM subscriptions AS u JOIN deliveries AS d ON d.id = u.order_line_id WHERE u.id = p.subscription_id), 0) END,
    p.state
FROM subscription_periods AS p;

DROP TABLE subscription_periods;
DROP TABLE subscriptions;
ALTER TABLE subscriptions_new RENAME TO subscriptions;
ALTER TABLE subscription_periods_new RENAME TO subscription_periods;
CREATE INDEX subscriptions_due ON subscriptions (next_invoice_at, id) WHERE next_invoice_at > 0 AND (state = 'active' OR state = 'past_due');
CREATE INDEX subscriptions_ending ON subscriptions (cancel_at, id) WHERE cancel_at > 0 AND state <> 'cancelled';
CREATE INDEX subscriptions_pausing ON subscriptions (pause_at, id) WHERE pause_at > 0;
CREATE INDEX subscriptions_below_cost ON subscriptions (id) WHERE net < least AND state <> 'cancelled';
CREATE INDEX subscriptions_customer ON subscriptions (customer_id, id);
CREATE INDEX subscriptions_service ON subscriptions (service_id);
CREATE UNIQUE INDEX subscriptions_order_line ON subscriptions (order_line_id) WHERE order_line_id <> '';
CREATE INDEX subscription_periods_invoice ON subscription_periods (invoice_id) WHERE invoice_id <> '';

-- A change of product or cycle: pending until its invoice is paid, scheduled for the period that
-- starts at from_at, done, or withdrawn. plan is what was and what will be (JSON).
CREATE TABLE subscription_changes (
    id              TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    state           TEXT NOT NULL CHECK (state = 'pending' OR state = 'scheduled' OR state = 'done' OR state = 'withdrawn'),
    invoice_id      TEXT NOT NULL DEFAULT '',
    credit_note_id  TEXT NOT NULL DEFAULT '',
    from_at         BIGINT NOT NULL CHECK (from_at = from_at + 0 AND from_at > 0),
    plan            TEXT NOT NULL,
    created_at      BIGINT NOT NULL CHECK (created_at > 0),
    updated_at      BIGINT NOT NULL CHECK (updated_at > 0)
);
CREATE INDEX subscription_changes_subscription ON subscription_changes (subscription_id, id);
CREATE INDEX subscription_changes_invoice ON subscription_changes (invoice_id) WHERE invoice_id <> '';

-- A price that a customer was told of in advance.
CREATE TABLE price_notices (
    id              TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    state           TEXT NOT NULL CHECK (state = 'told' OR state = 'applied' OR state = 'withdrawn'),
    currency        TEXT NOT NULL CHECK (length(currency) = 3),
    old_net         BIGINT NOT NULL CHECK (old_net = old_net + 0 AND old_net >= 0),
    new_net         BIGINT NOT NULL CHECK (new_net = new_net + 0 AND new_net >= 0),
    from_at         BIGINT NOT NULL CHECK (from_at = from_at + 0 AND from_at > 0),
    created_at      BIGINT NOT NULL CHECK (created_at > 0),
    updated_at      BIGINT NOT NULL CHECK (updated_at > 0)
);
CREATE INDEX price_notices_subscription ON price_notices (subscription_id, id);
CREATE UNIQUE INDEX price_notices_told ON price_notices (subscription_id) WHERE state = 'told';

-- A line may be for less than nothing, the unused rest on the invoice of a change, and be taken
-- back in its turn.
CREATE TABLE invoice_lines_new (
    id               TEXT PRIMARY KEY,
    invoice_id       TEXT NOT NULL REFERENCES invoices (id),
    position         BIGINT NOT NULL CHECK (position = position + 0 AND position >= 0),
    description      TEXT NOT NULL,
    subject          TEXT NOT NULL,
    subscription_id  TEXT NOT NULL DEFAULT '',
    corrects_line_id TEXT NOT NULL DEFAULT '',
    net              BIGINT NOT NULL CHECK (net = net + 0),
    vat              BIGINT NOT NULL CHECK (vat = vat + 0),
    vat_rate         TEXT NOT NULL,
    cost             BIGINT NOT NULL CHECK (cost = cost + 0),
    credited_net     BIGINT NOT NULL DEFAULT 0 CHECK (credited_net = credited_net + 0),
    credited_vat     BIGINT NOT NULL DEFAULT 0 CHECK (credited_vat = credited_vat + 0),
    start_at         BIGINT NOT NULL DEFAULT 0,
    end_at           BIGINT NOT NULL DEFAULT 0,
    CHECK (credited_net = 0 OR (credited_net > 0 AND credited_net <= net) OR (credited_net < 0 AND credited_net >= net)),
    CHECK (credited_vat = 0 OR (credited_vat > 0 AND credited_vat <= vat) OR (credited_vat < 0 AND credited_vat >= vat))
);
INSERT INTO invoice_lines_new (id, invoice_id, position, description, subject, subscription_id, corrects_line_id, net, vat, vat_rate,
    cost, credited_net, credited_vat, start_at, end_at)
SELECT id, invoice_id, position, description, subject, subscription_id, corrects_line_id, net, vat, vat_rate,
    cost, credited_net, credited_vat, start_at, end_at
FROM invoice_lines;
DROP TABLE invoice_lines;
ALTER TABLE invoice_lines_new RENAME TO invoice_lines;
CREATE UNIQUE INDEX invoice_lines_position ON invoice_lines (invoice_id, position);
