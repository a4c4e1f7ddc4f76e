-- AgreeServices pages what customers have at an upstream, with whether it goes on.
-- name: AgreeServices :many
SELECT s.id, s.customer_id, s.subscription_id, s.kind, s.name, s.site_id, s.expires_at, s.lapse_at, s.created_at,
    CAST(coalesce(u.state, '') AS TEXT) AS subscription_state, CAST(coalesce(u.cancel_at, 0) AS BIGINT) AS cancel_until
FROM services s LEFT JOIN subscriptions u ON u.id = s.subscription_id
WHERE s.upstream = sqlc.arg(upstream) AND s.state IN ('pending', 'active', 'suspended') AND s.id > sqlc.arg(after)
ORDER BY s.id LIMIT sqlc.arg(max_rows);

-- AgreeServiceNow is one of them as it is now.
-- name: AgreeServiceNow :one
SELECT s.id, s.customer_id, s.subscription_id, s.kind, s.name, s.site_id, s.expires_at, s.lapse_at, s.created_at, s.state,
    CAST(coalesce(u.state, '') AS TEXT) AS subscription_state, CAST(coalesce(u.cancel_at, 0) AS BIGINT) AS cancel_until
FROM services s LEFT JOIN subscriptions u ON u.id = s.subscription_id
WHERE s.id = sqlc.arg(id);

-- AgreeNameHolders are the services of a name, the latest first.
-- name: AgreeNameHolders :many
SELECT id, customer_id, state FROM services
WHERE name = sqlc.arg(name) AND kind = 'domain' AND upstream = sqlc.arg(upstream) ORDER BY id DESC LIMIT 5;

-- AgreeSiteHolders are the services of a site, the latest first.
-- name: AgreeSiteHolders :many
SELECT id, customer_id, state FROM services
WHERE site_id = sqlc.arg(site_id) AND site_id <> '' AND upstream = sqlc.arg(upstream) ORDER BY id DESC LIMIT 5;

-- AgreeUnderWay tells whether a name is being delivered.
-- name: AgreeUnderWay :many
SELECT id FROM deliveries WHERE domain = sqlc.arg(domain) AND state = 'pending' LIMIT 1;

-- name: UpstreamIgnoredAll :many
SELECT upstream, kind, subject, note, created_at FROM upstream_ignored
WHERE upstream = sqlc.arg(upstream)
ORDER BY kind, subject;

-- name: UpstreamIgnoredPage :many
SELECT upstream, kind, subject, note, created_at FROM upstream_ignored
WHERE (kind > sqlc.arg(after_kind) OR (kind = sqlc.arg(after_kind) AND subject > sqlc.arg(after_subject)))
ORDER BY kind, subject LIMIT sqlc.arg(max_rows);

-- name: UpstreamIgnoredInsert :execrows
INSERT INTO upstream_ignored (upstream, kind, subject, note, created_at)
VALUES (sqlc.arg(upstream), sqlc.arg(kind), sqlc.arg(subject), sqlc.arg(note), sqlc.arg(created_at))
ON CONFLICT DO NOTHING;

-- name: UpstreamIgnoredDelete :execrows
DELETE FROM upstream_ignored WHERE upstream = sqlc.arg(upstream) AND kind = sqlc.arg(kind) AND subject = sqlc.arg(subject);

-- name: DomainHoldInsert :execrows
INSERT INTO domain_holds (id, service_id, customer_id, hold, status, since_at)
VALUES (sqlc.arg(id), sqlc.arg(service_id), sqlc.arg(customer_id), sqlc.arg(hold), sqlc.arg(status), sqlc.arg(since_at))
ON CONFLICT DO NOTHING;

-- name: DomainHoldEnd :execrows
UPDATE domain_holds SET ended_at = sqlc.arg(ended_at) WHERE service_id = sqlc.arg(service_id) AND ended_at = 0;

-- name: DomainHoldOpen :one
SELECT id, service_id, customer_id, hold, status, since_at, ended_at FROM domain_holds
WHERE service_id = sqlc.arg(service_id) AND ended_at = 0;

-- name: DomainHoldsOfCustomer :many
SELECT id, service_id, customer_id, hold, status, since_at, ended_at FROM domain_holds
WHERE customer_id = sqlc.arg(customer_id) AND ended_at = 0 ORDER BY id;

-- DomainHoldsOpen pages the holds that last.
-- name: DomainHoldsOpen :many
SELECT id, service_id, customer_id, hold, status, since_at, ended_at FROM domain_holds
WHERE ended_at = 0 AND service_id > sqlc.arg(after) ORDER BY service_id LIMIT sqlc.arg(max_rows);
