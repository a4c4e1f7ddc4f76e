-- How many rows the ledger has: it only grows, so that a copy never has fewer than there were.
-- name: BackupLedgerRows :one
SELECT CAST(coalesce(sum(1), 0) AS BIGINT) AS n FROM ledger_entries;
