-- +goose Up

-- The credit notes that wrote the amount of a lost dispute off: one for each invoice that stood for
-- what its payment had paid. Was one, in the dispute's row.
CREATE TABLE dispute_notes (
    note_id    TEXT PRIMARY KEY REFERENCES invoices (id),
    dispute_id TEXT NOT NULL REFERENCES disputes (id)
);
INSERT INTO dispute_notes (note_id, dispute_id) SELECT note_id, id FROM disputes WHERE note_id <> '';
CREATE INDEX dispute_notes_dispute ON dispute_notes (dispute_id);
ALTER TABLE disputes DROP COLUMN note_id;
