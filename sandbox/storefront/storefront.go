package storefront

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed page/*.html
var pageFiles embed.FS

// Options are what the pages stand on.
type Options struct {
	// Shop is where the shop's API answers; the pages are at the same address.
	Shop string
	// Timeout is that of one call of the API; a minute when zero.
	Timeout time.Duration
}

// Server serves the pages.
type Server struct {
	shop  string
	http  *http.Client
	mux   *http.ServeMux
	pages map[string]*template.Template
	paths []string
}

// New makes the pages.
func New(o Options) (*Server, error) {
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	s := &Server{
		shop: strings.TrimSuffix(o.Shop, "/"), mux: http.NewServeMux(), pages: map[string]*template.Template{},
		http: &http.Client{Timeout: o.Timeout},
	}
	if err := s.parse(refused, "refused.html"); err != nil {
		return nil, err
	}
	for _, p := range places {
		if err := s.add(p); err != nil {
			return nil, fmt.Errorf("the page at %s: %w", p.path, err)
		}
	}
	return s, nil
}

// Paths are where the pages are, such as /orders/{id}.
func (s *Server) Paths() []string { return s.paths }

// ServeHTTP serves the pages. The shop's own headers go with them: not to be stored, and no
// page that is left tells the next one its address, which holds a token.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	s.mux.ServeHTTP(w, r)
}

// place is a page: what it is called, what it is for, and what it does.
type place struct {
	path, title string
	// about says what brings somebody here, and calls what a storefront asks the API for.
	about string
	calls []string
	// page is the file of its template; empty for what is no page.
	page string
	// get shows it and changes nothing; post does what its button says.
	get, post func(*visit) error
	// own is true for what belongs to a customer, who must sign in first.
	own bool
}

func (s *Server) add(p place) error {
	s.paths = append(s.paths, p.path)
	if p.page != "" {
		if err := s.parse(p.path, p.page); err != nil {
			return err
		}
	}
	pattern := p.path
	if pattern == "/" {
		pattern = "/{$}"
	}
	for method, do := range map[string]func(*visit) error{http.MethodGet: p.get, http.MethodPost: p.post} {
		if do != nil {
			s.mux.HandleFunc(method+" "+pattern, func(w http.ResponseWriter, r *http.Request) { s.visit(w, r, p, do) })
		}
	}
	return nil
}

// refused is where the page is that says why something cannot be done: under no path.
const refused = ""

func (s *Server) parse(path, file string) (err error) {
	s.pages[path], err = template.New("layout.html").Funcs(words).ParseFS(pageFiles, "page/layout.html", "page/payment.html", "page/"+file)
	return err
}

// words are what templates say things with.
var words = template.FuncMap{
	"day": func(t *time.Time) string {
		if t == nil || t.IsZero() {
			return "-"
		}
		return t.UTC().Format("2 January 2006")
	},
	"plain": func(state string) string { return strings.ReplaceAll(state, "_", " ") },
	"can":   slices.Contains[[]string],
}
