package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// The roles of staff. An owner may do everything; staff everything but what
// costs or exposes the shop itself (api says which operations).
const (
	RoleOwner = "owner"
	RoleStaff = "staff"
)

// Admin is one of the shop's staff.
type Admin struct {
	ID, Email, Role string
	CreatedAt       time.Time
	Disabled        bool
}

// Owner is true for the role that may do everything.
func (a Admin) Owner() bool { return a.Role == RoleOwner }

// adminToken begins every admin token, so that one that leaked is recognised.
const adminToken = "hfa_"

// CreateAdmin makes an admin and gives the token, which is shown this once: only
// its hash is kept. Conflict admin_exists when the address has one.
func (a *Accounts) CreateAdmin(ctx context.Context, email, role string) (token string, err error) {
	fields := checkEmail("email", email)
	if role != RoleOwner && role != RoleStaff {
		fields = append(fields, fault.Field{Name: "role", Code: "invalid_role", Message: "The role is owner or staff."})
	}
	if len(fields) > 0 {
		return "", fault.InvalidFields(fields...)
	}
	token = adminToken + newSecret()
	row := db.AdminInsertParams{
		ID: a.store.NewID("adm"), Email: strings.TrimSpace(email), EmailLower: lowerEmail(email), Role: role,
		TokenHash: hashSecret(token), CreatedAt: db.At(a.clock.Now()),
	}
	err = a.store.Tx(ctx, func(q *db.Queries) error {
		made, err := q.AdminInsert(ctx, row)
		if err != nil {
			return err
		}
		if made == 0 {
			return fault.New(fault.Conflict, "admin_exists", "There is an admin with this mail address.")
		}
		return a.Audit(ctx, q, AuditEntry{Action: "admin.create", Subject: row.ID, After: map[string]string{"email": row.Email, "role": role}})
	})
	if err != nil {
		return "", fmt.Errorf("create admin: %w", err)
	}
	return token, nil
}

// RenewAdminToken gives an admin a new token in place of a lost or leaked one,
// and lets in one who was disabled.
func (a *Accounts) RenewAdminToken(ctx context.Context, email string) (token string, err error) {
	token = adminToken + newSecret()
	err = a.changeAdmin(ctx, email, "admin.renew_token", func(q *db.Queries) (int64, error) {
		return q.AdminSetToken(ctx, db.AdminSetTokenParams{TokenHash: hashSecret(token), EmailLower: lowerEmail(email)})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// DisableAdmin ends an admin's access at once.
func (a *Accounts) DisableAdmin(ctx context.Context, email string) error {
	now := db.At(a.clock.Now())
	return a.changeAdmin(ctx, email, "admin.disable", func(q *db.Queries) (int64, error) {
		return q.AdminDisable(ctx, db.AdminDisableParams{DisabledAt: now, EmailLower: lowerEmail(email)})
	})
}

func (a *Accounts) changeAdmin(ctx context.Context, email, action string, change func(q *db.Queries) (int64, error)) error {
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		row, err := q.AdminByEmail(ctx, lowerEmail(email))
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "not_found", "There is no admin with this mail address.")
		}
		if err != nil {
			return err
		}
		changed, err := change(q)
		if err != nil || changed == 0 {
			return err
		}
		return a.Audit(ctx, q, AuditEntry{Action: action, Subject: row.ID})
	})
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return nil
}

// AuthenticateAdmin says whose admin token this is. Fault token_invalid.
func (a *Accounts) AuthenticateAdmin(ctx context.Context, token string) (Admin, error) {
	row, err := a.store.Read().AdminByTokenHash(ctx, hashSecret(token))
	if errors.Is(err, sql.ErrNoRows) || (err == nil && !row.DisabledAt.IsZero()) {
		return Admin{}, fault.New(fault.Unauthenticated, "token_invalid", "The admin token is not valid.")
	}
	if err != nil {
		return Admin{}, fmt.Errorf("read admin: %w", err)
	}
	return adminOf(row), nil
}

// Admins lists the staff, in the order they were made.
func (a *Accounts) Admins(ctx context.Context) ([]Admin, error) {
	rows, err := a.store.Read().AdminList(ctx, db.AdminListParams{MaxRows: maxPage})
	if err != nil {
		return nil, fmt.Errorf("list admins: %w", err)
	}
	admins := make([]Admin, len(rows))
	for i, r := range rows {
		admins[i] = adminOf(r)
	}
	return admins, nil
}

func adminOf(r db.Admin) Admin {
	return Admin{ID: r.ID, Email: r.Email, Role: r.Role, CreatedAt: r.CreatedAt.Time(), Disabled: !r.DisabledAt.IsZero()}
}
