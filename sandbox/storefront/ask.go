package storefront

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// mostAnswer bounds what is read of an answer, in bytes.
const mostAnswer = 8 << 20

// request is one call of the shop's API.
type request struct {
	method, path, token string
	// body is sent as JSON; nil for none. answer is read from JSON; a *[]byte takes it as it is.
	body, answer any
}

// problem is an answer of the API that refuses (RFC 9457): its texts are fit for a customer.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"errors"`
}

func (p *problem) Error() string { return fmt.Sprintf("the shop answered %d %s", p.Status, p.Code) }

// ask makes a call; what the shop refuses is a *problem.
func (s *Server) ask(ctx context.Context, q request) error {
	call, err := q.http(ctx, s.shop)
	if err != nil {
		return err
	}
	response, err := s.http.Do(call)
	if err != nil {
		return errors.New("the shop does not answer")
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err != nil {
		return errors.New("the shop's answer was cut off")
	}
	if response.StatusCode >= http.StatusBadRequest {
		p := &problem{}
		if json.Unmarshal(body, p) != nil || p.Detail == "" {
			p.Detail = "The shop refuses that."
		}
		p.Status = response.StatusCode
		return p
	}
	switch into := q.answer.(type) {
	case nil:
		return nil
	case *[]byte:
		*into = body
		return nil
	}
	return json.Unmarshal(body, q.answer)
}

func (q request) http(ctx context.Context, shop string) (*http.Request, error) {
	var body io.Reader
	if q.body != nil {
		b, err := json.Marshal(q.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	call, err := http.NewRequestWithContext(ctx, q.method, shop+q.path, body)
	if err != nil {
		return nil, errors.New("the address cannot be asked for")
	}
	if q.body != nil {
		call.Header.Set("Content-Type", "application/json")
	}
	if q.token != "" {
		call.Header.Set("Authorization", "Bearer "+q.token)
	}
	return call, nil
}
