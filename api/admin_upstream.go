package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/agree"
	"hostfront/db"
)

// OwnAnswer is a name or a site upstream that the operator has for himself.
type OwnAnswer struct {
	Upstream  string    `json:"upstream"`
	Kind      string    `json:"kind" enum:"domain,site"`
	Subject   string    `json:"subject" doc:"The name, or the site's id"`
	Note      string    `json:"note"`
	CreatedAt time.Time `json:"created_at"`
}

type ownInput struct {
	Body struct {
		Upstream string   `json:"upstream" maxLength:"64" doc:"Where, such as ljpc"`
		Kind     string   `json:"kind" enum:"domain,site"`
		Subjects []string `json:"subjects" minItems:"1" maxItems:"500" doc:"Names, or ids of sites"`
		Note     string   `json:"note" minLength:"1" maxLength:"500" doc:"Why, for whoever looks later"`
	}
}

type disownInput struct {
	Upstream string `path:"upstream" maxLength:"64"`
	Kind     string `path:"kind" maxLength:"16"`
	Subject  string `path:"subject" maxLength:"253"`
}

// adminUpstreamRoutes are what staff says about the account upstream.
func (s *Server) adminUpstreamRoutes() {
	handle(s, operation{ID: "admin-list-own", Method: http.MethodGet, Path: "/v1/admin/upstream/own", Tag: "Admin: operation", Access: admin,
		Summary: "Names and sites upstream that are your own: the nightly comparison passes them over"}, s.adminListOwn)
	handle(s, operation{ID: "admin-add-own", Method: http.MethodPut, Path: "/v1/admin/upstream/own", Tag: "Admin: operation", Access: admin,
		Summary: "Put names or sites on that list; questions about them end", Status: http.StatusNoContent}, s.adminAddOwn)
	handle(s, operation{ID: "admin-remove-own", Method: http.MethodDelete, Path: "/v1/admin/upstream/own/{upstream}/{kind}/{subject}", Tag: "Admin: operation", Access: admin,
		Summary: "Take one off it", Status: http.StatusNoContent}, s.adminRemoveOwn)
}

// ownPageInput is how the list is asked for: it is in the order of what it is of, and
// so is its cursor.
type ownPageInput struct {
	Cursor string `query:"cursor" pattern:"^(domain|site):." maxLength:"300" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items a page has at most"`
}

// adminListOwn is GET /v1/admin/upstream/own.
func (s *Server) adminListOwn(ctx context.Context, in *ownPageInput) (*pageOutput[OwnAnswer], error) {
	list, next, err := s.cfg.Agree.Ignored(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(list, next, func(o agree.Own) OwnAnswer { return OwnAnswer(o) }), nil
}

// adminAddOwn is PUT /v1/admin/upstream/own.
func (s *Server) adminAddOwn(ctx context.Context, in *ownInput) (*struct{}, error) {
	return auditedVoid(ctx, s, change{"upstream.own", in.Body.Upstream, in.Body}, func() error {
		return s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
			for _, subject := range in.Body.Subjects {
				err := s.cfg.Agree.Ignore(ctx, q, agree.Own{Upstream: in.Body.Upstream, Kind: in.Body.Kind, Subject: subject, Note: in.Body.Note})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// adminRemoveOwn is DELETE /v1/admin/upstream/own/{upstream}/{kind}/{subject}.
func (s *Server) adminRemoveOwn(ctx context.Context, in *disownInput) (*struct{}, error) {
	return auditedVoid(ctx, s, change{"upstream.disown", in.Upstream + ":" + in.Subject, in}, func() error {
		return s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
			return s.cfg.Agree.Heed(ctx, q, agree.Own{Upstream: in.Upstream, Kind: in.Kind, Subject: in.Subject})
		})
	})
}
