package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"hostfront/billing"
	"hostfront/billing/stripe"
	"hostfront/billing/transfer"
	"hostfront/catalog"
	"hostfront/money"
)

// gateways are the ways to pay that are configured, those of the options first.
func (a *App) gateways(ctx context.Context) ([]billing.Gateway, error) {
	gateways := append([]billing.Gateway{}, a.options.Gateways...)
	if c := a.Config.Stripe; c.SecretKey != "" {
		mark, err := a.mark(ctx)
		if err != nil {
			return nil, err
		}
		g, err := stripe.New(stripe.Config{
			Shop: mark, SecretKey: c.SecretKey, PublishableKey: c.PublishableKey, WebhookSecrets: c.WebhookSecrets,
			Live: strings.Contains(c.SecretKey, "_live_"), APIBase: c.APIBase, AllowDelayed: c.DelayedMethods,
			Transport: a.Store.Guard(a.options.Transport), Clock: a.Clock, Log: a.log,
		})
		if err != nil {
			return nil, err
		}
		gateways = append(gateways, g)
	}
	if c := a.Config.Transfer; c.IBAN != "" {
		g, err := transfer.New(transfer.Config{IBAN: c.IBAN, BIC: c.BIC, Beneficiary: c.Beneficiary, Live: true})
		if err != nil {
			return nil, fmt.Errorf("TRANSFER_IBAN: %w", err)
		}
		gateways = append(gateways, g)
	}
	return gateways, nil
}

// seller is who is frozen on every document.
func (c Config) seller() billing.Seller {
	s := c.Shop
	name := s.Seller
	if name == "" {
		name = s.Name
	}
	return billing.Seller{
		Name: name, Street: s.Street, Postcode: s.Postcode, City: s.City, Country: s.Country, Email: s.Email,
		VATID: s.VATID, Registration: s.Registered, IBAN: c.Transfer.IBAN, BIC: c.Transfer.BIC,
	}
}

// ownSpaces reads "812:Own hosting:4.99:49.90" a space; an empty price is a cycle
// that is not sold.
func ownSpaces(settings []string, c money.Currency) ([]catalog.OwnSpace, error) {
	var spaces []catalog.OwnSpace
	for _, setting := range settings {
		parts := strings.Split(setting, ":")
		if len(parts) != 4 {
			return nil, fmt.Errorf("LJPC_SPACES has %q: give id:name:price a month:price a year", setting)
		}
		id, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("LJPC_SPACES has %q: the id must be a whole number", setting)
		}
		space := catalog.OwnSpace{SpaceID: id, Name: parts[1]}
		for i, price := range []**money.Amount{&space.Month, &space.Year} {
			if parts[2+i] == "" {
				continue
			}
			amount, err := money.Parse(parts[2+i], c)
			if err != nil {
				return nil, fmt.Errorf("LJPC_SPACES has %q: %w", setting, err)
			}
			*price = &amount
		}
		spaces = append(spaces, space)
	}
	return spaces, nil
}

func spaceIDs(spaces []catalog.OwnSpace) []int64 {
	var ids []int64
	for _, space := range spaces {
		ids = append(ids, space.SpaceID)
	}
	return ids
}
