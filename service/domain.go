package service

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/net/idna"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// Login makes a URL that signs the customer in to the control panel, once. It is
// never kept or logged. Faults: action_not_available, login_not_available.
func (s *Services) Login(ctx context.Context, customerID, id string) (string, error) {
	row, a, err := s.can(ctx, customerID, id, ActionLogin)
	if err != nil {
		return "", err
	}
	url, err := a.signOn.LoginURL(ctx, row.SiteID)
	if err != nil {
		return "", degraded(err)
	}
	if url == "" {
		return "", fault.New(fault.Conflict, "login_not_available", "Signing in to this site is not possible at the moment.")
	}
	return url, nil
}

// AuthCode reads the code that lets the name be moved away: never kept or logged.
func (s *Services) AuthCode(ctx context.Context, customerID, id string) (string, error) {
	row, a, err := s.can(ctx, customerID, id, ActionAuthCode)
	if err != nil {
		return "", err
	}
	code, err := a.domains.AuthCode(ctx, row.Name)
	if err != nil {
		return "", degraded(err)
	}
	return code, nil
}

// Nameservers reads a name's nameservers as the upstream has them.
func (s *Services) Nameservers(ctx context.Context, customerID, id string) ([]string, error) {
	row, a, err := s.can(ctx, customerID, id, ActionNameservers)
	if err != nil {
		return nil, err
	}
	d, err := a.domains.Domain(ctx, row.Name)
	if err != nil {
		return nil, degraded(err)
	}
	return d.Nameservers, nil
}

type nameserversPayload struct {
	ServiceID   string   `json:"service_id"`
	Nameservers []string `json:"nameservers"`
}

// SetNameservers changes a name's nameservers and waits for the upstream's answer;
// pending is true when it has not come yet and the task goes on by itself.
func (s *Services) SetNameservers(ctx context.Context, customerID, id string, hosts []string) (pending bool, err error) {
	row, _, err := s.can(ctx, customerID, id, ActionNameservers)
	if err != nil {
		return false, err
	}
	hosts, err = hostnames(hosts)
	if err != nil {
		return false, err
	}
	t, err := s.runNow(ctx, task.Params{
		Kind: KindDomainUpdate, Subject: "nameservers:" + row.ID, Payload: nameserversPayload{ServiceID: row.ID, Nameservers: hosts},
	})
	return !t.State.Finished(), err
}

// hostnames checks nameservers: two to thirteen names of hosts, each once.
func hostnames(hosts []string) ([]string, error) {
	const least, most = 2, 13
	if len(hosts) < least || len(hosts) > most {
		return nil, fault.InvalidField("nameservers", "count", "A name needs %d to %d nameservers.", least, most)
	}
	seen := map[string]bool{}
	clean := make([]string, 0, len(hosts))
	for i, h := range hosts {
		ascii, err := hostname(h)
		if err != nil || !strings.Contains(ascii, ".") || seen[ascii] {
			return nil, fault.InvalidField(fmt.Sprintf("nameservers[%d]", i), "invalid", "This is not the name of a nameserver, or it is named twice.")
		}
		seen[ascii] = true
		clean = append(clean, ascii)
	}
	return clean, nil
}

// hostname is a host's name in lower-case A-labels.
func hostname(name string) (string, error) {
	return idna.Lookup.ToASCII(strings.TrimSuffix(strings.TrimSpace(name), "."))
}

// runNow commits a task and runs it while the customer waits. A task that ended
// otherwise than done is the customer's error.
func (s *Services) runNow(ctx context.Context, p task.Params) (task.Task, error) {
	var id string
	err := s.Store.Tx(ctx, func(q *db.Queries) error {
		var err error
		id, err = s.Tasks.Add(ctx, q, p)
		return err
	})
	if err != nil {
		return task.Task{}, err
	}
	t, err := s.Tasks.Run(ctx, id)
	if err != nil {
		return t, err
	}
	if t.State == task.Failed || t.State == task.ActionRequired {
		return t, fault.New(fault.Conflict, orElse(t.ErrorCode, "change_refused"), "%s", refusalText(t.ErrorCode))
	}
	return t, nil
}

// refusalText says to the customer why a change was refused: never in the upstream's
// own words.
func refusalText(code string) string {
	switch code {
	case CodeUnavailable:
		return "The supplier does not let this be changed from here at the moment. Nothing was changed."
	case "zone_managed":
		return "The hosting's control panel keeps the DNS of this name. Change it there."
	case "zone_changed":
		return "The DNS of this name has changed since it was read. Read it again."
	}
	return "The change was not accepted. Nothing was changed."
}

func orElse(code, standard string) string {
	if code == "" {
		return standard
	}
	return code
}

// domainUpdate sets nameservers: doing it twice does no harm.
func (s *Services) domainUpdate(queue string) task.Kind {
	return task.Kind{Name: KindDomainUpdate, Queue: queue, Idempotent: true, Do: s.updateDomain}
}

func (s *Services) updateDomain(ctx context.Context, t task.Task) (task.Progress, error) {
	var p nameserversPayload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return task.Progress{}, fault.Came(fault.Rejected, "payload", "").Because(err)
	}
	row, a, err := s.serviceOfTask(ctx, p.ServiceID)
	if err != nil {
		return task.Progress{}, err
	}
	if a.domains == nil {
		return task.Progress{}, fault.Came(fault.Rejected, "capability_missing", "")
	}
	task.Note(ctx, "nameservers", p.Nameservers)
	return task.Progress{}, unpermitted(a.domains.UpdateDomain(ctx, row.Name, upstream.DomainUpdate{Nameservers: p.Nameservers}))
}

// serviceOfTask is the service that an idempotent change is about.
func (s *Services) serviceOfTask(ctx context.Context, id string) (db.Service, *adapter, error) {
	row, err := s.Store.Read().ServiceByID(ctx, id)
	if err != nil {
		return row, nil, fault.Came(fault.Unavailable, "database", "").Because(err)
	}
	a, err := s.at(row.Upstream)
	return row, a, err
}
