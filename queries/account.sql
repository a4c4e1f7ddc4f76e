-- name: CustomerInsert :execrows
-- CustomerInsert writes nothing (0 rows) when the mail address is taken.
INSERT INTO customers (id, email, email_lower, password_hash, first_name, last_name, company, street, house_number,
    postcode, city, country, phone, vat_id, vat_status, locale, created_at, updated_at)
VALUES (sqlc.arg(id), sqlc.arg(email), sqlc.arg(email_lower), sqlc.arg(password_hash), sqlc.arg(first_name), sqlc.arg(last_name),
    sqlc.arg(company), sqlc.arg(street), sqlc.arg(house_number), sqlc.arg(postcode), sqlc.arg(city), sqlc.arg(country),
    sqlc.arg(phone), sqlc.arg(vat_id), sqlc.arg(vat_status), sqlc.arg(locale), sqlc.arg(created_at), sqlc.arg(updated_at))
ON CONFLICT (email_lower) DO NOTHING;

-- name: CustomerByID :one
SELECT id, email, email_lower, email_confirmed_at, password_hash, first_name, last_name, company, street, house_number,
    postcode, city, country, phone, vat_id, vat_status, locale, no_automatic_payment, no_invoicing, no_suspension,
    created_at, updated_at, written_off
FROM customers WHERE id = sqlc.arg(id);

-- name: CustomerByEmail :one
SELECT id, email, email_lower, email_confirmed_at, password_hash, first_name, last_name, company, street, house_number,
    postcode, city, country, phone, vat_id, vat_status, locale, no_automatic_payment, no_invoicing, no_suspension,
    created_at, updated_at, written_off
FROM customers WHERE email_lower = sqlc.arg(email_lower);

-- name: CustomerList :many
SELECT id, email, email_lower, email_confirmed_at, password_hash, first_name, last_name, company, street, house_number,
    postcode, city, country, phone, vat_id, vat_status, locale, no_automatic_payment, no_invoicing, no_suspension,
    created_at, updated_at, written_off
FROM customers WHERE id > sqlc.arg(after_id) ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: CustomerSetDetails :execrows
UPDATE customers SET first_name = sqlc.arg(first_name), last_name = sqlc.arg(last_name), company = sqlc.arg(company),
    street = sqlc.arg(street), house_number = sqlc.arg(house_number), postcode = sqlc.arg(postcode), city = sqlc.arg(city),
    country = sqlc.arg(country), phone = sqlc.arg(phone), vat_id = sqlc.arg(vat_id), vat_status = sqlc.arg(vat_status),
    locale = sqlc.arg(locale), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- name: CustomerSetVATStatus :execrows
UPDATE customers SET vat_status = sqlc.arg(vat_status), updated_at = sqlc.arg(updated_at) WHERE id = sqlc.arg(id);

-- name: CustomerSetFlags :execrows
UPDATE customers SET no_automatic_payment = sqlc.arg(no_automatic_payment), no_invoicing = sqlc.arg(no_invoicing),
    no_suspension = sqlc.arg(no_suspension), written_off = sqlc.arg(written_off), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- name: CustomerSetPassword :execrows
-- CustomerSetPassword compares and sets: 0 rows means that the password is no
-- longer the one the caller read.
UPDATE customers SET password_hash = sqlc.arg(password_hash), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND password_hash = sqlc.arg(old_hash);

-- name: CustomerConfirmEmail :execrows
UPDATE customers SET email_confirmed_at = sqlc.arg(confirmed_at), password_hash = sqlc.arg(password_hash), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- name: SessionInsert :exec
INSERT INTO account_sessions (id, customer_id, address, created_at, expires_at)
VALUES (sqlc.arg(id), sqlc.arg(customer_id), sqlc.arg(address), sqlc.arg(created_at), sqlc.arg(expires_at));

-- name: SessionByID :one
SELECT id, customer_id, address, created_at, expires_at, revoked_at FROM account_sessions WHERE id = sqlc.arg(id);

-- name: SessionRevoke :execrows
UPDATE account_sessions SET revoked_at = sqlc.arg(revoked_at) WHERE id = sqlc.arg(id) AND revoked_at = 0;

-- name: SessionRevokeAll :execrows
UPDATE account_sessions SET revoked_at = sqlc.arg(revoked_at) WHERE customer_id = sqlc.arg(customer_id) AND revoked_at = 0;

-- name: SessionDeleteExpired :execrows
-- SessionDeleteExpired takes the refresh tokens along.
DELETE FROM account_sessions WHERE id IN (
    SELECT s.id FROM account_sessions s WHERE s.expires_at < sqlc.arg(before_at) ORDER BY s.expires_at LIMIT sqlc.arg(max_rows));

-- name: RefreshTokenInsert :exec
INSERT INTO account_refresh_tokens (token_hash, session_id, created_at, expires_at)
VALUES (sqlc.arg(token_hash), sqlc.arg(session_id), sqlc.arg(created_at), sqlc.arg(expires_at));

-- name: RefreshTokenByHash :one
SELECT token_hash, session_id, created_at, expires_at, used_at FROM account_refresh_tokens WHERE token_hash = sqlc.arg(token_hash);

-- name: RefreshTokenUse :execrows
-- RefreshTokenUse is won by one of two that try it at once.
UPDATE account_refresh_tokens SET used_at = sqlc.arg(used_at) WHERE token_hash = sqlc.arg(token_hash) AND used_at = 0;

