package pay

import (
	"net/http"
	"net/url"
	"strings"
)

// Setup is a method that a customer saves without paying, on a page as payments have.
type Setup struct {
	ID string `json:"id"`
	// SetupID is the shop's own id, and the key that makes a call idempotent.
	SetupID   string `json:"setup_id"`
	Customer  string `json:"customer"`
	ReturnURL string `json:"return_url,omitempty"`
	// State is open, challenged, saved, declined or cancelled.
	State State `json:"state"`
	// Method is what was saved.
	Method    string  `json:"method,omitempty"`
	Decline   Decline `json:"decline"`
	CreatedAt int64   `json:"created_at"`
}

// setupRequest is the body of POST /v1/setups.
type setupRequest struct {
	SetupID   string `json:"setup_id"`
	Customer  string `json:"customer"`
	ReturnURL string `json:"return_url"`
}

func (q setupRequest) check() *failure {
	u, err := url.Parse(q.ReturnURL)
	switch {
	case q.SetupID == "":
		return refuse("setup_id_missing")
	case q.Customer == "":
		return refuse("customer_missing")
	case err != nil || q.ReturnURL != "" && u.Scheme != "http" && u.Scheme != "https":
		return refuse("return_url_invalid")
	}
	return nil
}

// setUp opens the saving of a method, once for each setup_id.
func (s *Server) setUp(q setupRequest) (Setup, *failure) {
	if f := q.check(); f != nil {
		return Setup{}, f
	}
	id, err := s.newID("sbs_")
	if err != nil {
		return Setup{}, internal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.setups[s.bySetup[q.SetupID]]; ok {
		if known.Customer != q.Customer || known.ReturnURL != q.ReturnURL {
			return Setup{}, &failure{http.StatusConflict, "idempotency_mismatch"}
		}
		return *known, nil
	}
	made := &Setup{ID: id, SetupID: q.SetupID, Customer: q.Customer, ReturnURL: q.ReturnURL, State: Open, CreatedAt: s.now()}
	s.setups[made.ID], s.bySetup[made.SetupID] = made, made.ID
	return *made, s.keep(entry{Setup: made})
}

func (s *Server) setupByID(id string) (Setup, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.setups[id]
	if !ok {
		return Setup{}, missing()
	}
	return *found, nil
}

// cancelSetup ends a setup that the customer has not decided; a decided one is answered as
// it is.
func (s *Server) cancelSetup(id string) (Setup, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.setups[id]
	if !ok {
		return Setup{}, missing()
	}
	if found.State != Open && found.State != Challenged {
		return *found, nil
	}
	found.State = Cancelled
	return *found, s.keep(entry{Setup: found})
}

// DecideSetup does what the customer chose on the page. A setup that is decided stays as it
// is. The behaviour is that of the method that is saved.
func (s *Server) DecideSetup(id string, choice Choice, behaviour Behaviour) (Setup, error) {
	if f := s.decideSetup(id, choice, behaviour); f != nil {
		return Setup{}, f
	}
	made, f := s.setupByID(id)
	if f != nil {
		return made, f
	}
	return made, nil
}

func (s *Server) decideSetup(id string, choice Choice, behaviour Behaviour) *failure {
	if _, ok := declines[behaviour]; !ok {
		return refuse("behaviour_unknown")
	}
	method, err := s.newID("sbm_")
	if err != nil {
		return internal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	made, ok := s.setups[id]
	if !ok {
		return missing()
	}
	if made.State != Open && made.State != Challenged {
		return nil
	}
	entries := []entry{{Setup: made}}
	switch {
	case choice == ChoosePay && made.State == Open, choice == ChooseConfirm && made.State == Challenged:
		m := s.newMethod(method, made.Customer, behaviour)
		made.State, made.Method, entries = Saved, m.ID, append(entries, entry{Method: m})
	case choice == ChooseDecline && made.State == Open:
		made.State, made.Decline = Declined, Decline{Class: "soft", Code: "card_declined"}
	case choice == ChooseRefuse && made.State == Challenged:
		made.State, made.Decline = Declined, Decline{Class: "authentication", Code: "authentication_failed"}
	case choice == ChooseChallenge && made.State == Open:
		made.State = Challenged
	default:
		return refuse("choice_unknown")
	}
	if f := s.keep(entries...); f != nil {
		return f
	}
	s.notify(Event{Type: "setup." + string(made.State), Setup: made.ID})
	return nil
}

// newMethod is a card that a customer saved. The lock is held.
func (s *Server) newMethod(id, customer string, behaviour Behaviour) *Method {
	m := &Method{ID: id, Customer: customer, Kind: "card", Label: "Test card •••• 4242", Behaviour: behaviour}
	m.ExpMonth, m.ExpYear = s.cardEnds()
	s.methods[m.ID] = m
	return m
}

// cardEnds is the last month of a card that is saved now.
func (s *Server) cardEnds() (month, year int) {
	if s.options.CardEnds != nil {
		return s.options.CardEnds()
	}
	return 12, s.options.Clock.Now().Year() + 4
}

// detach forgets a method: it cannot be charged any more. One that is gone is missing.
func (s *Server) detach(id string) (Method, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.methods[id]
	if !ok || m.Detached {
		return Method{}, missing()
	}
	m.Detached = true
	return *m, s.keep(entry{Method: m})
}

// Setups are all setups, for an audit.
func (s *Server) Setups() []Setup {
	s.mu.Lock()
	defer s.mu.Unlock()
	return values(s.setups, func(a, b Setup) int { return strings.Compare(a.ID, b.ID) })
}
