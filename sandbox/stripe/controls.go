package stripe

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"

	"hostfront/sandbox/courier"
	"hostfront/sandbox/mishap"
)

func (s *Server) routeControls() {
	s.control("POST /_sandbox/intents/{id}/confirm", func(id string, q controlRequest) error { return s.Confirm(id, q.Method) })
	s.control("POST /_sandbox/intents/{id}/authenticate", func(id string, q controlRequest) error { return s.Authenticate(id, q.Agreed) })
	s.control("POST /_sandbox/intents/{id}/settle", func(id string, q controlRequest) error { return s.SettleDebit(id, q.Agreed) })
	s.control("POST /_sandbox/setups/{id}/confirm", func(id string, q controlRequest) error { return s.ConfirmSetup(id, q.Method) })
	s.control("POST /_sandbox/setups/{id}/authenticate", func(id string, _ controlRequest) error { return s.AuthenticateSetup(id) })
	s.control("POST /_sandbox/intents/{id}/dispute", func(id string, q controlRequest) error {
		_, err := s.Dispute(id, q.Amount)
		return err
	})
	s.control("POST /_sandbox/disputes/{id}/win", func(id string, _ controlRequest) error { return s.CloseDispute(id, true) })
	s.control("POST /_sandbox/disputes/{id}/lose", func(id string, _ controlRequest) error { return s.CloseDispute(id, false) })
	s.control("POST /_sandbox/payouts/{id}/fail", func(id string, _ controlRequest) error { return s.FailPayout(id) })
	s.control("POST /_sandbox/methods/{id}", func(id string, q controlRequest) error { return s.TurnInto(id, q.Method) })
	s.control("POST /_sandbox/faults", func(_ string, q controlRequest) error {
		if err := s.addFaults(q.Faults); err != nil {
			return err
		}
		return s.courier.Misdirect(q.Webhooks...)
	})
	s.control("DELETE /_sandbox/faults", func(string, controlRequest) error {
		s.faults.Clear()
		s.courier.Clear()
		return nil
	})
}

// controlRequest is the JSON body of a control.
type controlRequest struct {
	Method   string          `json:"payment_method"`
	Agreed   bool            `json:"agreed"`
	Amount   int64           `json:"amount"`
	Faults   []mishap.Fault  `json:"faults"`
	Webhooks []courier.Order `json:"webhooks"`
}

// addFaults adds faults to the plan; none, when one is about an operation that is not known.
func (s *Server) addFaults(faults []mishap.Fault) error {
	for _, f := range faults {
		if f.Op != "" && !slices.ContainsFunc(endpoints(), func(e endpoint) bool { return e.pattern == f.Op }) {
			return fmt.Errorf("there is no operation %q: give a method and a path, such as %q", f.Op, endpoints()[0].pattern)
		}
	}
	return s.faults.Add(faults...)
}

// control routes what a person or a test does from outside the shop.
func (s *Server) control(pattern string, do func(id string, q controlRequest) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		var q controlRequest
		body, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
		if err == nil && len(body) > 0 {
			err = json.Unmarshal(body, &q)
		}
		if err == nil {
			err = do(r.PathValue("id"), q)
		}
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			_ = json.NewEncoder(w).Encode(object{"error": err.Error()})
			return
		}
		_, _ = w.Write([]byte("{}\n"))
	})
}
