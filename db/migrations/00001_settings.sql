-- +goose Up
-- What the shop remembers about itself: the demo clock's offset, the version of
-- the published catalogue. One row a name.
CREATE TABLE settings (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at BIGINT NOT NULL CHECK (updated_at >= 0)
);
