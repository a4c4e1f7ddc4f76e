package pay

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
)

//go:embed pages.html
var pagesHTML string

func (s *Server) routePages() {
	pages := template.Must(template.New("pages").Parse(pagesHTML))
	s.mux.HandleFunc("GET /pay/{id}", func(w http.ResponseWriter, r *http.Request) {
		p, f := s.payment(r.PathValue("id"))
		if f != nil {
			page(w, pages, view{Status: f.status, Gone: true})
			return
		}
		page(w, pages, view{Status: http.StatusOK, Payment: &p, Behaviours: behaviours})
	})
	s.mux.HandleFunc("POST /pay/{id}", func(w http.ResponseWriter, r *http.Request) { s.postPage(w, r, pages) })
	s.mux.HandleFunc("GET /setup/{id}", func(w http.ResponseWriter, r *http.Request) {
		v, f := s.setupByID(r.PathValue("id"))
		if f != nil {
			page(w, pages, view{Status: f.status, Gone: true})
			return
		}
		page(w, pages, view{Status: http.StatusOK, Setup: &v, Behaviours: behaviours})
	})
	s.mux.HandleFunc("POST /setup/{id}", func(w http.ResponseWriter, r *http.Request) { s.postSetup(w, r, pages) })
	s.mux.HandleFunc("GET /methods", func(w http.ResponseWriter, _ *http.Request) {
		page(w, pages, view{Status: http.StatusOK, Methods: s.Methods(), Wallet: true, Behaviours: behaviours})
	})
	s.mux.HandleFunc("POST /methods", s.postMethods)
}

// behaviours are offered on the pages, in this order.
var behaviours = []struct {
	Value Behaviour
	Text  string
}{
	{Succeed, "is charged"},
	{Decliner, "is declined: no funds"},
	{HardDecline, "is declined: card lost"},
	{Authenticate, "asks for the customer"},
	{Removed, "is gone"},
}

// view is what a page shows.
type view struct {
	Status     int
	Payment    *Payment
	Setup      *Setup
	Methods    []Method
	Behaviours any
	Wallet     bool
	Gone       bool
}

// Asks tells whether there is something for the customer to choose.
func (v view) Asks() bool {
	if v.Setup != nil {
		return v.Setup.State == Open || v.Setup.State == Challenged
	}
	return v.Payment != nil && (v.Payment.State == Open || v.Payment.State == Challenged)
}

// postPage takes the customer's choice. A choice that ends the payment brings them
// back to the shop; a challenge shows the next page.
func (s *Server) postPage(w http.ResponseWriter, r *http.Request, pages *template.Template) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	behaviour := Behaviour(r.PostFormValue("behaviour"))
	if behaviour == "" {
		behaviour = Succeed
	}
	p, changed, f := s.decide(r.PathValue("id"), Choice(r.PostFormValue("choice")), behaviour)
	switch {
	case f != nil:
		page(w, pages, view{Status: f.status, Gone: true})
		return
	case changed:
		s.notify(paymentEvent(p))
	}
	goOn(w, p.ID, p.State, p.ReturnURL)
}

// postSetup takes the customer's choice about a method to be saved.
func (s *Server) postSetup(w http.ResponseWriter, r *http.Request, pages *template.Template) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	behaviour := Behaviour(r.PostFormValue("behaviour"))
	if behaviour == "" {
		behaviour = Succeed
	}
	f := s.decideSetup(r.PathValue("id"), Choice(r.PostFormValue("choice")), behaviour)
	v := Setup{}
	if f == nil {
		v, f = s.setupByID(r.PathValue("id"))
	}
	if f != nil {
		page(w, pages, view{Status: f.status, Gone: true})
		return
	}
	goOn(w, v.ID, v.State, v.ReturnURL)
}

// goOn sends the browser back to the shop, or to the page's next view.
func goOn(w http.ResponseWriter, id string, state State, returnURL string) {
	if state == Challenged || returnURL == "" {
		// Relative, so that the server may live under a prefix.
		w.Header().Set("Location", id)
	} else {
		w.Header().Set("Location", returnURL)
	}
	w.WriteHeader(http.StatusSeeOther)
}

func (s *Server) postMethods(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	if f := s.setMethod(r.PostFormValue("method"), Behaviour(r.PostFormValue("behaviour"))); f != nil {
		http.Error(w, f.code, f.status)
		return
	}
	w.Header().Set("Location", "methods")
	w.WriteHeader(http.StatusSeeOther)
}

// page renders into memory first: a half page is never sent.
func page(w http.ResponseWriter, pages *template.Template, v view) {
	var body bytes.Buffer
	if err := pages.Execute(&body, v); err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(v.Status)
	_, _ = w.Write(body.Bytes())
}
