package ljpc

import (
	"net/url"
	"slices"
	"strings"

	"hostfront/money"
)

// newLine rebuilds a line from the whitelist, with the server's own price.
func (s *Server) newLine(c *call, item cartItem) (*OrderLine, string) {
	switch item.Type {
	case "hosting":
		return s.hostingLine(item)
	case "domain":
		return s.domainLine(item)
	case "hosting_own":
		first := s.options.Keys[0].Account
		if c.account() != first || !slices.Contains(s.options.Spaces, item.SpaceID) {
			return nil, "The selected space id is invalid."
		}
		if !s.looksLikeDomain(item.Domain) {
			return nil, "The domain field is invalid."
		}
		return &OrderLine{Type: item.Type, Domain: strings.ToLower(item.Domain), SpaceID: item.SpaceID, Cost: money.Zero(money.EUR)}, ""
	}
	return nil, "The selected cart item type is invalid."
}

func (s *Server) hostingLine(item cartItem) (*OrderLine, string) {
	p, known := s.products[item.ProductUUID]
	line := &OrderLine{
		Type: item.Type, Domain: strings.ToLower(item.Domain), ProductUUID: p.UUID, Identifier: p.Identifier,
		DiskGB: p.DiskGB, BillingPeriod: p.Billing,
	}
	switch {
	case !known || !fulfillable(p.Identifier):
		return nil, "The selected product uuid is invalid."
	case !s.looksLikeDomain(item.Domain):
		return nil, "The domain field is invalid."
	case p.Identifier == "hosting_forward" && !absoluteURL(item.TargetURL):
		return nil, "The target url field must be a valid URL."
	case p.Billing == clientChoice && item.BillingPeriod != billedMonthly && item.BillingPeriod != billedYearly:
		return nil, "The billing period field is required for this product."
	case p.Billing == clientChoice:
		line.BillingPeriod = item.BillingPeriod
	}
	if p.Identifier == "hosting_forward" {
		line.URL = item.TargetURL
	}
	price := p.Monthly
	if line.BillingPeriod == billedYearly {
		price = p.Yearly
	}
	if price == nil {
		return nil, "This product is not for sale."
	}
	line.Cost = discounted(*price)
	return line, ""
}

func (s *Server) domainLine(item cartItem) (*OrderLine, string) {
	name := strings.ToLower(item.SLD + "." + strings.TrimPrefix(item.TLD, "."))
	tld, sold := s.tldOf(name)
	switch {
	case !sold:
		return nil, "This TLD is not supported."
	case item.Action != "register" && item.Action != "transfer":
		return nil, "The selected action is invalid."
	case item.Action == "register" && s.taken(name), s.state.Domains[name] != nil:
		return nil, "This domain is already registered."
	case item.Action == "transfer" && !tld.Transfer:
		return nil, "This TLD does not support transfers."
	case item.Action == "transfer" && item.AuthCode == "":
		return nil, "The auth code field is required."
	}
	return &OrderLine{Type: item.Type, Domain: name, Action: item.Action, Cost: s.exactPrice(name, tld).Cost}, ""
}

// fulfillable are the documented categories.
func fulfillable(identifier string) bool {
	if identifier == "hosting_forward" || identifier == "hosting_dns" {
		return true
	}
	size := strings.TrimSuffix(strings.TrimPrefix(identifier, "hosting_"), "gb")
	return size != "" && "hosting_"+size+"gb" == identifier && strings.Trim(size, "0123456789") == ""
}

func (s *Server) looksLikeDomain(name string) bool {
	labels := strings.Split(strings.ToLower(name), ".")
	return len(labels) > 1 && len(name) <= 253 && !slices.ContainsFunc(labels, func(l string) bool { return !validLabel(l) })
}

func absoluteURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
