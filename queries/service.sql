-- name: DeliveryInsert :exec
INSERT INTO deliveries (
    id, order_id, invoice_id, customer_id, upstream, kind, domain, product_id, product_ref, category, description, cycle,
    client_choice, target_url, space_id, auth_code_sealed, registrant_id, currency, net_minor, cost_minor, renew_net_minor,
    renew_cost_minor, after_delivery_id, intro_periods, intro_net_minor, state, created_at, updated_at
) VALUES (
    sqlc.arg(id), sqlc.arg(order_id), sqlc.arg(invoice_id), sqlc.arg(customer_id), sqlc.arg(upstream), sqlc.arg(kind),
    sqlc.arg(domain), sqlc.arg(product_id), sqlc.arg(product_ref), sqlc.arg(category), sqlc.arg(description), sqlc.arg(cycle),
    sqlc.arg(client_choice), sqlc.arg(target_url), sqlc.arg(space_id), sqlc.arg(auth_code_sealed), sqlc.arg(registrant_id), sqlc.arg(currency),
    sqlc.arg(net_minor), sqlc.arg(cost_minor), sqlc.arg(renew_net_minor), sqlc.arg(renew_cost_minor),
    sqlc.arg(after_delivery_id), sqlc.arg(intro_periods), sqlc.arg(intro_net_minor), 'pending', sqlc.arg(created_at), sqlc.arg(updated_at)
);

-- name: DeliveryByID :one
SELECT id, order_id, invoice_id, customer_id, upstream, kind, domain, product_id, product_ref, category, description, cycle,
    client_choice, target_url, space_id, auth_code_sealed, registrant_id, currency, net_minor, cost_minor, renew_net_minor,
    renew_cost_minor, after_delivery_id, task_id, contact_task_id, state, cause_code, cause_fields, attempt, action_at,
    created_at, updated_at, intro_periods, intro_net_minor
FROM deliveries WHERE id = sqlc.arg(id);

-- How the lines stand of a page of a customer's orders, from the oldest to the newest of it: with the delivering task
-- and what became of them.
-- name: DeliveriesOfCustomer :many
SELECT d.id, d.domain, d.state, d.cause_code, d.cause_fields, d.action_at, CAST(coalesce(t.state, '') AS TEXT) AS task_state,
    CAST(coalesce(t.attempts, 0) AS BIGINT) AS attempts, CAST(coalesce(s.id, '') AS TEXT) AS service_id
FROM orders o JOIN deliveries d ON d.order_id = o.id LEFT JOIN tasks t ON t.id = d.task_id LEFT JOIN services s ON s.order_line_id = d.id
WHERE o.customer_id = sqlc.arg(customer_id) AND o.id >= sqlc.arg(oldest) AND o.id <= sqlc.arg(newest);

-- The same over all customers, for staff.
-- name: DeliveriesOfAll :many
SELECT d.id, d.domain, d.state, d.cause_code, d.cause_fields, d.action_at, CAST(coalesce(t.state, '') AS TEXT) AS task_state,
    CAST(coalesce(t.attempts, 0) AS BIGINT) AS attempts, CAST(coalesce(s.id, '') AS TEXT) AS service_id
FROM deliveries d LEFT JOIN tasks t ON t.id = d.task_id LEFT JOIN services s ON s.order_line_id = d.id
WHERE d.order_id >= sqlc.arg(oldest) AND d.order_id <= sqlc.arg(newest);

-- name: DeliveriesByContactTask :many
SELECT id, order_id, invoice_id, customer_id, upstream, kind, domain, product_id, product_ref, category, description, cycle,
    client_choice, target_url, space_id, auth_code_sealed, registrant_id, currency, net_minor, cost_minor, renew_net_minor,
    renew_cost_minor, after_delivery_id, task_id, contact_task_id, state, cause_code, cause_fields, attempt, action_at,
    created_at, updated_at, intro_periods, intro_net_minor
FROM deliveries WHERE contact_task_id = sqlc.arg(contact_task_id) AND contact_task_id <> '' ORDER BY id;

-- name: DeliveriesAwaitingCustomer :many
SELECT id, action_at FROM deliveries
WHERE state = 'action_required' AND action_at <= sqlc.arg(since_at)
    AND (action_at > sqlc.arg(after_at) OR (action_at = sqlc.arg(after_at) AND id > sqlc.arg(after_id)))
ORDER BY action_at, id LIMIT sqlc.arg(max_rows);

-- Other hosting of a name that is paid for and not delivered yet: its task was released.
-- name: HostingUnderWay :many
SELECT d.id, t.attempts FROM deliveries d JOIN tasks t ON t.id = d.task_id
WHERE d.domain = sqlc.arg(domain) AND d.id <> sqlc.arg(besides) AND d.kind IN ('hosting', 'hosting_own')
    AND d.state = 'pending' AND t.state NOT IN ('blocked', 'cancelled')
