-- name: QuoteInsert :exec
INSERT INTO quotes (id, customer_id, country, treatment, currency, net_minor, vat_minor, expires_at, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(customer_id), sqlc.arg(country), sqlc.arg(treatment), sqlc.arg(currency), sqlc.arg(net_minor),
    sqlc.arg(vat_minor), sqlc.arg(expires_at), sqlc.arg(created_at), sqlc.arg(updated_at));

-- name: QuoteReplace :execrows
UPDATE quotes SET customer_id = sqlc.arg(customer_id), country = sqlc.arg(country), treatment = sqlc.arg(treatment),
    currency = sqlc.arg(currency), net_minor = sqlc.arg(net_minor), vat_minor = sqlc.arg(vat_minor),
    expires_at = sqlc.arg(expires_at), version = version + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND version = sqlc.arg(from_version) AND order_id = '';

-- name: QuoteByID :one
SELECT id, customer_id, country, treatment, currency, net_minor, vat_minor, version, order_id, expires_at, created_at, updated_at
FROM quotes WHERE id = sqlc.arg(id);

-- name: QuoteTake :execrows
UPDATE quotes SET order_id = sqlc.arg(order_id), customer_id = sqlc.arg(customer_id), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND order_id = '' AND version = sqlc.arg(from_version);

-- The codes of a quote that was ordered: its deliveries have them now.
-- name: QuoteCodesForget :exec
UPDATE quote_lines SET auth_code_sealed = '' WHERE quote_id = sqlc.arg(quote_id) AND auth_code_sealed <> '';

-- name: QuotesStale :many
SELECT id FROM quotes WHERE order_id = '' AND expires_at < sqlc.arg(before_at) ORDER BY expires_at LIMIT sqlc.arg(max_rows);

-- name: QuoteDelete :execrows
DELETE FROM quotes WHERE id = sqlc.arg(id) AND order_id = '';

-- name: QuoteLineInsert :exec
INSERT INTO quote_lines (
    quote_id, position, id, kind, upstream, product_id, product_ref, category, client_choice, description, cycle, domain, years, target_url, space_id,
    auth_code_sealed, premium, net_minor, vat_minor, setup_minor, cost_minor, renew_net_minor, renew_vat_minor, renew_cost_minor,
    intro_periods, intro_once
) VALUES (
    sqlc.arg(quote_id), sqlc.arg(position), sqlc.arg(id), sqlc.arg(kind), sqlc.arg(upstream), sqlc.arg(product_id),
    sqlc.arg(product_ref), sqlc.arg(category), sqlc.arg(client_choice), sqlc.arg(description), sqlc.arg(cycle), sqlc.arg(domain), sqlc.arg(years), sqlc.arg(target_url),
    sqlc.arg(space_id), sqlc.arg(auth_code_sealed), sqlc.arg(premium), sqlc.arg(net_minor), sqlc.arg(vat_minor),
    sqlc.arg(setup_minor), sqlc.arg(cost_minor), sqlc.arg(renew_net_minor), sqlc.arg(renew_vat_minor), sqlc.arg(renew_cost_minor),
    sqlc.arg(intro_periods), sqlc.arg(intro_once)
);

-- name: QuoteLinesDelete :exec
DELETE FROM quote_lines WHERE quote_id = sqlc.arg(quote_id);

-- name: QuoteLinesByQuote :many
SELECT quote_id, position, id, kind, upstream, product_id, product_ref, category, client_choice, description, cycle, domain, years, target_url, space_id,
    auth_code_sealed, premium, net_minor, vat_minor, setup_minor, cost_minor, renew_net_minor, renew_vat_minor, renew_cost_minor,
    intro_periods, intro_once
FROM quote_lines WHERE quote_id = sqlc.arg(quote_id) ORDER BY position;

-- name: OrderInsert :exec
INSERT INTO orders (id, number, customer_id, quote_id, invoice_id, registrant_id, gateway, currency, net_minor, vat_minor, created_at)
VALUES (sqlc.arg(id), sqlc.arg(number), sqlc.arg(customer_id), sqlc.arg(quote_id), sqlc.arg(invoice_id), sqlc.arg(registrant_id),
    sqlc.arg(gateway), sqlc.arg(currency), sqlc.arg(net_minor), sqlc.arg(vat_minor), sqlc.arg(created_at));

-- name: OrderSetPayment :exec
UPDATE orders SET payment_id = sqlc.arg(payment_id) WHERE id = sqlc.arg(id);

-- name: OrderByID :one
SELECT id, number, customer_id, quote_id, invoice_id, payment_id, registrant_id, gateway, currency, net_minor, vat_minor, created_at
FROM orders WHERE id = sqlc.arg(id);