-- name: AccountLinkInsert :exec
INSERT INTO account_links (token_hash, customer_id, purpose, created_at, expires_at)
VALUES (sqlc.arg(token_hash), sqlc.arg(customer_id), sqlc.arg(purpose), sqlc.arg(created_at), sqlc.arg(expires_at));

-- name: AccountLinkByHash :one
SELECT token_hash, customer_id, purpose, created_at, expires_at, used_at FROM account_links WHERE token_hash = sqlc.arg(token_hash);

-- name: AccountLinkUse :execrows
UPDATE account_links SET used_at = sqlc.arg(used_at)
WHERE token_hash = sqlc.arg(token_hash) AND purpose = sqlc.arg(purpose) AND used_at = 0 AND expires_at > sqlc.arg(used_at);

-- name: AccountLinkUseAll :execrows
UPDATE account_links SET used_at = sqlc.arg(used_at)
WHERE customer_id = sqlc.arg(customer_id) AND purpose = sqlc.arg(purpose) AND used_at = 0;

-- name: AccountLinkDeleteExpired :execrows
DELETE FROM account_links WHERE token_hash IN (
    SELECT l.token_hash FROM account_links l WHERE l.expires_at < sqlc.arg(before_at) ORDER BY l.expires_at LIMIT sqlc.arg(max_rows));

-- name: RegistrantInsert :execrows
-- RegistrantInsert writes nothing (0 rows) when the customer has one of the same content.
INSERT INTO registrants (id, customer_id, fingerprint, type, first_name, last_name, company, company_number, email, phone,
    street, house_number, postcode, city, country, created_at)
VALUES (sqlc.arg(id), sqlc.arg(customer_id), sqlc.arg(fingerprint), sqlc.arg(type), sqlc.arg(first_name), sqlc.arg(last_name),
    sqlc.arg(company), sqlc.arg(company_number), sqlc.arg(email), sqlc.arg(phone), sqlc.arg(street), sqlc.arg(house_number),
    sqlc.arg(postcode), sqlc.arg(city), sqlc.arg(country), sqlc.arg(created_at))
ON CONFLICT (customer_id, fingerprint) DO NOTHING;

-- name: RegistrantIDByFingerprint :one
SELECT id FROM registrants WHERE customer_id = sqlc.arg(customer_id) AND fingerprint = sqlc.arg(fingerprint);

-- name: RegistrantByID :one
SELECT id, customer_id, fingerprint, type, first_name, last_name, company, company_number, email, phone, street,
    house_number, postcode, city, country, created_at
FROM registrants WHERE id = sqlc.arg(id);

-- name: RegistrantHandleByUpstream :one
SELECT handle FROM registrant_handles WHERE registrant_id = sqlc.arg(registrant_id) AND upstream = sqlc.arg(upstream);

-- name: RegistrantHandleInsert :execrows
INSERT INTO registrant_handles (registrant_id, upstream, handle, created_at)
VALUES (sqlc.arg(registrant_id), sqlc.arg(upstream), sqlc.arg(handle), sqlc.arg(created_at))
ON CONFLICT (registrant_id, upstream) DO NOTHING;

-- name: AdminInsert :execrows
INSERT INTO admins (id, email, email_lower, role, token_hash, created_at)
VALUES (sqlc.arg(id), sqlc.arg(email), sqlc.arg(email_lower), sqlc.arg(role), sqlc.arg(token_hash), sqlc.arg(created_at))
ON CONFLICT (email_lower) DO NOTHING;

-- name: AdminByTokenHash :one
SELECT id, email, email_lower, role, token_hash, created_at, disabled_at FROM admins WHERE token_hash = sqlc.arg(token_hash);

-- name: AdminByEmail :one
SELECT id, email, email_lower, role, token_hash, created_at, disabled_at FROM admins WHERE email_lower = sqlc.arg(email_lower);

-- name: AdminList :many
SELECT id, email, email_lower, role, token_hash, created_at, disabled_at FROM admins
WHERE id > sqlc.arg(after_id) ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: AdminSetToken :execrows
UPDATE admins SET token_hash = sqlc.arg(token_hash), disabled_at = 0 WHERE email_lower = sqlc.arg(email_lower);

-- name: AdminDisable :execrows
UPDATE admins SET disabled_at = sqlc.arg(disabled_at) WHERE email_lower = sqlc.arg(email_lower) AND disabled_at = 0;

-- name: AuditInsert :exec
INSERT INTO audit_entries (id, admin_id, action, subject, before_doc, after_doc, address, created_at)
VALUES (sqlc.arg(id), sqlc.arg(admin_id), sqlc.arg(action), sqlc.arg(subject), sqlc.arg(before_doc), sqlc.arg(after_doc),
    sqlc.arg(address), sqlc.arg(created_at));

-- name: AuditList :many
-- AuditList gives the newest first, from before an id on.
SELECT id, admin_id, action, subject, before_doc, after_doc, address, created_at FROM audit_entries
WHERE (CAST(sqlc.arg(before_id) AS TEXT) = '' OR id < sqlc.arg(before_id))
    AND (CAST(sqlc.arg(subject) AS TEXT) = '' OR subject = sqlc.arg(subject))
ORDER BY id DESC LIMIT sqlc.arg(max_rows);
