-- +goose Up

-- The introduction of a price rule: for how many periods, the first included, a product is free, at a
-- part of its price or at a fixed one, and whether a customer has it once for a product. 0 periods is
-- none.
ALTER TABLE catalog_rules ADD COLUMN intro_periods BIGINT NOT NULL DEFAULT 0 CHECK (intro_periods = intro_periods + 0 AND intro_periods >= 0);
ALTER TABLE catalog_rules ADD COLUMN intro_method TEXT NOT NULL DEFAULT '' CHECK (intro_method = '' OR intro_method = 'free' OR intro_method = 'percent' OR intro_method = 'fixed');
ALTER TABLE catalog_rules ADD COLUMN intro_value TEXT NOT NULL DEFAULT '0';
ALTER TABLE catalog_rules ADD COLUMN intro_once BOOLEAN NOT NULL DEFAULT FALSE;

-- A line that was sold with one. Its first period is at net_minor less the set-up, as are the others
-- of the introduction.
ALTER TABLE quote_lines ADD COLUMN intro_periods BIGINT NOT NULL DEFAULT 0 CHECK (intro_periods = intro_periods + 0 AND intro_periods >= 0);
ALTER TABLE quote_lines ADD COLUMN intro_once BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE order_lines ADD COLUMN intro_periods BIGINT NOT NULL DEFAULT 0 CHECK (intro_periods = intro_periods + 0 AND intro_periods >= 0);
ALTER TABLE deliveries ADD COLUMN intro_periods BIGINT NOT NULL DEFAULT 0 CHECK (intro_periods = intro_periods + 0 AND intro_periods >= 0);
ALTER TABLE deliveries ADD COLUMN intro_net_minor BIGINT NOT NULL DEFAULT 0 CHECK (intro_net_minor = intro_net_minor + 0 AND intro_net_minor >= 0);
