package pay

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
)

// failure is an answer that says no.
type failure struct {
	status int
	code   string
}

func (f *failure) Error() string  { return "sandbox pay: " + f.code }
func refuse(code string) *failure { return &failure{http.StatusUnprocessableEntity, code} }
func missing() *failure           { return &failure{http.StatusNotFound, "not_found"} }
func internal(err error) *failure { return &failure{http.StatusInternalServerError, err.Error()} }

// mostBody bounds a request's body, in bytes.
const mostBody = 1 << 20

func (s *Server) route() {
	s.mux = http.NewServeMux()
	s.mux.HandleFunc("POST /v1/payments", s.postPayment)
	s.api("GET /v1/payments", "payment.find", func(r *http.Request) (any, *failure) {
		return s.show(s.find(r.URL.Query().Get("payment_id")))
	})
	s.api("GET /v1/payments/{id}", "payment.get", func(r *http.Request) (any, *failure) {
		return s.show(s.payment(r.PathValue("id")))
	})
	s.api("POST /v1/payments/{id}/cancel", "payment.cancel", func(r *http.Request) (any, *failure) {
		return s.show(s.cancel(r.PathValue("id")))
	})
	s.api("POST /v1/refunds", "refund.create", s.postRefund)
	s.api("GET /v1/refunds/{id}", "refund.get", func(r *http.Request) (any, *failure) {
		return s.refundByID(r.PathValue("id"))
	})
	s.api("POST /v1/setups", "setup.create", func(r *http.Request) (any, *failure) {
		var q setupRequest
		if f := read(r, &q); f != nil {
			return nil, f
		}
		return s.showSetup(s.setUp(q))
	})
	s.api("GET /v1/setups/{id}", "setup.get", func(r *http.Request) (any, *failure) {
		return s.showSetup(s.setupByID(r.PathValue("id")))
	})
	s.api("POST /v1/setups/{id}/cancel", "setup.cancel", func(r *http.Request) (any, *failure) {
		return s.showSetup(s.cancelSetup(r.PathValue("id")))
	})
	s.api("POST /v1/methods/{id}/detach", "method.detach", func(r *http.Request) (any, *failure) {
		return s.detach(r.PathValue("id"))
	})
	s.routePages()
	s.routeControls()
}

// answerer does a call and gives what is answered.
type answerer func(r *http.Request) (any, *failure)

// api routes a call of the shop: its key is checked, and it may be struck by a fault.
func (s *Server) api(pattern, op string, do answerer) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.call(w, r, op, do) })
}

func (s *Server) call(w http.ResponseWriter, r *http.Request, op string, do answerer) {
	key := "Bearer " + s.options.APIKey
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(key)) != 1 {
		answer(w, nil, &failure{http.StatusUnauthorized, "key_refused"})
		return
	}
	run := func(w http.ResponseWriter, r *http.Request) {
		value, f := do(r)
		answer(w, value, f)
	}
	s.faults.Strike(op, w, r, run, func(w http.ResponseWriter, status int) {
		answer(w, nil, &failure{status, "told_to_fail"})
	})
}

// postPayment is two operations to the plan of faults: opening and charging.
func (s *Server) postPayment(w http.ResponseWriter, r *http.Request) {
	var q request
	f := read(r, &q)
	op := "payment.create"
	if q.Method != "" {
		op = "payment.charge"
	}
	s.call(w, r, op, func(*http.Request) (any, *failure) {
		if f != nil {
			return nil, f
		}
		p, f := s.pay(q)
		if f == nil && p.OffSession && s.options.NotifyCharges {
			s.notify(paymentEvent(p))
		}
		return s.show(p, f)
	})
}

func (s *Server) postRefund(r *http.Request) (any, *failure) {
	var q refundRequest
	if f := read(r, &q); f != nil {
		return nil, f
	}
	made, f := s.refund(q)
	if f == nil {
		s.notify(refundEvent(made))
	}
	return made, f
}

// shown is a payment as the shop sees it.
type shown struct {
	Payment
	// URL is the page to send the customer to, while they can decide.
	URL string `json:"url,omitempty"`
	// Saved is the method that the customer left for later.
	Saved *Method `json:"saved_method,omitempty"`
}

func (s *Server) show(p Payment, f *failure) (any, *failure) {
	if f != nil {
		return nil, f
	}
	out := shown{Payment: p}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.State == Open || p.State == Challenged {
		out.URL = s.options.BaseURL + "/pay/" + p.ID
	}
	if m, ok := s.methods[p.Method]; ok && p.SaveMethod {
		saved := *m
		out.Saved = &saved
	}
	return out, nil
}

// shownSetup is a setup as the shop sees it.
type shownSetup struct {
	Setup
	URL   string  `json:"url,omitempty"`
	Saved *Method `json:"saved_method,omitempty"`
}

func (s *Server) showSetup(v Setup, f *failure) (any, *failure) {
	if f != nil {
		return nil, f
	}
	out := shownSetup{Setup: v}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.State == Open || v.State == Challenged {
		out.URL = s.options.BaseURL + "/setup/" + v.ID
	}
	if m, ok := s.methods[v.Method]; ok {
		saved := *m
		out.Saved = &saved
	}
	return out, nil
}

// read decodes a JSON body; what it does not know is refused.
func read(r *http.Request, into any) *failure {
	d := json.NewDecoder(io.LimitReader(r.Body, mostBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return &failure{http.StatusBadRequest, "body_unreadable"}
	}
	return nil
}

func answer(w http.ResponseWriter, value any, f *failure) {
	status := http.StatusOK
	if f != nil {
		status, value = f.status, map[string]string{"error": f.code}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}
