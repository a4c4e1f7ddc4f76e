-- name: CrossBorderInsert :exec
INSERT INTO cross_border_sales (document_id, sold_year, net) VALUES (?, ?, ?);

-- name: CrossBorderTurnover :one
SELECT CAST(coalesce(sum(net), 0) AS BIGINT) AS net FROM cross_border_sales WHERE sold_year = ?;
