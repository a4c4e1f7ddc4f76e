-- +goose Up

-- What is too little to be charged is carried to a customer's next invoice.
CREATE INDEX ledger_entries_carried ON ledger_entries (customer_id) WHERE account = 'carried';
CREATE INDEX ledger_entries_carried_invoice ON ledger_entries (invoice_id) WHERE account = 'carried';
