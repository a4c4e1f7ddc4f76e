package ljpc

import (
	"encoding/json"
	"io"
	"net/http"
)

// listFaults is GET /_sandbox/faults: what is still to go wrong.
func (s *Server) listFaults(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	faults := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		faults = append(faults, *f)
	}
	s.mu.Unlock()
	s.write(w, ok(map[string]any{"faults": faults}))
}

// postFaults is POST /_sandbox/faults: one fault, or a list of them.
func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.write(w, refuse(http.StatusRequestEntityTooLarge, "The request is too large"))
		return
	}
	var several []Fault
	if json.Unmarshal(body, &several) != nil {
		var one Fault
		if err := json.Unmarshal(body, &one); err != nil {
			s.write(w, refuse(http.StatusUnprocessableEntity, "A fault is {op, kind, times, delay}: %v", err))
			return
		}
		several = []Fault{one}
	}
	for _, f := range several {
		if err := s.addFault(f); err != nil {
			s.write(w, refuse(http.StatusUnprocessableEntity, "%v", err))
			return
		}
	}
	s.write(w, created(map[string]any{"added": len(several)}))
}

// deleteFaults is DELETE /_sandbox/faults: behave again.
func (s *Server) deleteFaults(w http.ResponseWriter, _ *http.Request) {
	s.ClearFaults()
	s.write(w, answer{status: http.StatusNoContent})
}
