package ljpc

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// told is how one call is to misbehave.
type told struct {
	kind   FaultKind
	status int
	delay  time.Duration
}

// takeFaults uses up the faults that hit a call: every slowness, and the first
// of the rest. The lock is held.
func (s *Server) takeFaults(op string) told {
	t := told{status: http.StatusBadGateway}
	for _, f := range s.faults {
		if f.Times == 0 || (f.Op != "*" && f.Op != op) || !slices.Contains(callFaults, f.Kind) {
			continue
		}
		switch {
		case f.Kind == FaultSlow:
			t.delay += time.Duration(f.Delay)
		case t.kind == "":
			t.kind = f.Kind
			t.delay += time.Duration(f.Delay)
			if f.Status != 0 {
				t.status = f.Status
			}
		default:
			continue
		}
		f.use()
	}
	s.dropUsedFaults()
	return t
}

// takeOrderFault uses up a fault that hits an order's line. The lock is held.
func (s *Server) takeOrderFault(kind FaultKind, domain string) bool {
	for _, f := range s.faults {
		if f.Kind == kind && f.Times != 0 && (f.Domain == "" || f.Domain == domain) {
			f.use()
			s.dropUsedFaults()
			return true
		}
	}
	return false
}

func (f *Fault) use() {
	if f.Times > 0 {
		f.Times--
	}
}

func (s *Server) dropUsedFaults() {
	s.faults = slices.DeleteFunc(s.faults, func(f *Fault) bool { return f.Times == 0 })
}

// breakBefore misbehaves instead of doing what was asked.
func (t told) breakBefore(s *Server, w http.ResponseWriter) bool {
	switch t.kind {
	case FaultDropBefore:
		cut(w)
	case FaultServerError:
		webPage(w, t.status)
	case FaultHTMLBefore:
		webPage(w, http.StatusOK)
	case FaultRateLimited:
		w.Header().Set("Retry-After", "7")
		s.write(w, refuse(http.StatusTooManyRequests, "Too many requests"))
	case FaultRedirect:
		w.Header().Set("Location", "/panel/sso")
		w.WriteHeader(http.StatusFound)
	default:
		return false
	}
	return true
}

// breakAfter misbehaves after what was asked is done.
func (t told) breakAfter(s *Server, w http.ResponseWriter, a answer) bool {
	switch t.kind {
	case FaultDropAfter:
		cut(w)
	case FaultServerErrorAfter:
		webPage(w, t.status)
	case FaultHTML:
		webPage(w, http.StatusOK)
	case FaultCutJSON:
		s.writeHalf(w, a)
	default:
		return false
	}
	return true
}

// writeHalf sends half the JSON as if it were all of it.
func (s *Server) writeHalf(w http.ResponseWriter, a answer) {
	body := s.encode(&a)
	half := body[:len(body)/2]
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(half)))
	w.WriteHeader(a.status)
	if _, err := w.Write(half); err != nil {
		s.options.Log.Debug("sandbox ljpc: the client left", "error", err)
	}
}

func webPage(w http.ResponseWriter, status int) {
	const page = "<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(page))
}

// cut closes the connection without a word.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own way to cut a connection that cannot be taken over
	}
	_ = conn.Close()
}
