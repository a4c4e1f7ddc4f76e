package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// contract is the repository's openapi.yaml: what every answer is held against.
var contract = loadDocument("../openapi.yaml")

// document is an OpenAPI document that answers can be held against.
type document struct {
	spec *openapi3.T
}

// endpoint is one operation of a document.
type endpoint struct {
	method, path string
	*openapi3.Operation
}

func loadDocument(file string) *document {
	for _, mediaType := range []string{"text/event-stream", "text/html", "application/pdf"} {
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.FileBodyDecoder)
	}
	spec, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		panic(fmt.Sprintf("read %s: %v", file, err))
	}
	return &document{spec: spec}
}

// endpoints are all operations, in the order of their ids.
func (d *document) endpoints() []endpoint {
	var all []endpoint
	for path, item := range d.spec.Paths.Map() {
		for method, operation := range item.Operations() {
			all = append(all, endpoint{method: method, path: path, Operation: operation})
		}
	}
	slices.SortFunc(all, func(a, b endpoint) int { return strings.Compare(a.OperationID, b.OperationID) })
	return all
}

func (d *document) operationIDs() []string {
	var ids []string
	for _, e := range d.endpoints() {
		ids = append(ids, e.OperationID)
	}
	return ids
}

// find is the operation at an address: one that is spelt out before one with
// parameters.
func (d *document) find(method, address string) (endpoint, bool) {
	var found endpoint
	parameters := -1
	for _, e := range d.endpoints() {
		if n, ok := fits(e.path, address); ok && e.method == method && (parameters < 0 || n < parameters) {
			found, parameters = e, n
		}
	}
	return found, parameters >= 0
}

// fits says whether an address is one of a path, and with how many parameters.
func fits(path, address string) (parameters int, ok bool) {
	want, got := strings.Split(path, "/"), strings.Split(address, "/")
	if len(want) != len(got) {
		return 0, false
	}
	for i, segment := range want {
		switch {
		case strings.HasPrefix(segment, "{"):
			parameters++
		case segment != got[i]:
			return 0, false
		}
	}
	return parameters, true
}

// parameter says whether the operation takes a parameter in a place.
func (e endpoint) parameter(in, name string) bool {
	return e.Parameters.GetByInAndName(in, name) != nil
}

// needs is the security scheme of an operation, "" for a public one.
func (e endpoint) needs() string {
	if e.Security == nil {
		return ""
	}
	for _, requirement := range *e.Security {
		for scheme := range requirement {
			return scheme
		}
	}
	return ""
}

// checked is a transport that lets no answer pass that the document does not allow.
type checked struct {
	next http.RoundTripper
	// failing lets a 5xx pass: the test has taken something away.
	failing bool
}

// RoundTrip makes the call; an answer that breaks the contract is an error.
func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	if response.StatusCode >= http.StatusInternalServerError && !c.failing {
		return nil, fmt.Errorf("%s %s answered %d: %s", r.Method, r.URL, response.StatusCode, body)
	}
	if err := contract.holds(r, response, body); err != nil {
		return nil, fmt.Errorf("%s %s answered %d against the contract: %w\n%s", r.Method, r.URL, response.StatusCode, err, body)
	}
	return response, nil
}

// holds says what an answer breaks of the document, and counts a success.
func (d *document) holds(r *http.Request, response *http.Response, body []byte) error {
	if response.Header.Get("X-Request-Id") == "" {
		return fmt.Errorf("it has no X-Request-Id")
	}
	plain, err := decoded(response.Header.Get("Content-Encoding"), body)
	if err != nil {
		return err
	}
	if err := discreet(plain); err != nil {
		return err
	}
	e, known := d.find(r.Method, r.URL.Path)
	isProblem := response.StatusCode >= http.StatusBadRequest && response.Header.Get("Content-Type") != "application/json"
	if isProblem {
		if err := problemHolds(response, plain); err != nil {
			return err
		}
	}
	if !known {
		return nil
	}
	if err := d.fits(r, e, response, plain); err != nil {
		return err
	}
	if response.StatusCode < http.StatusMultipleChoices {
		executed.add(e.OperationID)
	}
	return nil
}

func (d *document) fits(r *http.Request, e endpoint, response *http.Response, body []byte) error {
	if response.StatusCode < http.StatusBadRequest && e.Responses.Status(response.StatusCode) == nil {
		return fmt.Errorf("%s does not document this status", e.OperationID)
	}
	if (response.StatusCode == http.StatusNoContent || response.StatusCode == http.StatusNotModified) && len(body) > 0 {
		return fmt.Errorf("a status without a body has one")
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true}
	options.WithCustomSchemaErrorFunc(func(err *openapi3.SchemaError) string {
		return fmt.Sprintf("%s: %s", strings.Join(err.JSONPointer(), "."), err.Reason)
	})
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: r, Route: &routers.Route{Spec: d.spec, Path: e.path, Method: e.method, Operation: e.Operation},
		},
		Status: response.StatusCode, Header: response.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: options,
	})
}

func decoded(encoding string, body []byte) ([]byte, error) {
	switch encoding {
	case "":
		return body, nil
	case "gzip":
		unpacked, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(unpacked)
	case "br":
		return io.ReadAll(brotli.NewReader(bytes.NewReader(body)))
	}
	return nil, fmt.Errorf("it is encoded as %q", encoding)
}

// problem is an RFC 9457 problem as the API documents it.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
	RequestID string `json:"request_id"`
	Errors    []struct {
		Field   string `json:"field"`
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
}

// fields are the names of the fields that are not acceptable.
func (p problem) fields() []string {
	var names []string
	for _, e := range p.Errors {
		names = append(names, e.Field)
	}
	return names
}

// problemHolds is what holds of every problem, whoever answered with it.
func problemHolds(response *http.Response, body []byte) error {
	if got := response.Header.Get("Content-Type"); got != "application/problem+json" {
		return fmt.Errorf("a problem has content type %q", got)
	}
	var p problem
	if err := json.Unmarshal(body, &p); err != nil {
		return err
	}
	switch {
	case p.Status != response.StatusCode:
		return fmt.Errorf("the problem's status is %d", p.Status)
	case p.Code == "" || p.Title == "" || p.Detail == "":
		return fmt.Errorf("the problem lacks a code, a title or a detail")
	case p.Type != "urn:hostfront:problem:"+p.Code:
		return fmt.Errorf("the problem's type is %q", p.Type)
	case p.RequestID == "" || p.RequestID != response.Header.Get("X-Request-Id"):
		return fmt.Errorf("the problem's request id is %q", p.RequestID)
	case p.Code == "invalid_fields" && len(p.Errors) == 0:
		return fmt.Errorf("the problem names no field")
	}
	for _, e := range p.Errors {
		if e.Field == "" || e.Code == "" || e.Message == "" {
			return fmt.Errorf("a field error is incomplete: %+v", e)
		}
	}
	return nil
}

// discreet refuses an answer that shows the inside of the shop: its keys, its
// database, its stacks, or what an upstream said.
func discreet(body []byte) error {
	if !utf8.Valid(body) {
		return nil // a document, such as a PDF
	}
	for _, inside := range []string{"test-upstream-key", "test-provider-key", "test-webhook-secret", "goroutine ", "SQLSTATE", "sqlite3", "SQL logic"} {
		if bytes.Contains(body, []byte(inside)) {
			return fmt.Errorf("it shows %q", inside)
		}
	}
	return nil
}
