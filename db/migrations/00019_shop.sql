-- +goose Up

-- Whether the upstream's control panel keeps the DNS of a name, as it was last seen: such a zone is
-- read here and changed there. zone_at is when it was seen, 0 for never.
ALTER TABLE services ADD COLUMN zone_managed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE services ADD COLUMN zone_at BIGINT NOT NULL DEFAULT 0 CHECK (zone_at >= 0);
