package pay

import (
	"net/http"

	"hostfront/sandbox/courier"
	"hostfront/sandbox/mishap"
)

func (s *Server) routeControls() {
	s.mux.HandleFunc("GET /_sandbox/methods", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"items": s.Methods()}, nil)
	})
	s.mux.HandleFunc("POST /_sandbox/methods/{id}", s.controlMethod)
	s.mux.HandleFunc("POST /_sandbox/faults", s.controlFaults)
	s.mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.faults.Clear()
		s.courier.Clear()
		w.WriteHeader(http.StatusNoContent)
	})
}

func (s *Server) controlMethod(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Behaviour Behaviour `json:"behaviour"`
	}
	f := read(r, &q)
	if f == nil {
		f = s.setMethod(r.PathValue("id"), q.Behaviour)
	}
	answer(w, map[string]any{"id": r.PathValue("id"), "behaviour": q.Behaviour}, f)
}

func (s *Server) controlFaults(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Faults   []mishap.Fault  `json:"faults"`
		Webhooks []courier.Order `json:"webhooks"`
	}
	f := read(r, &q)
	if f == nil && (s.faults.Add(q.Faults...) != nil || s.courier.Misdirect(q.Webhooks...) != nil) {
		f = refuse("fault_unknown")
	}
	answer(w, map[string]any{"faults": len(q.Faults), "webhooks": len(q.Webhooks)}, f)
}
