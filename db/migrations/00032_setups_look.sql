-- +goose Up

-- The setups that are open, in the order in which they are read: few of all there ever were.
DROP INDEX method_setups_open;
CREATE INDEX method_setups_open ON method_setups (id, check_at) WHERE (state = 'pending' OR state = 'requires_action' OR state = 'processing');
