-- name: CatalogVersion :one
SELECT version FROM catalog_versions WHERE id = 'shop';

-- CatalogVersionSwap is a compare-and-set: 0 rows means that the catalogue moved
-- since it was read.
-- name: CatalogVersionSwap :execrows
UPDATE catalog_versions SET version = version + 1
WHERE id = 'shop' AND version = sqlc.arg(seen);

-- name: CatalogVersionBump :exec
UPDATE catalog_versions SET version = version + 1 WHERE id = 'shop';

-- name: CatalogItems :many
SELECT id, upstream, class, ref, kind, category, name, description, billing, requires_domain,
    requires_target_url, transfer_supported, attributes, withdrawn_at, created_at, updated_at
FROM catalog_items WHERE upstream = sqlc.arg(upstream) ORDER BY id;

-- name: CatalogItemInsert :exec
INSERT INTO catalog_items (id, upstream, class, ref, kind, category, name, description, billing,
    requires_domain, requires_target_url, transfer_supported, attributes, withdrawn_at, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(upstream), sqlc.arg(class), sqlc.arg(ref), sqlc.arg(kind), sqlc.arg(category),
    sqlc.arg(name), sqlc.arg(description), sqlc.arg(billing), sqlc.arg(requires_domain),
    sqlc.arg(requires_target_url), sqlc.arg(transfer_supported), sqlc.arg(attributes), 0, sqlc.arg(created_at), sqlc.arg(created_at));

-- name: CatalogItemUpdate :exec
UPDATE catalog_items SET kind = sqlc.arg(kind), category = sqlc.arg(category), name = sqlc.arg(name),
    description = sqlc.arg(description), billing = sqlc.arg(billing), requires_domain = sqlc.arg(requires_domain),
    requires_target_url = sqlc.arg(requires_target_url), transfer_supported = sqlc.arg(transfer_supported), attributes = sqlc.arg(attributes),
    withdrawn_at = sqlc.arg(withdrawn_at), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- name: CatalogPrices :many
SELECT p.id, p.item_id, p.cycle, p.currency, p.cost, p.list, p.assumed, p.offered, p.held, p.held_cost,
    p.created_at, p.updated_at
FROM catalog_prices p JOIN catalog_items i ON i.id = p.item_id
WHERE i.upstream = sqlc.arg(upstream);

-- name: CatalogPriceInsert :exec
INSERT INTO catalog_prices (id, item_id, cycle, currency, cost, list, assumed, offered, held, held_cost,
    created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(item_id), sqlc.arg(cycle), sqlc.arg(currency), sqlc.narg(cost), sqlc.narg(list),
    sqlc.arg(assumed), sqlc.arg(offered), '', NULL, sqlc.arg(created_at), sqlc.arg(created_at));

-- name: CatalogPriceUpdate :exec
UPDATE catalog_prices SET cost = sqlc.narg(cost), list = sqlc.narg(list), assumed = sqlc.arg(assumed),
    offered = sqlc.arg(offered), held = sqlc.arg(held), held_cost = sqlc.narg(held_cost),
    updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- CatalogPriceConfirm accepts a held cost; 0 rows means that it is not held at
-- what the operator saw.
-- name: CatalogPriceConfirm :execrows
UPDATE catalog_prices SET cost = held_cost, held = '', held_cost = NULL, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND held <> '' AND held_cost = sqlc.arg(seen);

-- name: CatalogHeld :many
SELECT p.id, p.item_id, p.cycle, p.currency, p.cost, p.held, p.held_cost, p.updated_at,
    i.upstream, i.class, i.ref, i.name
FROM catalog_prices p JOIN catalog_items i ON i.id = p.item_id
WHERE p.held <> '' AND p.id > sqlc.arg(after)
ORDER BY p.id LIMIT sqlc.arg(row_limit);

-- name: CatalogHeldByID :one
SELECT p.id, p.item_id, p.cycle, p.currency, p.cost, p.held, p.held_cost, p.updated_at,
    i.upstream, i.class, i.ref, i.name
FROM catalog_prices p JOIN catalog_items i ON i.id = p.item_id
WHERE p.id = sqlc.arg(id) AND p.held <> '';

