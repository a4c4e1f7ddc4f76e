package ljpc

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"hostfront/upstream"
)

// MaxCheck is how many names go in one call.
func (c *Client) MaxCheck() int { return c.maxCheck }

// CheckDomains asks which names are free. A name that the answer leaves out, or
// describes with a word that is not known, is Uncertain.
func (c *Client) CheckDomains(ctx context.Context, names []string) (map[string]upstream.Availability, error) {
	found := make(map[string]upstream.Availability, len(names))
	for batch := range slices.Chunk(names, c.maxCheck) {
		call := get(OpCheck, pathCheck, domainQuery(batch))
		data, err := c.ask(ctx, call)
		if err != nil {
			return nil, err
		}
		answers, err := readKeyed(data, batch)
		if err != nil {
			return nil, c.http.Unreadable(call, err)
		}
		for _, name := range batch {
			found[name] = readAvailability(answers[name])
		}
	}
	return found, nil
}

func domainQuery(names []string) url.Values {
	if len(names) == 1 {
		return url.Values{fieldDomain.name(): names}
	}
	return url.Values{queryDomains: names}
}

// readKeyed reads an answer keyed by domain, under the spelling of the question.
// A bare string answers a question about one name.
func readKeyed(data any, names []string) (map[string]any, error) {
	answers := make(map[string]any, len(names))
	switch data := data.(type) {
	case string:
		if len(names) != 1 {
			return nil, errors.New("one word for several names")
		}
		answers[names[0]] = data
		return answers, nil
	case map[string]any:
		spellings := make(map[string]string, len(names))
		for _, name := range names {
			if ascii, err := asciiName(name); err == nil {
				spellings[ascii] = name
			}
		}
		for key, answer := range data {
			ascii, err := asciiName(key)
			if asked, ok := spellings[ascii]; err == nil && ok {
				answers[asked] = answer
			}
		}
		return answers, nil
	}
	return nil, errors.New("the answer is not keyed by domain")
}

func readAvailability(answer any) upstream.Availability {
	switch word := strings.ToLower(textOf(answer)); {
	case word == "available":
		return upstream.Available
	case word == "unknown":
		return upstream.Unsupported
	case slices.Contains(takenWords, word):
		return upstream.Taken
	}
	return upstream.Uncertain
}
