package account

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hostfront/db"
)

// AuditEntry is one change made by staff: who (empty AdminID: the command line),
// what ("customer.set_flags"), on what, and how it was before and after. Before
// and After are anything that marshals to JSON when written and json.RawMessage
// when read; members that look like secrets are blotted out.
type AuditEntry struct {
	ID, AdminID, Action, Subject string
	Before, After                any
	// Address is the client's.
	Address string
	At      time.Time
}

// Audit writes an entry, in the transaction that makes the change. Entries are
// never changed or deleted.
func (a *Accounts) Audit(ctx context.Context, q *db.Queries, e AuditEntry) error {
	before, err := auditDoc(e.Before)
	if err != nil {
		return fmt.Errorf("audit %s of %s: %w", e.Action, e.Subject, err)
	}
	after, err := auditDoc(e.After)
	if err != nil {
		return fmt.Errorf("audit %s of %s: %w", e.Action, e.Subject, err)
	}
	err = q.AuditInsert(ctx, db.AuditInsertParams{
		ID: a.store.NewID("aud"), AdminID: e.AdminID, Action: e.Action, Subject: e.Subject,
		BeforeDoc: before, AfterDoc: after, Address: e.Address, CreatedAt: db.At(a.clock.Now()),
	})
	if err != nil {
		return fmt.Errorf("audit %s of %s: %w", e.Action, e.Subject, err)
	}
	return nil
}

// AuditLog gives the newest entries first; next is the cursor of the page that
// follows, empty on the last.
func (a *Accounts) AuditLog(ctx context.Context, cursor string, limit int) (entries []AuditEntry, next string, err error) {
	return a.AuditTrail(ctx, "", cursor, limit)
}

// AuditTrail is AuditLog of one subject.
func (a *Accounts) AuditTrail(ctx context.Context, subject, cursor string, limit int) (entries []AuditEntry, next string, err error) {
	limit = pageSize(limit)
	rows, err := a.store.Read().AuditList(ctx, db.AuditListParams{BeforeID: cursor, Subject: subject, MaxRows: int64(limit) + 1})
	if err != nil {
		return nil, "", fmt.Errorf("list audit log: %w", err)
	}
	if len(rows) > limit {
		rows, next = rows[:limit], rows[limit-1].ID
	}
	entries = make([]AuditEntry, len(rows))
	for i, r := range rows {
		entries[i] = AuditEntry{
			ID: r.ID, AdminID: r.AdminID, Action: r.Action, Subject: r.Subject, Before: json.RawMessage(r.BeforeDoc),
			After: json.RawMessage(r.AfterDoc), Address: r.Address, At: r.CreatedAt.Time(),
		}
	}
	return entries, next, nil
}

// auditDoc marshals a value without its secrets. Numbers keep their digits.
func auditDoc(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		return "", err
	}
	clean, err := json.Marshal(blot(doc))
	return string(clean), err
}

// secretWords are what the name of a secret member contains.
var secretWords = []string{"password", "secret", "token", "authcode", "apikey", "signingkey", "sealed"}

func blot(doc any) any {
	switch v := doc.(type) {
	case map[string]any:
		for name, member := range v {
			if isSecret(name) {
				v[name] = "(secret)"
				continue
			}
			v[name] = blot(member)
		}
	case []any:
		for i := range v {
			v[i] = blot(v[i])
		}
	}
	return doc
}

func isSecret(name string) bool {
	folded := strings.ReplaceAll(strings.ToLower(name), "_", "")
	for _, word := range secretWords {
		if strings.Contains(folded, word) {
			return true
		}
	}
	return false
}
