-- +goose Up

-- Is the same name being hosted for somebody already?
CREATE INDEX deliveries_pending_by_domain ON deliveries (domain, id) WHERE state = 'pending';

-- Auth codes that are still kept, and carts that nobody ordered: both are forgotten in time.
CREATE INDEX deliveries_with_code ON deliveries (task_id) WHERE auth_code_sealed <> '';
CREATE INDEX quotes_not_ordered ON quotes (expires_at) WHERE order_id = '';