ORDER BY d.id LIMIT 20;

-- Auth codes of orders that were never paid and lapsed.
-- name: DeliveryCodesForget :execrows
UPDATE deliveries SET auth_code_sealed = '', updated_at = sqlc.arg(updated_at)
WHERE id IN (
    SELECT d.id FROM deliveries d JOIN tasks t ON t.id = d.task_id
    WHERE d.auth_code_sealed <> '' AND t.state = 'cancelled' LIMIT sqlc.arg(max_rows));

-- name: DeliverySetTasks :exec
UPDATE deliveries SET task_id = sqlc.arg(task_id), contact_task_id = sqlc.arg(contact_task_id), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- name: DeliveryMend :execrows
UPDATE deliveries SET state = 'pending', auth_code_sealed = sqlc.arg(auth_code_sealed), registrant_id = sqlc.arg(registrant_id),
    domain = sqlc.arg(domain), description = sqlc.arg(description), attempt = attempt + 1, action_at = 0, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = 'action_required';

-- DeliveryNeedsAction leaves a line to the customer; another cause, as after an operator's
-- retry, takes the place of the one before.
-- name: DeliveryNeedsAction :execrows
UPDATE deliveries SET state = 'action_required', cause_code = sqlc.arg(cause_code), cause_fields = sqlc.arg(cause_fields),
    action_at = sqlc.arg(action_at), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND (state = 'pending'
    OR (state = 'action_required' AND (cause_code <> sqlc.arg(cause_code) OR cause_fields <> sqlc.arg(cause_fields))));

-- name: DeliveryFail :execrows
UPDATE deliveries SET state = 'failed', cause_code = sqlc.arg(cause_code), auth_code_sealed = '', updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state IN ('pending', 'action_required');

-- name: DeliveryDone :execrows
UPDATE deliveries SET state = 'delivered', cause_code = '', cause_fields = '[]', auth_code_sealed = '', updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state IN ('pending', 'action_required');

-- name: DeliveryAllowCost :execrows
UPDATE deliveries SET cost_minor = sqlc.arg(cost_minor), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = 'pending';

-- name: ServiceInsert :execrows
INSERT INTO services (
    id, customer_id, order_line_id, upstream, kind, name, product_id, description, state, registrant_id, site_id,
    upstream_order, expires_at, created_at, updated_at
) VALUES (
    sqlc.arg(id), sqlc.arg(customer_id), sqlc.arg(order_line_id), sqlc.arg(upstream), sqlc.arg(kind), sqlc.arg(name),
    sqlc.arg(product_id), sqlc.arg(description), 'active', sqlc.arg(registrant_id), sqlc.arg(site_id),
    sqlc.arg(upstream_order), sqlc.arg(expires_at), sqlc.arg(created_at), sqlc.arg(updated_at)
) ON CONFLICT DO NOTHING;

-- name: ServiceSetSubscription :exec
UPDATE services SET subscription_id = sqlc.arg(subscription_id), updated_at = sqlc.arg(updated_at) WHERE id = sqlc.arg(id);

-- name: ServiceByID :one
SELECT id, customer_id, order_line_id, subscription_id, upstream, kind, name, product_id, description, state, registrant_id,
    site_id, upstream_order, expires_at, usage, usage_at, created_at, updated_at, lapse_at, zone_managed, zone_at
FROM services WHERE id = sqlc.arg(id);

-- name: ServicesByCustomer :many
SELECT id, customer_id, order_line_id, subscription_id, upstream, kind, name, product_id, description, state, registrant_id,
    site_id, upstream_order, expires_at, usage, usage_at, created_at, updated_at, lapse_at, zone_managed, zone_at
FROM services WHERE customer_id = sqlc.arg(customer_id) AND id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: ServicesLiveByName :many
SELECT id, customer_id, kind FROM services
WHERE name = sqlc.arg(name) AND kind = sqlc.arg(kind) AND state IN ('pending', 'active', 'suspended') ORDER BY id;

-- Whose upstream order is this? Asked when staff settles a task, which is rare.
-- name: ServicesByUpstreamOrder :many
SELECT id, order_line_id, name FROM services
WHERE upstream = sqlc.arg(upstream) AND upstream_order = sqlc.arg(upstream_order) AND upstream_order <> '' ORDER BY id LIMIT 2;

-- ServiceLastOrder is the newest hosting whose upstream order has made its site.
-- name: ServiceLastOrder :many
SELECT upstream_order FROM services
WHERE upstream = sqlc.arg(upstream) AND upstream_order <> '' AND site_id <> '' ORDER BY id DESC LIMIT 1;

