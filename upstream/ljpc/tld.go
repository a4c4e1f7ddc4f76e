package ljpc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hostfront/upstream"

	"golang.org/x/net/idna"
)

// TLDs lists what LJPc sells, with its indicative list price of a year. It is
// all of the answer or an error.
func (c *Client) TLDs(ctx context.Context) ([]upstream.TLD, error) {
	call := get(OpTLDs, pathTLDs, nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return nil, err
	}
	tlds, err := readTLDs(data)
	if err != nil {
		return nil, c.http.Unreadable(call, err)
	}
	return tlds, nil
}

func readTLDs(data any) ([]upstream.TLD, error) {
	entries, err := listOf(data, listTLDs)
	if err != nil {
		return nil, err
	}
	tlds := make([]upstream.TLD, 0, len(entries))
	seen := make(map[string]bool, len(entries))
	for i, entry := range entries {
		tld, err := readTLD(entry)
		if err != nil {
			return nil, fmt.Errorf("TLD %d of the list: %w", i, err)
		}
		if !seen[tld.Name] {
			seen[tld.Name] = true
			tlds = append(tlds, tld)
		}
	}
	return tlds, nil
}

func readTLD(o object) (upstream.TLD, error) {
	name, err := asciiName(strings.TrimPrefix(o.text(fieldTLDName), "."))
	if err != nil {
		return upstream.TLD{}, err
	}
	if !o.has(fieldTLDPrice) {
		return upstream.TLD{}, errors.New("no price, not even null")
	}
	list, err := o.price(fieldTLDPrice)
	if err != nil {
		return upstream.TLD{}, err
	}
	return upstream.TLD{Name: name, List: list, TransferSupported: o.is(fieldTransferSupported)}, nil
}

// asciiName is a name as A-labels in lower case: answers may spell it in Unicode
// where the question did not.
func asciiName(name string) (string, error) {
	if name == "" {
		return "", errors.New("no name")
	}
	ascii, err := idna.Punycode.ToASCII(strings.ToLower(name))
	if err != nil || len(ascii) > 253 {
		return "", fmt.Errorf("%.60q is not a domain name", name)
	}
	return ascii, nil
}
