package demo

import (
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// started is a demo that ends with the test.
func started(t *testing.T) *Shop {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Out: io.Discard, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// browser is a person with a browser that keeps cookies and shows where it is sent.
type browser struct {
	t    *testing.T
	http *http.Client
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// open is what a page shows; it must be there.
func (b *browser) open(address string) string {
	b.t.Helper()
	response, err := b.http.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.read(response, http.StatusOK)
}

// press sends a form and is where that leads.
func (b *browser) press(address string, form url.Values) string {
	b.t.Helper()
	response, err := b.http.PostForm(address, form)
	if err != nil {
		b.t.Fatal(err)
	}
	b.read(response, http.StatusSeeOther)
	return response.Header.Get("Location")
}

// send sends a form that stays on its page.
func (b *browser) send(address string, form url.Values, status int) string {
	b.t.Helper()
	response, err := b.http.PostForm(address, form)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.read(response, status)
}

func (b *browser) read(response *http.Response, status int) string {
	b.t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if response.StatusCode != status {
		b.t.Fatalf("%s %s answered %d:\n%s", response.Request.Method, response.Request.URL.Path, response.StatusCode, body)
	}
	if status == http.StatusOK && (!strings.Contains(string(body), `<html lang="en">`) || response.Header.Get("Cache-Control") != "no-store") {
		b.t.Fatalf("%s is no page, or one that is kept: %v", response.Request.URL.Path, response.Header)
	}
	return string(body)
}

var linked = regexp.MustCompile(`https?://[^\s"<>)]+`)

// letters are the links in the mails of a template, those that left last at the end.
func (s *Shop) letters(t *testing.T, template string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.home.file("mail"), "*-"+template+"-*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for _, file := range files {
		content, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, linked.FindAllString(textOf(t, content), -1)...)
		content.Close()
	}
	return links
}

// textOf is the text of a mail, its first part.
func textOf(t *testing.T, content io.Reader) string {
	t.Helper()
	message, err := mail.ReadMessage(content)
	if err != nil {
		t.Fatal(err)
	}
	body, kind := message.Body, message.Header.Get("Content-Type")
	for {
		what, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(what, "multipart/") {
			text, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		part, err := multipart.NewReader(body, params["boundary"]).NextPart()
		if err != nil {
			t.Fatal(err)
		}
		body, kind = part, part.Header.Get("Content-Type")
	}
}
