package ljpc

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

type success struct {
	Success bool   `json:"success"`
	JTI     string `json:"jti"`
	Data    any    `json:"data"`
}

type failure struct {
	Success bool   `json:"success"`
	JTI     string `json:"jti"`
	Message string `json:"message"`
}

// write sends an answer: raw, empty, or in the envelope with its X-Validation.
func (s *Server) write(w http.ResponseWriter, a answer) {
	if a.status == http.StatusNoContent {
		w.WriteHeader(a.status)
		return
	}
	body := s.encode(&a)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if a.raw == nil {
		w.Header().Set("X-Validation", s.validation(a.jti))
	}
	w.WriteHeader(a.status)
	if _, err := w.Write(body); err != nil {
		s.options.Log.Debug("sandbox ljpc: the client left", "error", err)
	}
}

func (s *Server) encode(a *answer) []byte {
	if a.raw != nil {
		return a.raw
	}
	if a.jti == "" {
		s.mu.Lock()
		a.jti = s.uuid()
		s.mu.Unlock()
	}
	var body []byte
	var err error
	if a.status < 400 {
		body, err = json.Marshal(success{Success: true, JTI: a.jti, Data: a.data})
	} else {
		body, err = json.Marshal(failure{JTI: a.jti, Message: a.message})
	}
	if err != nil {
		a.status = http.StatusInternalServerError
		return []byte(`{"success":false,"message":"The answer cannot be written"}`)
	}
	return body
}

// validation is a JWT of a minute whose jti is the body's.
func (s *Server) validation(jti string) string {
	expires := s.options.Clock.Now().Add(time.Minute)
	claims := jwt.RegisteredClaims{ID: jti, ExpiresAt: jwt.NewNumericDate(expires)}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("sandbox-ljpc"))
	if err != nil {
		return ""
	}
	return signed
}
