-- +goose Up

-- Documents: invoices and the credit notes that correct them (negative amounts).
-- number is 0 until the legal number of its series is given.
CREATE TABLE invoices (
    id           TEXT PRIMARY KEY,
    document     TEXT NOT NULL CHECK (document IN ('invoice', 'credit_note')),
    kind         TEXT NOT NULL CHECK (kind = 'sale' OR kind = 'renewal' OR kind = 'correction'),
    state        TEXT NOT NULL CHECK (state = 'draft' OR state = 'open' OR state = 'paid' OR state = 'void' OR state = 'uncollectible'),
    customer_id  TEXT NOT NULL REFERENCES customers (id),
    subject      TEXT NOT NULL,
    corrects_id  TEXT NOT NULL DEFAULT '',
    series       TEXT NOT NULL DEFAULT '',
    number       BIGINT NOT NULL DEFAULT 0 CHECK (number = number + 0 AND number >= 0),
    number_text  TEXT NOT NULL DEFAULT '',
    currency     TEXT NOT NULL CHECK (length(currency) = 3),
    net          BIGINT NOT NULL CHECK (net = net + 0),
    vat          BIGINT NOT NULL CHECK (vat = vat + 0),
    gross        BIGINT NOT NULL CHECK (gross = net + vat),
    paid         BIGINT NOT NULL DEFAULT 0 CHECK (paid = paid + 0),
    vat_kind     TEXT NOT NULL,
    vat_country  TEXT NOT NULL,
    vat_rate     TEXT NOT NULL,
    vat_note     TEXT NOT NULL DEFAULT '',
    seller       TEXT NOT NULL,
    buyer        TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    issued_at    BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL DEFAULT 0,
    numbered_at  BIGINT NOT NULL DEFAULT 0,
    paid_at      BIGINT NOT NULL DEFAULT 0,
    void_at      BIGINT NOT NULL DEFAULT 0,
    overdue_at   BIGINT NOT NULL DEFAULT 0,
    CHECK ((number = 0) = (numbered_at = 0)),
    CHECK (state <> 'paid' OR (number > 0 AND paid = gross)),
    CHECK (state <> 'void' OR number = 0)
);
CREATE UNIQUE INDEX invoices_number ON invoices (series, number) WHERE number > 0;
CREATE INDEX invoices_customer ON invoices (customer_id, id);
CREATE INDEX invoices_subject ON invoices (subject, id);
CREATE INDEX invoices_corrects ON invoices (corrects_id) WHERE corrects_id <> '';
CREATE INDEX invoices_expiring ON invoices (expires_at, id) WHERE state = 'open' AND expires_at > 0;
CREATE INDEX invoices_overdue ON invoices (due_at, id) WHERE state = 'open' AND kind = 'renewal' AND overdue_at = 0;

-- credited_net and credited_vat are what credit notes have taken back of a line.
CREATE TABLE invoice_lines (
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
    credited_net     BIGINT NOT NULL DEFAULT 0 CHECK (credited_net = credited_net + 0 AND credited_net >= 0),
    credited_vat     BIGINT NOT NULL DEFAULT 0 CHECK (credited_vat = credited_vat + 0 AND credited_vat >= 0),
    start_at         BIGINT NOT NULL DEFAULT 0,
    end_at           BIGINT NOT NULL DEFAULT 0,
    CHECK (credited_net = 0 OR credited_net <= net),
    CHECK (credited_vat = 0 OR credited_vat <= vat)
);
CREATE UNIQUE INDEX invoice_lines_position ON invoice_lines (invoice_id, position);

-- The last number given in each series of documents.
CREATE TABLE number_series (
    series      TEXT PRIMARY KEY,
    last_number BIGINT NOT NULL CHECK (last_number = last_number + 0 AND last_number > 0)
);

