-- +goose Up

-- Numbered documents for EU consumers of other member states that were taxed at home, the
-- small seller's privilege: their turnover of a year is held against the threshold.
CREATE TABLE cross_border_sales (
    document_id TEXT PRIMARY KEY REFERENCES invoices (id),
    sold_year   BIGINT NOT NULL CHECK (sold_year = sold_year + 0),
    net         BIGINT NOT NULL CHECK (net = net + 0)
);
CREATE INDEX cross_border_sales_year ON cross_border_sales (sold_year, net);
