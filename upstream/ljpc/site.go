package ljpc

import (
	"context"
	"errors"
	"net/url"

	"hostfront/upstream"
)

func sitePath(id string) string { return pathSites + "/" + url.PathEscape(id) }

// Sites lists the account's sites.
func (c *Client) Sites(ctx context.Context) ([]upstream.Site, error) {
	call := get(OpSites, pathSites, nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return nil, err
	}
	entries, err := listOf(data, listSites)
	if err != nil {
		return nil, c.http.Unreadable(call, err)
	}
	sites := make([]upstream.Site, 0, len(entries))
	for _, entry := range entries {
		site, err := readSite(entry)
		if err != nil {
			return nil, c.http.Unreadable(call, err)
		}
		sites = append(sites, site)
	}
	return sites, nil
}

// Site reads one site and its usage.
func (c *Client) Site(ctx context.Context, id string) (upstream.Site, error) {
	call := get(OpSite, sitePath(id), nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return upstream.Site{}, err
	}
	site, err := readSite(within(data, fieldSite))
	if err != nil {
		return upstream.Site{}, c.http.Unreadable(call, err)
	}
	return site, nil
}

func readSite(o object) (upstream.Site, error) {
	id := o.text(fieldID)
	if id == "" {
		return upstream.Site{}, errors.New("a site without an id")
	}
	return upstream.Site{
		ID: id, Domain: o.text(fieldSiteDomain), Status: o.text(fieldSiteStatus),
		QuotaBytes: o.integer(fieldDiskQuota), DiskUsedBytes: o.integer(fieldDiskUsed),
		EmailUsedBytes: o.integer(fieldEmailUsed), CreatedAt: o.instant(fieldCreatedAt),
	}, nil
}

// LoginURL makes a URL that signs in to the site's panel once; "" when LJPc
// answers 204, there is none.
func (c *Client) LoginURL(ctx context.Context, siteID string) (string, error) {
	call := get(OpLogin, sitePath(siteID)+"/login", nil)
	data, err := c.ask(ctx, call)
	if err != nil || data == nil {
		return "", err
	}
	link := asObject(data).text(fieldURL)
	target, err := url.Parse(link)
	if err != nil || target.Host == "" || (target.Scheme != "https" && target.Scheme != "http") {
		return "", c.http.Unreadable(call, errors.New("the login is not an http or https URL"))
	}
	return link, nil
}