-- CatalogHeldLeft is one held price of a direction, or none: an alarm is cleared
-- when none is left.
-- name: CatalogHeldLeft :many
SELECT p.id FROM catalog_prices p JOIN catalog_items i ON i.id = p.item_id
WHERE p.held <> '' AND p.held = sqlc.arg(held) AND i.upstream = sqlc.arg(upstream) AND i.withdrawn_at = 0
LIMIT 1;

-- name: CatalogHistoryInsert :exec
INSERT INTO catalog_price_history (id, subject, action, cycle, reason, currency, old_cost, new_cost, new_list, noted_at)
VALUES (sqlc.arg(id), sqlc.arg(subject), sqlc.arg(action), sqlc.arg(cycle), sqlc.arg(reason), sqlc.arg(currency),
    sqlc.narg(old_cost), sqlc.narg(new_cost), sqlc.narg(new_list), sqlc.arg(noted_at));

-- name: CatalogHistory :many
SELECT id, subject, action, cycle, reason, currency, old_cost, new_cost, new_list, noted_at
FROM catalog_price_history
WHERE subject = sqlc.arg(subject) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(row_limit);

-- name: CatalogCosts :many
SELECT tld, action, currency, cost, updated_at FROM catalog_costs
WHERE upstream = sqlc.arg(upstream) ORDER BY tld, action;

-- name: CatalogCost :many
SELECT tld, action, currency, cost, updated_at FROM catalog_costs
WHERE upstream = sqlc.arg(upstream) AND tld = sqlc.arg(tld) AND action = sqlc.arg(action);

-- name: CatalogCostPut :exec
INSERT INTO catalog_costs (upstream, tld, action, currency, cost, updated_at)
VALUES (sqlc.arg(upstream), sqlc.arg(tld), sqlc.arg(action), sqlc.arg(currency), sqlc.arg(cost), sqlc.arg(updated_at))
ON CONFLICT (upstream, tld, action) DO UPDATE SET
    currency = excluded.currency, cost = excluded.cost, updated_at = excluded.updated_at;

-- name: CatalogCostDelete :execrows
DELETE FROM catalog_costs
WHERE upstream = sqlc.arg(upstream) AND tld = sqlc.arg(tld) AND action = sqlc.arg(action);

-- name: CatalogRules :many
SELECT id, scope, target, action, cycle, premium, method, value, ending, step, min_margin, created_at,
    intro_periods, intro_method, intro_value, intro_once
FROM catalog_rules ORDER BY id;

-- name: CatalogRulesDelete :exec
DELETE FROM catalog_rules;

-- name: CatalogRuleInsert :exec
INSERT INTO catalog_rules (id, scope, target, action, cycle, premium, method, value, ending, step, min_margin, intro_periods,
    intro_method, intro_value, intro_once, created_at)
VALUES (sqlc.arg(id), sqlc.arg(scope), sqlc.arg(target), sqlc.arg(action), sqlc.arg(cycle), sqlc.arg(premium),
    sqlc.arg(method), sqlc.arg(value), sqlc.arg(ending), sqlc.arg(step), sqlc.arg(min_margin),
    sqlc.arg(intro_periods), sqlc.arg(intro_method), sqlc.arg(intro_value), sqlc.arg(intro_once), sqlc.arg(created_at));

-- name: CatalogSync :many
SELECT upstream, synced_at, failed_at, failure FROM catalog_syncs WHERE upstream = sqlc.arg(upstream);

-- name: CatalogSyncSucceeded :exec
INSERT INTO catalog_syncs (upstream, synced_at, failed_at, failure)
VALUES (sqlc.arg(upstream), sqlc.arg(synced_at), 0, '')
ON CONFLICT (upstream) DO UPDATE SET synced_at = excluded.synced_at, failed_at = 0, failure = '';

-- name: CatalogSyncFailed :exec
INSERT INTO catalog_syncs (upstream, synced_at, failed_at, failure)
VALUES (sqlc.arg(upstream), 0, sqlc.arg(failed_at), sqlc.arg(failure))
ON CONFLICT (upstream) DO UPDATE SET failed_at = excluded.failed_at, failure = excluded.failure;
