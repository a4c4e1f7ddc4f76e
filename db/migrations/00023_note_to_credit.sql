-- +goose Up

-- Credit notes over disputed money that becomes the customer's credit, and not money again, when the
-- dispute is won.
CREATE TABLE notes_to_credit (
    note_id TEXT PRIMARY KEY REFERENCES invoices (id)
);
