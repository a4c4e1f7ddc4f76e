-- name: InvoiceInsert :exec
INSERT INTO invoices (id, document, kind, state, customer_id, subject, corrects_id, currency, net, vat, gross,
    vat_kind, vat_country, vat_rate, vat_note, seller, buyer, reason, issued_at, due_at, expires_at, purpose)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: InvoiceLineInsert :exec
INSERT INTO invoice_lines (id, invoice_id, position, description, subject, subscription_id, corrects_line_id,
    net, vat, vat_rate, cost, start_at, end_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: InvoiceByID :one
SELECT id, document, kind, state, customer_id, subject, corrects_id, series, number, number_text, currency, net, vat,
    gross, paid, vat_kind, vat_country, vat_rate, vat_note, seller, buyer, reason, issued_at, due_at, expires_at,
    numbered_at, paid_at, void_at, overdue_at, purpose, reopened_at
FROM invoices WHERE id = ?;

-- name: InvoicesBySubject :many
SELECT id, document, kind, state, customer_id, subject, corrects_id, series, number, number_text, currency, net, vat,
    gross, paid, vat_kind, vat_country, vat_rate, vat_note, seller, buyer, reason, issued_at, due_at, expires_at,
    numbered_at, paid_at, void_at, overdue_at, purpose, reopened_at
FROM invoices WHERE subject = ? ORDER BY id;

-- name: InvoiceCorrections :many
SELECT id, document, kind, state, customer_id, subject, corrects_id, series, number, number_text, currency, net, vat,
    gross, paid, vat_kind, vat_country, vat_rate, vat_note, seller, buyer, reason, issued_at, due_at, expires_at,
    numbered_at, paid_at, void_at, overdue_at, purpose, reopened_at
FROM invoices WHERE corrects_id = ? AND corrects_id <> '' AND document = 'credit_note' ORDER BY id;

-- The invoice that took the place of another, where one has.
-- name: InvoiceReplacements :many
SELECT id FROM invoices WHERE corrects_id = ? AND corrects_id <> '' AND document = 'invoice' ORDER BY id;

-- Newest first: an empty cursor goes through db.FromNewest.
-- name: InvoicesByCustomer :many
SELECT id, document, kind, state, customer_id, subject, corrects_id, series, number, number_text, currency, net, vat,
    gross, paid, vat_kind, vat_country, vat_rate, vat_note, seller, buyer, reason, issued_at, due_at, expires_at,
    numbered_at, paid_at, void_at, overdue_at, purpose, reopened_at
FROM invoices WHERE customer_id = sqlc.arg(customer_id) AND id >= sqlc.arg(oldest) AND id < sqlc.arg(before)
ORDER BY id DESC LIMIT sqlc.arg(page);

-- name: InvoicesPage :many
SELECT id, document, kind, state, customer_id, subject, corrects_id, series, number, number_text, currency, net, vat,
    gross, paid, vat_kind, vat_country, vat_rate, vat_note, seller, buyer, reason, issued_at, due_at, expires_at,
    numbered_at, paid_at, void_at, overdue_at, purpose, reopened_at
FROM invoices WHERE id >= sqlc.arg(oldest) AND id < sqlc.arg(before)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(page);

-- What a customer is to pay, apart from orders that they may still leave: a change of what they have is
-- charged by itself, as a renewal is.
-- name: InvoicesOwed :many
SELECT id FROM invoices
WHERE customer_id = ? AND document = 'invoice' AND state = 'open' AND paid < gross
    AND (kind <> 'sale' OR EXISTS (SELECT 1 FROM subscription_changes c
        WHERE c.invoice_id = invoices.id AND c.invoice_id <> '' AND c.state = 'pending'))
ORDER BY id;

-- name: InvoiceLines :many
SELECT id, invoice_id, position, description, subject, subscription_id, corrects_line_id, net, vat, vat_rate, cost,
    credited_net, credited_vat, start_at, end_at
FROM invoice_lines WHERE invoice_id = ? ORDER BY position;

-- Part of what is due has arrived: the invoice stays open.
-- name: InvoiceAddPaid :execrows
UPDATE invoices SET paid = sqlc.arg(new_paid)
WHERE id = sqlc.arg(id) AND state = 'open' AND paid = sqlc.arg(old_paid);

-- name: InvoiceSettle :execrows
UPDATE invoices SET state = 'paid', paid = gross, paid_at = sqlc.arg(paid_at), series = sqlc.arg(series),
    number = sqlc.arg(number), number_text = sqlc.arg(number_text), numbered_at = sqlc.arg(numbered_at)
WHERE id = sqlc.arg(id) AND state = 'open' AND paid = sqlc.arg(old_paid);

-- name: InvoiceNumber :execrows
UPDATE invoices SET series = sqlc.arg(series), number = sqlc.arg(number), number_text = sqlc.arg(number_text),
    numbered_at = sqlc.arg(numbered_at)
WHERE id = sqlc.arg(id) AND state = 'open' AND number = 0;

-- Only a document without a legal number is voided.
-- name: InvoiceVoid :execrows
UPDATE invoices SET state = 'void', void_at = sqlc.arg(void_at)
WHERE id = sqlc.arg(id) AND state = 'open' AND number = 0;

-- Given up as a bad debt: a document with its legal number stays in the books.
-- name: InvoiceUncollectible :execrows
UPDATE invoices SET state = 'uncollectible' WHERE id = sqlc.arg(id) AND state = 'open' AND number > 0;

-- name: InvoiceExtend :exec
UPDATE invoices SET expires_at = sqlc.arg(expires_at)
WHERE id = sqlc.arg(id) AND state = 'open' AND kind = 'sale' AND expires_at < sqlc.arg(expires_at);

-- name: InvoicesExpired :many
SELECT id FROM invoices
WHERE state = 'open' AND expires_at > 0 AND expires_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- Renewals of hosting that are not paid and whose period has begun while the site was kept. The
-- condition is the index's (invoices_unnumbered); what is due no later than its period begins.
-- name: InvoicesSupplied :many
SELECT i.id FROM invoices i
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.number = 0 AND i.due_at <= sqlc.arg(now_at) AND i.id > sqlc.arg(after)
    AND EXISTS (SELECT 1 FROM invoice_lines l JOIN subscriptions s ON s.id = l.subscription_id
        WHERE l.invoice_id = i.id AND l.start_at > 0 AND l.start_at <= sqlc.arg(now_at) AND s.kind = 'hosting'
            AND (s.state = 'active' OR s.state = 'past_due' OR s.state = 'cancelled' AND l.start_at < s.cancel_at))
ORDER BY i.id LIMIT sqlc.arg(page);

-- name: InvoicesOverdue :many
SELECT id FROM invoices
WHERE state = 'open' AND kind = 'renewal' AND overdue_at = 0 AND due_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: InvoiceMarkOverdue :execrows
UPDATE invoices SET overdue_at = sqlc.arg(now_at)
WHERE id = sqlc.arg(id) AND state = 'open' AND kind = 'renewal' AND overdue_at = 0;

-- A proforma whose VAT the buyer owes themselves: nothing but the net is due.
-- name: InvoiceUntaxed :execrows
UPDATE invoices SET vat = 0, gross = net, vat_kind = sqlc.arg(vat_kind), vat_country = sqlc.arg(vat_country),
    vat_rate = sqlc.arg(vat_rate), vat_note = sqlc.arg(vat_note), buyer = sqlc.arg(buyer)
WHERE id = sqlc.arg(id) AND state = 'open' AND number = 0 AND paid = 0;

-- name: InvoiceLinesUntaxed :exec
UPDATE invoice_lines SET vat = 0, vat_rate = sqlc.arg(vat_rate) WHERE invoice_id = sqlc.arg(invoice_id);

-- The guard keeps a line from being credited beyond what was charged.
-- name: InvoiceLineCredit :execrows
UPDATE invoice_lines SET credited_net = credited_net + sqlc.arg(net), credited_vat = credited_vat + sqlc.arg(vat)
WHERE id = sqlc.arg(id)
    AND ((net >= 0 AND credited_net + sqlc.arg(net) <= net AND credited_vat + sqlc.arg(vat) <= vat)
        OR (net < 0 AND credited_net + sqlc.arg(net) >= net AND credited_vat + sqlc.arg(vat) >= vat));

-- What the credit line of a change took of an older line is that line's again.
-- name: InvoiceLineRelease :execrows
UPDATE invoice_lines SET credited_net = credited_net - sqlc.arg(net), credited_vat = credited_vat - sqlc.arg(vat)
WHERE id = sqlc.arg(id) AND credited_net >= sqlc.arg(net) AND credited_vat >= sqlc.arg(vat);

-- name: InvoiceLineByID :one
SELECT id, invoice_id, position, description, subject, subscription_id, corrects_line_id, net, vat, vat_rate, cost,
    credited_net, credited_vat, start_at, end_at
FROM invoice_lines WHERE id = ?;

-- The credit lines of changes that are not paid yet and count on a line.
-- name: InvoiceLinesCounting :many
SELECT l.invoice_id AS invoice_id, CAST(0 - l.net AS BIGINT) AS net
FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
WHERE l.corrects_line_id = sqlc.arg(line_id) AND l.corrects_line_id <> ''
    AND i.document = 'invoice' AND i.state = 'open' AND i.number = 0 ORDER BY l.id;

-- What the credit lines of paid changes hold of the lines of an invoice: it pays what took their place.
-- name: InvoiceHeld :one
SELECT CAST(coalesce(sum(t.credited_net + t.credited_vat - t.net - t.vat), 0) AS BIGINT) AS held
FROM invoice_lines l JOIN invoice_lines t ON t.corrects_line_id = l.id AND t.corrects_line_id <> ''
JOIN invoices i ON i.id = t.invoice_id
WHERE l.invoice_id = sqlc.arg(invoice_id) AND i.document = 'invoice' AND i.number > 0;

-- The credit lines of a change that was not made take nothing of older ones.
-- name: InvoiceLinesUncounted :exec
UPDATE invoice_lines SET corrects_line_id = '' WHERE invoice_id = sqlc.arg(invoice_id);

-- The row is the lock of its series: take it last in a transaction.
-- name: NumberNext :one
INSERT INTO number_series (series, last_number) VALUES (?, 1)
ON CONFLICT (series) DO UPDATE SET last_number = number_series.last_number + 1
RETURNING last_number;

-- What a customer has not paid, oldest first.
-- name: InvoicesOpenOfCustomer :many
SELECT id FROM invoices
WHERE customer_id = sqlc.arg(customer_id) AND document = 'invoice' AND state = 'open' ORDER BY id;

-- A lost dispute has taken money of a paid invoice: that much is owed again.
-- name: InvoiceReopen :execrows
UPDATE invoices SET state = 'open', paid = paid - sqlc.arg(amount), paid_at = 0, overdue_at = 0, expires_at = 0,
    due_at = sqlc.arg(now_at), reopened_at = sqlc.arg(now_at)
WHERE id = sqlc.arg(id) AND state = 'paid' AND document = 'invoice' AND paid = sqlc.arg(old_paid);

-- name: InvoiceOweMore :execrows
UPDATE invoices SET paid = paid - sqlc.arg(amount)
WHERE id = sqlc.arg(id) AND state = 'open' AND document = 'invoice' AND paid = sqlc.arg(old_paid);
