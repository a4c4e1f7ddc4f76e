-- name: SettingByName :one
SELECT name, value, updated_at FROM settings WHERE name = ?;

-- name: SettingPut :exec
INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;

-- SettingInsert writes the setting only where there is none: 0 rows means
-- another was first.
-- name: SettingInsert :execrows
INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO NOTHING;

-- SettingSwap is a compare-and-set: 0 rows means that the value is not what the
-- caller read.
-- name: SettingSwap :execrows
UPDATE settings SET value = sqlc.arg(new_value), updated_at = sqlc.arg(updated_at)
WHERE name = sqlc.arg(name) AND value = sqlc.arg(old_value);

-- name: SettingDelete :execrows
DELETE FROM settings WHERE name = ?;
