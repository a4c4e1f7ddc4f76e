package api

import (
	"context"
	"net/http"

	"hostfront/catalog"
	"hostfront/money"
)

type checkInput struct {
	Names []string `query:"name,explode" required:"true" minItems:"1" maxItems:"50" doc:"A domain name; give the parameter once for each"`
}

// AvailabilityAnswer is whether a name can be had, and for how much.
type AvailabilityAnswer struct {
	Name    string                 `json:"name" doc:"As people read it"`
	ASCII   string                 `json:"ascii" doc:"As the DNS has it"`
	Status  string                 `json:"status" enum:"available,taken,unsupported,unknown"`
	Premium bool                   `json:"premium"`
	Price   Nullable[money.Amount] `json:"price" doc:"Of registering it for a year; null when it cannot be had or the price is not known now"`
	Reason  string                 `json:"reason,omitempty" doc:"Why it is unsupported or unknown"`
}

// domainCheckRoute is GET /v1/domains/check.
func (s *Server) domainCheckRoute() {
	handle(s, operation{ID: "check-domains", Method: http.MethodGet, Path: "/v1/domains/check", Tag: "Catalogue",
		Summary: "Whether names can be registered, and at what price"}, s.checkDomains)
}

// checkDomains is GET /v1/domains/check.
func (s *Server) checkDomains(ctx context.Context, in *checkInput) (*pageOutput[AvailabilityAnswer], error) {
	found, err := s.cfg.Catalog.Check(ctx, peer(ctx), in.Names)
	if err != nil {
		return nil, err
	}
	return pageOf(found, "", availabilityAnswer), nil
}

func availabilityAnswer(a catalog.Availability) AvailabilityAnswer {
	answer := AvailabilityAnswer{Name: a.Name, ASCII: a.ASCII, Status: a.Status, Premium: a.Premium, Reason: a.Reason}
	if a.Price != nil {
		answer.Price = nullable(&a.Price.Price)
	}
	return answer
}
