-- No row means that the invoice has a live payment, or that the code is taken.
-- name: PaymentInsert :execrows
INSERT INTO payments (id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount,
    attempt, code, return_url, check_at, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: PaymentByID :one
SELECT id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount, received, fee,
    refunded, attempt, code, provider_reference, return_url, next_action, decline_class, decline_code, abandoned,
    check_at, settled_at, created_at, updated_at, disputed, paid_out
FROM payments WHERE id = ?;

-- name: PaymentByReference :one
SELECT id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount, received, fee,
    refunded, attempt, code, provider_reference, return_url, next_action, decline_class, decline_code, abandoned,
    check_at, settled_at, created_at, updated_at, disputed, paid_out
FROM payments
WHERE gateway = sqlc.arg(gateway) AND provider_reference = sqlc.arg(reference) AND provider_reference <> '';

-- name: PaymentByCode :one
SELECT id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount, received, fee,
    refunded, attempt, code, provider_reference, return_url, next_action, decline_class, decline_code, abandoned,
    check_at, settled_at, created_at, updated_at, disputed, paid_out
FROM payments WHERE code = ?;

-- name: PaymentsByInvoice :many
SELECT id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount, received, fee,
    refunded, attempt, code, provider_reference, return_url, next_action, decline_class, decline_code, abandoned,
    check_at, settled_at, created_at, updated_at, disputed, paid_out
FROM payments WHERE invoice_id = ? ORDER BY id;

-- name: PaymentsByCustomer :many
SELECT id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount, received, fee,
    refunded, attempt, code, provider_reference, return_url, next_action, decline_class, decline_code, abandoned,
    check_at, settled_at, created_at, updated_at, disputed, paid_out
FROM payments WHERE customer_id = sqlc.arg(customer_id) AND id < sqlc.arg(before)
ORDER BY id DESC LIMIT sqlc.arg(page);

-- The live payment of an invoice, where it has one.
-- name: PaymentLive :many
SELECT id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount, received, fee,
    refunded, attempt, code, provider_reference, return_url, next_action, decline_class, decline_code, abandoned,
    check_at, settled_at, created_at, updated_at, disputed, paid_out
FROM payments
WHERE invoice_id = ? AND (state = 'pending' OR state = 'requires_action' OR state = 'processing');

-- Compare and set: a payment that moved meanwhile is left alone, 0 rows.
-- name: PaymentApply :execrows
UPDATE payments SET state = sqlc.arg(state), provider_reference = sqlc.arg(provider_reference),
    next_action = sqlc.arg(next_action), received = sqlc.arg(received), fee = sqlc.arg(fee),
    decline_class = sqlc.arg(decline_class), decline_code = sqlc.arg(decline_code), check_at = sqlc.arg(check_at),
    settled_at = sqlc.arg(settled_at), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(old_state) AND received = sqlc.arg(old_received);

-- An automatic payment starts only while its invoice is open, and its customer is charged by itself
-- and disputes no payment. This is the one place that keeps a charge from being made while they do:
-- it is asked in the transaction that begins the charge, so that nothing comes between.
-- name: PaymentBeginCharge :execrows
UPDATE payments SET state = 'processing', check_at = sqlc.arg(check_at), updated_at = sqlc.arg(updated_at)
WHERE payments.id = sqlc.arg(id) AND payments.state IN ('pending', 'processing')
    AND EXISTS (SELECT 1 FROM invoices WHERE invoices.id = payments.invoice_id AND invoices.state = 'open')
    AND (payments.state = 'processing'
        OR NOT EXISTS (SELECT 1 FROM customers WHERE customers.id = payments.customer_id AND customers.no_automatic_payment)
            AND NOT EXISTS (SELECT 1 FROM disputes WHERE disputes.customer_id = payments.customer_id AND disputes.state = 'open'));

-- Charges of saved methods that have not begun, and the subscription each is for.
-- name: PaymentsScheduled :many
SELECT p.id, p.method_id, p.gateway, p.attempt, p.invoice_id, i.subject FROM payments AS p JOIN invoices AS i ON i.id = p.invoice_id
WHERE p.customer_id = ? AND p.state = 'pending' AND p.automatic AND i.kind = 'renewal';

-- name: PaymentSetMethod :exec
UPDATE payments SET method_id = sqlc.arg(method_id), gateway = sqlc.arg(gateway)
WHERE id = sqlc.arg(id) AND state = 'pending' AND automatic;

-- name: PaymentScheduledAmount :exec
UPDATE payments SET amount = sqlc.arg(amount)
WHERE invoice_id = sqlc.arg(invoice_id) AND state = 'pending' AND automatic;

-- The charge that is scheduled is of the invoice that took the place of its own.
-- name: PaymentScheduledPassOn :exec
UPDATE payments SET invoice_id = sqlc.arg(new_id), amount = sqlc.arg(amount)
WHERE invoice_id = sqlc.arg(invoice_id) AND state = 'pending' AND automatic;

-- name: PaymentAbandon :execrows
UPDATE payments SET abandoned = TRUE WHERE id = sqlc.arg(id);

-- A fee that is told after the money: booked by whoever writes it.
-- name: PaymentSetFee :execrows
UPDATE payments SET fee = sqlc.arg(fee) WHERE id = sqlc.arg(id) AND fee = 0;

-- Money reserved to go back: never more than came in.
-- name: PaymentReserveRefund :execrows
UPDATE payments SET refunded = refunded + sqlc.arg(amount), updated_at = sqlc.arg(updated_at)
WHERE payments.id = sqlc.arg(id) AND refunded + disputed + sqlc.arg(amount) <= received
    AND NOT EXISTS (SELECT 1 FROM disputes d WHERE d.payment_id = payments.id AND d.state = 'open' AND d.amount = 0);

-- name: PaymentReleaseRefund :execrows
UPDATE payments SET refunded = refunded - sqlc.arg(amount), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND refunded >= sqlc.arg(amount);

-- name: PaymentsToCheck :many
SELECT id FROM payments
WHERE (state = 'pending' OR state = 'requires_action' OR state = 'processing') AND check_at > 0 AND check_at <= sqlc.arg(now_at)
    AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: PaymentCheckLater :exec
UPDATE payments SET check_at = sqlc.arg(check_at)
WHERE id = sqlc.arg(id) AND (state = 'pending' OR state = 'requires_action' OR state = 'processing');

-- name: PaymentStates :many
SELECT state, gateway, count(id) AS payments FROM payments GROUP BY state, gateway;

-- name: ReceiptInsert :execrows
INSERT INTO payment_receipts (id, payment_id, reference, amount, received_at, created_at)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: MethodUpsert :exec
INSERT INTO payment_methods (id, customer_id, gateway, reference, provider_customer, kind, label, exp_month, exp_year,
    expires_at, chosen_at, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (gateway, reference) DO UPDATE SET label = excluded.label, exp_month = excluded.exp_month,
    exp_year = excluded.exp_year, expires_at = excluded.expires_at, provider_customer = excluded.provider_customer,
    chosen_at = excluded.chosen_at, removed_at = 0, refused_at = 0, refused_code = '';

-- name: MethodByID :one
SELECT id, customer_id, gateway, reference, provider_customer, kind, label, exp_month, exp_year, chosen_at, removed_at,
    created_at, expires_at, refused_at, refused_code, detached_at
FROM payment_methods WHERE id = ?;

-- name: MethodByReference :one
SELECT id, customer_id, gateway, reference, provider_customer, kind, label, exp_month, exp_year, chosen_at, removed_at,
    created_at, expires_at, refused_at, refused_code, detached_at
FROM payment_methods WHERE gateway = ? AND reference = ?;

-- The methods of a customer, the default first: the one chosen last.
-- name: MethodsByCustomer :many
SELECT id, customer_id, gateway, reference, provider_customer, kind, label, exp_month, exp_year, chosen_at, removed_at,
    created_at, expires_at, refused_at, refused_code, detached_at
FROM payment_methods WHERE customer_id = ? AND removed_at = 0 ORDER BY chosen_at DESC, id DESC;

-- name: MethodRemove :execrows
UPDATE payment_methods SET removed_at = sqlc.arg(removed_at)
WHERE id = sqlc.arg(id) AND customer_id = sqlc.arg(customer_id) AND removed_at = 0;

-- Chosen by the customer, it may be charged again though its bank refused it.
-- name: MethodChoose :execrows
UPDATE payment_methods SET chosen_at = sqlc.arg(chosen_at), refused_at = 0, refused_code = ''
WHERE id = sqlc.arg(id) AND customer_id = sqlc.arg(customer_id) AND removed_at = 0;

-- name: MethodRefuse :exec
UPDATE payment_methods SET refused_at = sqlc.arg(refused_at), refused_code = sqlc.arg(refused_code)
WHERE id = sqlc.arg(id) AND refused_at = 0;

-- name: MethodDetached :exec
UPDATE payment_methods SET detached_at = sqlc.arg(detached_at) WHERE id = sqlc.arg(id);

-- Cards that end in a span of time, for the notices.
-- name: MethodsExpiring :many
SELECT id, customer_id, gateway, reference, provider_customer, kind, label, exp_month, exp_year, chosen_at, removed_at,
    created_at, expires_at, refused_at, refused_code, detached_at
FROM payment_methods
WHERE removed_at = 0 AND expires_at > 0 AND expires_at > sqlc.arg(from_at) AND expires_at <= sqlc.arg(to_at)
    AND (expires_at > sqlc.arg(after_at) OR (expires_at = sqlc.arg(after_at) AND id > sqlc.arg(after_id)))
ORDER BY expires_at, id LIMIT sqlc.arg(page);

-- name: MethodNoticeInsert :execrows
INSERT INTO method_notices (method_id, expires_at, days, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: EarlySubscriptions :many
SELECT days FROM early_subscriptions WHERE subscription_id = ?;

-- name: EarlySubscriptionPut :exec
INSERT INTO early_subscriptions (subscription_id, days) VALUES (?, ?)
ON CONFLICT (subscription_id) DO UPDATE SET days = excluded.days;

-- A renewal that is billed earlier or later than before; the instant 0 stays none.
-- name: SubscriptionLead :execrows
UPDATE subscriptions SET lead_days = sqlc.arg(lead_days), next_invoice_at = sqlc.arg(next_invoice_at),
    revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND revision = sqlc.arg(revision);

-- name: SetupInsert :exec
INSERT INTO method_setups (id, customer_id, gateway, state, make_default, return_url, check_at, created_at, updated_at)
VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?);

-- name: SetupByID :one
SELECT id, customer_id, gateway, state, make_default, provider_reference, return_url, next_action, method_id,
    decline_class, decline_code, check_at, settled_at, created_at, updated_at
FROM method_setups WHERE id = ?;

-- name: SetupByReference :one
SELECT id, customer_id, gateway, state, make_default, provider_reference, return_url, next_action, method_id,
    decline_class, decline_code, check_at, settled_at, created_at, updated_at
FROM method_setups
WHERE gateway = sqlc.arg(gateway) AND provider_reference = sqlc.arg(reference) AND provider_reference <> '';

-- Compare and set: a setup that moved meanwhile is left alone, 0 rows.
-- name: SetupApply :execrows
UPDATE method_setups SET state = sqlc.arg(state), provider_reference = sqlc.arg(provider_reference),
    next_action = sqlc.arg(next_action), method_id = sqlc.arg(method_id), decline_class = sqlc.arg(decline_class),
    decline_code = sqlc.arg(decline_code), check_at = sqlc.arg(check_at), settled_at = sqlc.arg(settled_at),
    updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(old_state);

-- name: SetupsToCheck :many
SELECT id FROM method_setups
WHERE (state = 'pending' OR state = 'requires_action' OR state = 'processing') AND check_at <= sqlc.arg(now_at)
    AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: SetupCheckLater :exec
UPDATE method_setups SET check_at = sqlc.arg(check_at)
WHERE id = sqlc.arg(id) AND (state = 'pending' OR state = 'requires_action' OR state = 'processing');

-- name: ProviderCustomerPut :exec
INSERT INTO provider_customers (customer_id, gateway, reference) VALUES (?, ?, ?)
ON CONFLICT (customer_id, gateway) DO UPDATE SET reference = excluded.reference;

-- name: ProviderCustomers :many
SELECT reference FROM provider_customers WHERE customer_id = ? AND gateway = ?;

-- name: WebhookInsert :execrows
INSERT INTO webhook_inbox (id, gateway, event_id, kind, payments, refunds, setups, disputes, payouts, received_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: WebhookByID :one
SELECT id, gateway, event_id, kind, payments, refunds, received_at, processed_at, setups, disputes, payouts FROM webhook_inbox WHERE id = ?;

-- name: WebhookProcessed :exec
UPDATE webhook_inbox SET processed_at = sqlc.arg(processed_at) WHERE id = sqlc.arg(id);

-- What a dispute has taken of a payment, or given back.
-- name: PaymentDispute :execrows
UPDATE payments SET disputed = disputed + sqlc.arg(amount), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND disputed + sqlc.arg(amount) >= 0;