-- Methods that a provider keeps, for charges while the customer is away.
CREATE TABLE payment_methods (
    id                TEXT PRIMARY KEY,
    customer_id       TEXT NOT NULL REFERENCES customers (id),
    gateway           TEXT NOT NULL,
    reference         TEXT NOT NULL,
    provider_customer TEXT NOT NULL DEFAULT '',
    kind              TEXT NOT NULL,
    label             TEXT NOT NULL,
    exp_month         BIGINT NOT NULL DEFAULT 0,
    exp_year          BIGINT NOT NULL DEFAULT 0,
    chosen_at         BIGINT NOT NULL,
    removed_at        BIGINT NOT NULL DEFAULT 0,
    created_at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX payment_methods_reference ON payment_methods (gateway, reference);
CREATE INDEX payment_methods_customer ON payment_methods (customer_id, chosen_at) WHERE removed_at = 0;

-- The provider's id of a customer.
CREATE TABLE provider_customers (
    customer_id TEXT NOT NULL,
    gateway     TEXT NOT NULL,
    reference   TEXT NOT NULL,
    PRIMARY KEY (customer_id, gateway)
);

-- One attempt to pay an invoice. At most one of an invoice is live.
CREATE TABLE payments (
    id                 TEXT PRIMARY KEY,
    invoice_id         TEXT NOT NULL REFERENCES invoices (id),
    customer_id        TEXT NOT NULL,
    gateway            TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state = 'pending' OR state = 'requires_action' OR state = 'processing' OR state = 'succeeded' OR state = 'failed' OR state = 'cancelled'),
    automatic          BOOLEAN NOT NULL,
    save_method        BOOLEAN NOT NULL,
    method_id          TEXT NOT NULL DEFAULT '',
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    amount             BIGINT NOT NULL CHECK (amount = amount + 0 AND amount > 0),
    received           BIGINT NOT NULL DEFAULT 0 CHECK (received = received + 0 AND received >= 0),
    fee                BIGINT NOT NULL DEFAULT 0 CHECK (fee = fee + 0),
    refunded           BIGINT NOT NULL DEFAULT 0 CHECK (refunded = refunded + 0 AND refunded >= 0),
    attempt            BIGINT NOT NULL DEFAULT 0 CHECK (attempt = attempt + 0 AND attempt >= 0),
    code               TEXT NOT NULL,
    provider_reference TEXT NOT NULL DEFAULT '',
    return_url         TEXT NOT NULL DEFAULT '',
    next_action        TEXT NOT NULL DEFAULT '',
    decline_class      TEXT NOT NULL DEFAULT '',
    decline_code       TEXT NOT NULL DEFAULT '',
    abandoned          BOOLEAN NOT NULL DEFAULT FALSE,
    check_at           BIGINT NOT NULL DEFAULT 0,
    settled_at         BIGINT NOT NULL DEFAULT 0,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL,
    CHECK (refunded <= received)
);
CREATE UNIQUE INDEX payments_live ON payments (invoice_id) WHERE state IN ('pending', 'requires_action', 'processing');
CREATE UNIQUE INDEX payments_code ON payments (code);
CREATE UNIQUE INDEX payments_reference ON payments (gateway, provider_reference) WHERE provider_reference <> '';
CREATE INDEX payments_invoice ON payments (invoice_id, id);
CREATE INDEX payments_customer ON payments (customer_id, id);
CREATE INDEX payments_open ON payments (check_at, id) WHERE state IN ('pending', 'requires_action', 'processing');

-- Money that came in parts for one payment (bank transfers), each booked once.
CREATE TABLE payment_receipts (
    id          TEXT PRIMARY KEY,
    payment_id  TEXT NOT NULL REFERENCES payments (id),
    reference   TEXT NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount = amount + 0 AND amount > 0),
    received_at BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX payment_receipts_once ON payment_receipts (payment_id, reference, amount, received_at);

-- Money that goes back. held_at: waits for a person (manual policy).
CREATE TABLE refunds (
    id                 TEXT PRIMARY KEY,
    payment_id         TEXT NOT NULL REFERENCES payments (id),
    credit_note_id     TEXT NOT NULL REFERENCES invoices (id),
    customer_id        TEXT NOT NULL,
    gateway            TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state = 'pending' OR state = 'succeeded' OR state = 'failed'),
    policy             TEXT NOT NULL CHECK (policy IN ('auto', 'manual')),
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    amount             BIGINT NOT NULL CHECK (amount = amount + 0 AND amount > 0),
    provider_reference TEXT NOT NULL DEFAULT '',
    reason             TEXT NOT NULL,
    code               TEXT NOT NULL DEFAULT '',
    task_id            TEXT NOT NULL DEFAULT '',
    held_at            BIGINT NOT NULL DEFAULT 0,
    check_at           BIGINT NOT NULL DEFAULT 0,
    settled_at         BIGINT NOT NULL DEFAULT 0,
    created_at         BIGINT NOT NULL
);
CREATE INDEX refunds_payment ON refunds (payment_id, id);
CREATE INDEX refunds_credit_note ON refunds (credit_note_id, id);
CREATE UNIQUE INDEX refunds_reference ON refunds (gateway, provider_reference) WHERE provider_reference <> '';
CREATE INDEX refunds_open ON refunds (check_at, id) WHERE state = 'pending' AND check_at > 0;

