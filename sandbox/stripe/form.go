package stripe

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mostBody bounds a request's body, in bytes.
const mostBody = 1 << 20

// form is the parameters of a request.
type form struct{ values url.Values }

// readForm reads the body of a POST or the query of anything else.
func readForm(r *http.Request) (form, *apiError) {
	if r.Method != http.MethodPost {
		return form{r.URL.Query()}, nil
	}
	if ct := r.Header.Get("Content-Type"); ct != "" && !strings.HasPrefix(ct, "application/x-www-form-urlencoded") {
		return form{}, invalid("", "", "Invalid request: the body must be form-encoded, not %s.", ct)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
	if err != nil {
		return form{}, invalid("", "", "The request could not be read.")
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return form{}, invalid("", "", "Invalid request: the body is not form-encoded.")
	}
	return form{values}, nil
}

var (
	indexed   = regexp.MustCompile(`\[\d*\]`)
	metadataK = regexp.MustCompile(`^metadata\[[^\[\]]{1,40}\]$`)
)

// check refuses parameters that the call does not have. "x[]" allows a list.
func (f form) check(allowed []string) *apiError {
	for name, values := range f.values {
		plain := indexed.ReplaceAllString(name, "[]")
		known := slices.Contains(allowed, plain) || slices.Contains(allowed, "metadata") && metadataK.MatchString(name)
		if !known {
			return invalid(name, "parameter_unknown", "Received unknown parameter: %s", name)
		}
		if len(values) != 1 && !strings.HasSuffix(name, "[]") {
			return invalid(name, "parameter_invalid", "Received the parameter %s more than once", name)
		}
	}
	return nil
}

func (f form) text(name string) string { return f.values.Get(name) }

func (f form) has(name string) bool { return f.values.Has(name) }

// number is an integer parameter, or the default where it is absent.
func (f form) number(name string, absent int64) (int64, *apiError) {
	if !f.has(name) {
		return absent, nil
	}
	n, err := strconv.ParseInt(f.text(name), 10, 64)
	if err != nil {
		return 0, invalid(name, "parameter_invalid_integer", "Invalid integer: %s", f.text(name))
	}
	return n, nil
}

// yes is a boolean parameter.
func (f form) yes(name string) (bool, *apiError) {
	switch f.text(name) {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, invalid(name, "parameter_invalid", "Invalid boolean: %s", f.text(name))
}

// list is an array parameter: x[0], x[1] or x[].
func (f form) list(name string) []string {
	var out []string
	for i := range len(f.values) {
		if v := name + "[" + strconv.Itoa(i) + "]"; f.has(v) {
			out = append(out, f.text(v))
		}
	}
	return append(out, f.values[name+"[]"]...)
}

// metadata is the metadata[…] parameters.
func (f form) metadata() map[string]string {
	out := map[string]string{}
	for name := range f.values {
		if key, ok := strings.CutPrefix(name, "metadata["); ok {
			out[strings.TrimSuffix(key, "]")] = f.text(name)
		}
	}
	return out
}

// needs refuses a call without one of its parameters.
func (f form) needs(names ...string) *apiError {
	for _, name := range names {
		if f.text(name) == "" {
			return invalid(name, "parameter_missing", "Missing required param: %s.", name)
		}
	}
	return nil
}
