-- A dispute that is open freezes the dunning of its customer.
-- name: DisputeOpenOfCustomer :many
SELECT id FROM disputes WHERE customer_id = sqlc.arg(customer_id) AND state = 'open' ORDER BY id LIMIT 1;
