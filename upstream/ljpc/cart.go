package ljpc

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"hostfront/fault"
	"hostfront/upstream"
)

// unsellable refuses what the document rules out, before anything is sent.
func unsellable(code, why string) error {
	return fault.Came(fault.Rejected, code, why).Because(upstream.ErrInvalid)
}

// cartItem is a line in LJPc's shape for its type.
func (c *Client) cartItem(ctx context.Context, item upstream.OrderItem) (map[string]any, error) {
	if item.Domain == "" {
		return nil, unsellable("domain_required", "every line of an order is about a domain")
	}
	switch item.Type {
	case upstream.ItemHosting:
		return c.hostingItem(ctx, item)
	case upstream.ItemDomain:
		return domainItem(item)
	case upstream.ItemHostingOwn:
		return c.ownItem(item)
	}
	return nil, unsellable("item_unknown", "LJPc has no line of this type")
}

func (c *Client) hostingItem(ctx context.Context, item upstream.OrderItem) (map[string]any, error) {
	if item.ProductRef == "" {
		return nil, unsellable("product_required", "a hosting line needs a product")
	}
	terms, err := c.termsOf(ctx, item)
	if err != nil {
		return nil, err
	}
	if kind, ok := kindOf(item.Category); ok {
		terms.kind = kind
	}
	cart := map[string]any{"type": upstream.ItemHosting, "product_uuid": item.ProductRef, "domain": item.Domain}
	if err := addPeriod(cart, item.Cycle, terms.billing); err != nil {
		return nil, err
	}
	if terms.kind == upstream.KindForward || (terms.kind == "" && item.TargetURL != "") {
		if !absoluteURL(item.TargetURL) {
			return nil, unsellable("target_url_invalid", "a forward needs an absolute http or https URL")
		}
		cart["target_url"] = item.TargetURL
	}
	return cart, nil
}

// addPeriod names the period for a product that leaves the choice, and only for
// such a one; a cycle shorter than what LJPc bills would be sold at a loss.
func addPeriod(cart map[string]any, cycle, billing string) error {
	periods := map[string]string{upstream.CycleMonth: "monthly", upstream.CycleYear: "yearly"}
	period, known := periods[cycle]
	if cycle != "" && !known {
		return unsellable("cycle_unknown", "a cycle is a month or a year")
	}
	switch {
	case billing == upstream.BillingClientChoice && !known:
		return unsellable("cycle_required", "this product needs a cycle")
	case billing == upstream.BillingYearly && cycle == upstream.CycleMonth:
		return unsellable("cycle_too_short", "LJPc bills this product by the year")
	case known && (billing == upstream.BillingClientChoice || billing == ""):
		cart["billing_period"] = period
	}
	return nil
}

func domainItem(item upstream.OrderItem) (map[string]any, error) {
	sld, tld, found := strings.Cut(item.Domain, ".")
	if !found || sld == "" || tld == "" {
		return nil, unsellable("domain_invalid", "a domain has a name and a TLD")
	}
	cart := map[string]any{"type": upstream.ItemDomain, "action": item.Action, "sld": sld, "tld": tld}
	switch item.Action {
	case upstream.ActionRegister:
	case upstream.ActionTransfer:
		if item.AuthCode == "" {
			return nil, unsellable("auth_code_required", "a transfer needs an auth code")
		}
		cart["auth_code"] = item.AuthCode
	default:
		return nil, unsellable("action_unknown", "LJPc registers and transfers")
	}
	return cart, nil
}

// ownItem is a site on one of the operator's own spaces, which costs nothing. The
// catalogue lists no spaces: the operator names them and the shop prices them.
func (c *Client) ownItem(item upstream.OrderItem) (map[string]any, error) {
	if !slices.Contains(c.spaces, item.SpaceID) {
		return nil, unsellable("space_unknown", "this space is not one of the operator's")
	}
	return map[string]any{"type": upstream.ItemHostingOwn, "space_id": item.SpaceID, "domain": item.Domain}, nil
}

func absoluteURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
