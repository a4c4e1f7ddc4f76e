package app

import (
	"context"
	"fmt"
	"strings"

	"hostfront/catalog"
	"hostfront/db"
	"hostfront/event"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// tellPermission rings the alarm of a permission that LJPc's key lacks, or closes it.
func (a *App) tellPermission(ctx context.Context, permission string, missing bool) error {
	subject := permissionSubject + permission
	err := a.Store.Tx(context.WithoutCancel(ctx), func(q *db.Queries) error {
		if !missing {
			return a.Events.Clear(ctx, q, upstream.AlarmPermission, subject)
		}
		return a.Events.Tell(ctx, q, event.Alarm{Code: upstream.AlarmPermission, Subject: subject, Message: fmt.Sprintf(
			"LJPc's key was refused for want of the permission %q: what needs it is off, the rest works. Have LJPc add it; this closes when a call that needs it works.", permission)})
	})
	if err != nil {
		a.log.Error("alarm about a permission not kept", "permission", permission, "error", err)
	}
	return err
}

// permissionSubject begins the subject of an alarm about a permission; its name follows.
const permissionSubject = ljpc.Name + ": "

// recallPermissions tells the adapter what former processes and other replicas were refused, so
// that a permission which is there by now closes its alarm.
func (a *App) recallPermissions(ctx context.Context) error {
	open, err := a.Events.OpenOf(ctx, upstream.AlarmPermission)
	if err != nil {
		return err
	}
	var missing []string
	for _, alarm := range open {
		if permission, ours := strings.CutPrefix(alarm.Subject, permissionSubject); ours {
			missing = append(missing, permission)
		}
	}
	a.Upstream.Recall(missing)
	return nil
}

// syncCatalogue is the job catalog.sync. It begins with what other replicas have learnt of the
// key's permissions.
func (a *App) syncCatalogue(ctx context.Context) (catalog.SyncReport, error) {
	if err := a.recallPermissions(ctx); err != nil {
		return catalog.SyncReport{}, err
	}
	return a.Catalog.Sync(ctx, nil)
}
