package storefront

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

const (
	// cookie holds the access token of who signed in here. Another site cannot have it
	// sent along with a form.
	cookie = "hostfront_demo"
	// ending holds the refresh token, with which the session is ended. Only signing out gets it.
	ending = "hostfront_demo_end"
	// signOutPath is where signing out is.
	signOutPath = "/sign-out"
	// mostForm bounds what a form may send, in bytes.
	mostForm = 64 << 10
)

// visit is one request of a page.
type visit struct {
	s     *Server
	w     http.ResponseWriter
	r     *http.Request
	place place
	// token is the access token of who is signed in; empty for nobody.
	token string
}

// view is what a template gets.
type view struct {
	Title, About string
	Calls        []string
	SignedIn     bool
	Problem      *problem
	// To is where signing in leads back to.
	To   string
	Data any
}

// visit does what a place does, and shows why when it cannot.
func (s *Server) visit(w http.ResponseWriter, r *http.Request, p place, do func(*visit) error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	v := &visit{s: s, w: w, r: r, place: p}
	if c, err := r.Cookie(cookie); err == nil {
		v.token = c.Value
	}
	if err := r.ParseForm(); err != nil {
		v.refuse(&problem{Status: http.StatusBadRequest, Detail: "The form cannot be read."})
		return
	}
	if p.own && v.token == "" {
		v.askToSignIn()
		return
	}
	if err := do(v); err != nil {
		v.refuse(err)
	}
}

// refuse shows what the shop refused, on the page that it was asked from.
func (v *visit) refuse(err error) {
	p, ok := errors.AsType[*problem](err)
	if !ok {
		p = &problem{Status: http.StatusBadGateway, Detail: "The shop does not answer."}
	}
	if v.place.own && p.Status == http.StatusUnauthorized {
		v.askToSignIn() // the session has ended
		return
	}
	at, shown := refused, view{Title: v.place.title, About: v.place.about, Calls: v.place.calls, Problem: p, To: v.to()}
	if v.place.path == "/sign-in" || v.place.path == "/reset-password" {
		at, shown.Data = v.place.path, v.form() // the form, to try again
	}
	v.draw(p.Status, at, shown)
}

// askToSignIn shows the form that leads back here.
func (v *visit) askToSignIn() {
	v.token = ""
	v.draw(http.StatusOK, "/sign-in", view{Title: v.place.title, About: v.place.about, Calls: v.place.calls, To: v.r.URL.RequestURI(), Data: signInForm{}})
}

// show answers with the place's own page.
func (v *visit) show(data any) error {
	v.draw(http.StatusOK, v.place.path, view{Title: v.place.title, About: v.place.about, Calls: v.place.calls, To: v.to(), Data: data})
	return nil
}

// draw answers with the page of a path.
func (v *visit) draw(status int, path string, shown view) {
	shown.SignedIn = v.token != ""
	var page bytes.Buffer
	if err := v.s.pages[path].Execute(&page, shown); err != nil {
		http.Error(v.w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(page.Bytes())
}

// leave sends the browser on.
func (v *visit) leave(to string) error {
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// to is where a form wants to lead back to: a page of this site, or the first.
func (v *visit) to() string {
	to := v.r.FormValue("to")
	at, err := url.Parse(to) // refuses control characters, which browsers leave out
	if err != nil || at.Scheme != "" || at.Host != "" || at.User != nil || strings.Contains(to, `\`) ||
		!strings.HasPrefix(at.Path, "/") || strings.HasPrefix(at.Path, "//") {
		return "/"
	}
	return at.String()
}

// field is a field of the form, or of the address.
func (v *visit) field(name string) string { return strings.TrimSpace(v.r.FormValue(name)) }

// get and post ask the shop's API, as who is signed in where the page is theirs: what
// everybody may ask is not refused for a session that has ended.
func (v *visit) get(path string, answer any) error {
	return v.ask(request{method: http.MethodGet, path: path, answer: answer})
}

func (v *visit) post(path string, body, answer any) error {
	return v.ask(request{method: http.MethodPost, path: path, body: body, answer: answer})
}

func (v *visit) ask(q request) error {
	if v.place.own || v.place.path == "/" {
		q.token = v.token
	}
	return v.s.ask(v.r.Context(), q)
}

// signIn keeps a session until its access token ends.
func (v *visit) signIn(opened session) {
	v.token = opened.AccessToken
	v.keep(http.Cookie{Name: cookie, Value: opened.AccessToken, Path: "/", MaxAge: opened.ExpiresIn})
	v.keep(http.Cookie{Name: ending, Value: opened.RefreshToken, Path: signOutPath, MaxAge: opened.ExpiresIn})
}

// signOut drops what signIn kept.
func (v *visit) signOut() {
	v.token = ""
	v.keep(http.Cookie{Name: cookie, Path: "/", MaxAge: -1})
	v.keep(http.Cookie{Name: ending, Path: signOutPath, MaxAge: -1})
}

func (v *visit) keep(c http.Cookie) {
	c.HttpOnly, c.SameSite = true, http.SameSiteLaxMode
	http.SetCookie(v.w, &c)
}
