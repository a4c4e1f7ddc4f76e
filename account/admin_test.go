package account_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hostfront/account"
	"hostfront/db"
)

func TestAdminTokenIsShownOnceAndWorksUntilItIsRenewedOrDisabled(t *testing.T) {
	r := open(t)
	for name, token := range map[string]string{"empty": "", "garbage": "hfa_garbage"} {
		if _, err := r.AuthenticateAdmin(ctx, token); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	_, err := r.CreateAdmin(ctx, "nobody", "king")
	wantFields(t, err, map[string]string{"email": "invalid_email", "role": "invalid_role"})
	first, err := r.CreateAdmin(ctx, "Staff@shop.example", account.RoleStaff)
	must(t, err)
	_, err = r.CreateAdmin(ctx, "staff@SHOP.example", account.RoleOwner)
	wantCode(t, err, "admin_exists")
	who, err := r.AuthenticateAdmin(ctx, first)
	if err != nil || who.Role != account.RoleStaff || who.Owner() || who.Email != "Staff@shop.example" {
		t.Fatalf("authenticated as %+v, %v", who, err)
	}
	second, err := r.RenewAdminToken(ctx, "staff@shop.example")
	must(t, err)
	_, err = r.AuthenticateAdmin(ctx, first)
	wantCode(t, err, "token_invalid")
	_, err = r.AuthenticateAdmin(ctx, second)
	must(t, err)
	must(t, r.DisableAdmin(ctx, "staff@shop.example"))
	_, err = r.AuthenticateAdmin(ctx, second)
	wantCode(t, err, "token_invalid")
	wantCode(t, r.DisableAdmin(ctx, "nobody@shop.example"), "not_found")
	staff, err := r.Admins(ctx)
	if err != nil || len(staff) != 1 || !staff[0].Disabled {
		t.Errorf("staff are %+v, %v", staff, err)
	}
	entries, _, err := r.AuditLog(ctx, "", 10)
	must(t, err)
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
		doc, err := json.Marshal(e)
		must(t, err)
		if strings.Contains(string(doc), first) || strings.Contains(string(doc), second) {
			t.Error("the audit log holds a token")
		}
	}
	if strings.Join(actions, " ") != "admin.disable admin.renew_token admin.create" {
		t.Errorf("the audit log holds %v", actions)
	}
}

func TestAuditLogKeepsBeforeAndAfterWithoutSecrets(t *testing.T) {
	r := open(t)
	write := func(e account.AuditEntry) {
		must(t, r.store.Tx(ctx, func(q *db.Queries) error { return r.Audit(ctx, q, e) }))
	}
	write(account.AuditEntry{
		AdminID: "adm_1", Action: "gateway.change", Subject: "stripe", Address: "203.0.113.9",
		Before: map[string]any{"api_key": "sk_live_1", "minor": int64(9007199254740993)},
		After:  map[string]any{"list": []any{map[string]string{"webhook_secret": "whsec_1", "auth_code": "x1"}}},
	})
	write(account.AuditEntry{AdminID: "adm_1", Action: "other", Subject: "cus_1"})
	entries, _, err := r.AuditTrail(ctx, "stripe", "", 10)
	must(t, err)
	if len(entries) != 1 || entries[0].Address != "203.0.113.9" || entries[0].AdminID != "adm_1" || entries[0].At.IsZero() {
		t.Fatalf("entries are %+v", entries)
	}
	before, after := string(entries[0].Before.(json.RawMessage)), string(entries[0].After.(json.RawMessage))
	if before != `{"api_key":"(secret)","minor":9007199254740993}` || after != `{"list":[{"auth_code":"(secret)","webhook_secret":"(secret)"}]}` {
		t.Errorf("before is %s, after is %s", before, after)
	}
	page, next, err := r.AuditLog(ctx, "", 1)
	if err != nil || len(page) != 1 || page[0].Action != "other" || next != page[0].ID {
		t.Fatalf("first page is %+v, next %q, %v", page, next, err)
	}
	page, next, err = r.AuditLog(ctx, next, 1)
	if err != nil || len(page) != 1 || page[0].Action != "gateway.change" || next != "" {
		t.Errorf("second page is %+v, next %q, %v", page, next, err)
	}
}