-- What providers called back about; the objects are read again, so no body is kept.
CREATE TABLE webhook_inbox (
    id           TEXT PRIMARY KEY,
    gateway      TEXT NOT NULL,
    event_id     TEXT NOT NULL,
    kind         TEXT NOT NULL,
    payments     TEXT NOT NULL,
    refunds      TEXT NOT NULL,
    received_at  BIGINT NOT NULL,
    processed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX webhook_inbox_event ON webhook_inbox (gateway, event_id);

-- Double entry: the entries of one kind and subject are one posting and add up to zero.
-- Debits are positive.
CREATE TABLE ledger_entries (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    position    BIGINT NOT NULL CHECK (position = position + 0 AND position >= 0),
    account     TEXT NOT NULL,
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    amount      BIGINT NOT NULL CHECK (amount = amount + 0 AND amount <> 0),
    customer_id TEXT NOT NULL DEFAULT '',
    invoice_id  TEXT NOT NULL DEFAULT '',
    booked_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (kind, subject, position);
CREATE INDEX ledger_entries_invoice ON ledger_entries (invoice_id) WHERE account = 'receivable';
CREATE INDEX ledger_entries_credit ON ledger_entries (customer_id) WHERE account = 'credit';

-- Money that arrived and fits nothing yet.
CREATE TABLE suspense (
    id          TEXT PRIMARY KEY,
    gateway     TEXT NOT NULL,
    reference   TEXT NOT NULL,
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    amount      BIGINT NOT NULL CHECK (amount = amount + 0 AND amount > 0),
    note        TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL CHECK (state IN ('open', 'assigned')),
    invoice_id  TEXT NOT NULL DEFAULT '',
    payment_id  TEXT NOT NULL DEFAULT '',
    received_at BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    settled_at  BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX suspense_once ON suspense (gateway, reference, amount, received_at);
CREATE INDEX suspense_open ON suspense (id) WHERE state = 'open';

-- What is billed again and again. next_number is the number of the next period to
-- bill, counted from the anchor; next_invoice_at is when, 0 for not at all.
CREATE TABLE subscriptions (
    id                 TEXT PRIMARY KEY,
    customer_id        TEXT NOT NULL REFERENCES customers (id),
    service_id         TEXT NOT NULL,
    order_line_id      TEXT NOT NULL DEFAULT '',
    kind               TEXT NOT NULL CHECK (kind IN ('hosting', 'domain')),
    description        TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state = 'active' OR state = 'past_due' OR state = 'suspended' OR state = 'cancelled'),
    cycle_unit         TEXT NOT NULL CHECK (cycle_unit = 'day' OR cycle_unit = 'week' OR cycle_unit = 'month' OR cycle_unit = 'year'),
    cycle_count        BIGINT NOT NULL CHECK (cycle_count = cycle_count + 0 AND cycle_count > 0),
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    net                BIGINT NOT NULL CHECK (net = net + 0 AND net >= 0),
    cost               BIGINT NOT NULL CHECK (cost = cost + 0 AND cost >= 0),
    anchor_at          BIGINT NOT NULL,
    next_number        BIGINT NOT NULL CHECK (next_number = next_number + 0 AND next_number > 0),
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
    revision           BIGINT NOT NULL DEFAULT 0,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL
);
CREATE INDEX subscriptions_due ON subscriptions (next_invoice_at, id) WHERE next_invoice_at > 0 AND state IN ('active', 'past_due');
CREATE INDEX subscriptions_ending ON subscriptions (cancel_at, id) WHERE cancel_at > 0 AND state <> 'cancelled';
CREATE INDEX subscriptions_customer ON subscriptions (customer_id, id);
CREATE INDEX subscriptions_service ON subscriptions (service_id);
CREATE UNIQUE INDEX subscriptions_order_line ON subscriptions (order_line_id) WHERE order_line_id <> '';

-- Each period of a subscription is billed once: the key is the proof.
CREATE TABLE subscription_periods (
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    start_at        BIGINT NOT NULL,
    end_at          BIGINT NOT NULL CHECK (end_at = end_at + 0 AND end_at > start_at),
    invoice_id      TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL CHECK (state = 'billed' OR state = 'paid' OR state = 'void'),
    PRIMARY KEY (subscription_id, start_at)
);
CREATE INDEX subscription_periods_invoice ON subscription_periods (invoice_id) WHERE invoice_id <> '';