-- name: OrderByNumber :one
SELECT id, number, customer_id, quote_id, invoice_id, payment_id, registrant_id, gateway, currency, net_minor, vat_minor, created_at
FROM orders WHERE number = sqlc.arg(number);

-- name: OrdersByCustomer :many
SELECT id, number, customer_id, quote_id, invoice_id, payment_id, registrant_id, gateway, currency, net_minor, vat_minor, created_at
FROM orders WHERE customer_id = sqlc.arg(customer_id) AND id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- name: OrdersAll :many
SELECT id, number, customer_id, quote_id, invoice_id, payment_id, registrant_id, gateway, currency, net_minor, vat_minor, created_at
FROM orders WHERE id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- name: OrderLineInsert :exec
INSERT INTO order_lines (order_id, position, id, kind, product_id, description, cycle, domain, years, net_minor, vat_minor, cost_minor, intro_periods)
VALUES (sqlc.arg(order_id), sqlc.arg(position), sqlc.arg(id), sqlc.arg(kind), sqlc.arg(product_id), sqlc.arg(description),
    sqlc.arg(cycle), sqlc.arg(domain), sqlc.arg(years), sqlc.arg(net_minor), sqlc.arg(vat_minor), sqlc.arg(cost_minor), sqlc.arg(intro_periods));

-- The lines of a page of a customer's orders, from the oldest to the newest of it, each with what its state follows
-- from of the order's invoice.
-- name: OrderLinesOfCustomer :many
SELECT l.order_id, l.id, l.kind, l.product_id, l.description, l.cycle, l.domain, l.years, l.net_minor, l.vat_minor, l.intro_periods,
    i.state AS invoice_state, i.paid, i.reopened_at
FROM orders o JOIN invoices i ON i.id = o.invoice_id JOIN order_lines l ON l.order_id = o.id
WHERE o.customer_id = sqlc.arg(customer_id) AND o.id >= sqlc.arg(oldest) AND o.id <= sqlc.arg(newest) ORDER BY l.order_id, l.position;

-- The same over all customers, for staff.
-- name: OrderLinesOfAll :many
SELECT l.order_id, l.id, l.kind, l.product_id, l.description, l.cycle, l.domain, l.years, l.net_minor, l.vat_minor, l.intro_periods,
    i.state AS invoice_state, i.paid, i.reopened_at
FROM orders o JOIN invoices i ON i.id = o.invoice_id JOIN order_lines l ON l.order_id = o.id
WHERE o.id >= sqlc.arg(oldest) AND o.id <= sqlc.arg(newest) ORDER BY l.order_id, l.position;

-- A customer's orders of a product with its introduction: none of those that were withdrawn or could not be delivered.
-- name: IntroductionsOf :many
SELECT l.id FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN invoices i ON i.id = o.invoice_id
WHERE o.customer_id = sqlc.arg(customer_id) AND l.product_id = sqlc.arg(product_id) AND l.intro_periods > 0 AND i.state <> 'void'
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = l.id AND d.state = 'failed')
ORDER BY l.id LIMIT 1;

-- name: OrderLineSetDomain :exec
UPDATE order_lines SET domain = sqlc.arg(domain), description = sqlc.arg(description) WHERE id = sqlc.arg(id);

-- What a document of an order says of it: its number, and what each line's first period takes.
-- name: OrderOnDocument :many
SELECT o.number, l.id, l.kind, l.cycle, l.years FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.id = sqlc.arg(id);

-- name: OrderConsentInsert :exec
INSERT INTO order_consents (order_id, kind, version, given_at, address)
VALUES (sqlc.arg(order_id), sqlc.arg(kind), sqlc.arg(version), sqlc.arg(given_at), sqlc.arg(address));

-- name: OrderConsentsByOrder :many
SELECT order_id, kind, version, given_at, address FROM order_consents WHERE order_id = sqlc.arg(order_id) ORDER BY kind;

-- name: IdempotencyInsert :execrows
INSERT INTO idempotency_keys (actor, route, key, body_hash, subject_id, created_at)
VALUES (sqlc.arg(actor), sqlc.arg(route), sqlc.arg(key), sqlc.arg(body_hash), sqlc.arg(subject_id), sqlc.arg(created_at))
ON CONFLICT DO NOTHING;

-- name: IdempotencyByKey :one
SELECT actor, route, key, body_hash, subject_id, created_at FROM idempotency_keys
WHERE actor = sqlc.arg(actor) AND route = sqlc.arg(route) AND key = sqlc.arg(key);

-- name: IdempotencyOldest :many
SELECT actor, route, key FROM idempotency_keys WHERE created_at < sqlc.arg(before_at) ORDER BY created_at LIMIT sqlc.arg(max_rows);

-- name: IdempotencyDelete :execrows
DELETE FROM idempotency_keys WHERE actor = sqlc.arg(actor) AND route = sqlc.arg(route) AND key = sqlc.arg(key);