-- name: ServiceSetExpiry :exec
UPDATE services SET expires_at = sqlc.arg(expires_at), updated_at = sqlc.arg(updated_at) WHERE id = sqlc.arg(id);

-- name: ServiceSetUsage :exec
UPDATE services SET usage = sqlc.arg(usage), usage_at = sqlc.arg(usage_at) WHERE id = sqlc.arg(id);

-- name: ServiceSetZone :exec
UPDATE services SET zone_managed = sqlc.arg(zone_managed), zone_at = sqlc.arg(zone_at) WHERE id = sqlc.arg(id);

-- Who keeps the zone of a name is to be seen anew.
-- name: ServicesForgetZone :exec
UPDATE services SET zone_at = 0 WHERE name = sqlc.arg(name) AND kind = sqlc.arg(kind) AND state IN ('pending', 'active', 'suspended');

-- name: ServiceSetState :execrows
UPDATE services SET state = sqlc.arg(state), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state);

-- name: NameReservationByName :one
SELECT name, delivery_id, invoice_id, held_until, created_at FROM name_reservations WHERE name = sqlc.arg(name);

-- name: NameReservationInsert :execrows
INSERT INTO name_reservations (name, delivery_id, invoice_id, held_until, created_at)
VALUES (sqlc.arg(name), sqlc.arg(delivery_id), sqlc.arg(invoice_id), sqlc.arg(held_until), sqlc.arg(created_at))
ON CONFLICT DO NOTHING;

-- Taking over a reservation that holds nothing any more, as a compare-and-set on whose it was.
-- name: NameReservationReplace :execrows
UPDATE name_reservations SET delivery_id = sqlc.arg(delivery_id), invoice_id = sqlc.arg(invoice_id),
    held_until = sqlc.arg(held_until), created_at = sqlc.arg(created_at)
WHERE name = sqlc.arg(name) AND delivery_id = sqlc.arg(instead_of);

-- name: NameReservationRelease :execrows
DELETE FROM name_reservations WHERE delivery_id = sqlc.arg(delivery_id);

-- A name is left to lapse, once; cleared (from that instant to 0) when it is paid after all.
-- name: ServiceSetLapse :execrows
UPDATE services SET lapse_at = sqlc.arg(lapse_at), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND lapse_at = sqlc.arg(from_at) AND (state = 'active' OR state = 'suspended');

-- Names whose expiry is near or just over, in the order of the index (services_expiring).
-- name: ServicesExpiring :many
SELECT id, expires_at FROM services
WHERE kind = 'domain' AND expires_at > 0 AND (state = 'active' OR state = 'suspended')
    AND expires_at <= sqlc.arg(until_at) AND expires_at > sqlc.arg(from_at)
    AND (expires_at > sqlc.arg(after_at) OR (expires_at = sqlc.arg(after_at) AND id > sqlc.arg(after_id)))
ORDER BY expires_at, id LIMIT sqlc.arg(max_rows);

-- name: NoticesOfService :many
SELECT id, service_id, customer_id, name, kind, expires_at, address, created_at
FROM domain_notices WHERE service_id = sqlc.arg(service_id) AND kind = sqlc.arg(kind) ORDER BY expires_at;

-- name: NoticeInsert :execrows
INSERT INTO domain_notices (id, service_id, customer_id, name, kind, expires_at, address, created_at)
VALUES (sqlc.arg(id), sqlc.arg(service_id), sqlc.arg(customer_id), sqlc.arg(name), sqlc.arg(kind), sqlc.arg(expires_at),
    sqlc.arg(address), sqlc.arg(created_at))
ON CONFLICT DO NOTHING;

-- The notices with how each was sent, newest first; an empty name is no filter.
-- name: NoticesSent :many
SELECT n.id, n.service_id, n.customer_id, n.name, n.kind, n.expires_at, n.address, n.created_at,
    m.id AS mail_id, m.state AS mail_state, m.recipient, m.message_id, m.sent_at
FROM domain_notices n JOIN mails m ON m.subject = n.id AND m.resent_of = ''
WHERE n.id < sqlc.arg(before) AND (CAST(sqlc.arg(name) AS TEXT) = '' OR n.name = CAST(sqlc.arg(name) AS TEXT))
ORDER BY n.id DESC, m.id LIMIT sqlc.arg(page);

-- Names that were left to lapse and have expired (services_lapsing).
-- name: ServicesLapsed :many
SELECT id, expires_at FROM services
WHERE lapse_at > 0 AND (state = 'active' OR state = 'suspended') AND expires_at > 0 AND expires_at <= sqlc.arg(now_at)
    AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: ServiceSetProduct :exec
UPDATE services SET product_id = sqlc.arg(product_id), description = sqlc.arg(description), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);
