package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/fault"
	"hostfront/money"
	"hostfront/upstream"
)

// DomainPrice is what a name costs exactly, as the upstream prices it now.
type DomainPrice struct {
	// Name is the A-label name, TLD the suffix it is sold under.
	Name, TLD string
	// Price is for one year of the action that was asked.
	Price Price
	// RenewNet and RenewCost are what the next year will come to, without VAT; RenewPrice
	// is that in the shop's basis.
	RenewPrice, RenewNet, RenewCost money.Amount
	// RenewCostAssumed: nobody told what the renewal costs.
	RenewCostAssumed bool
	Premium          bool
	// Years are those that can be bought at once.
	Years []int
}

// DomainPrice prices a name for "register" or "transfer" by asking the upstream for
// its exact cost. Faults: name_invalid, action_not_sold, tld_not_sold,
// premium_not_sold, upstream_unavailable, feature_unavailable while the key lacks a permission
// that it takes.
func (c *Catalog) DomainPrice(ctx context.Context, name, action string) (DomainPrice, error) {
	s := c.Snapshot()
	ascii, t, err := c.sold(s, name)
	if err != nil {
		return DomainPrice{}, err
	}
	standard := t.Register
	if action == ActionTransfer {
		standard = t.Transfer
	}
	if standard == nil || (action != ActionRegister && action != ActionTransfer) {
		return DomainPrice{}, fault.New(fault.Invalid, "action_not_sold", "A %s of .%s is not for sale here.", action, Display(t.Name))
	}
	if err := c.maySellName(ctx, ascii, action); err != nil {
		return DomainPrice{}, err
	}
	out := DomainPrice{Name: ascii, TLD: t.Name, Years: c.years(t.Name, action)}
	if c.conf.Pricer == nil {
		out.Price = *standard
		return out.renewed(*t.Renew), nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.conf.CheckTimeout)
	defer cancel()
	prices, err := c.conf.Pricer.PriceDomains(ctx, []string{ascii})
	if errors.Is(err, upstream.ErrForbidden) {
		return DomainPrice{}, unpermitted().Because(err)
	}
	if err != nil {
		return DomainPrice{}, away().Because(fmt.Errorf("price of %s: %w", ascii, err))
	}
	exact := prices[ascii]
	if exact == nil {
		return DomainPrice{}, fault.New(fault.Invalid, ReasonNotSold, "%s is not for sale here.", Display(ascii))
	}
	return c.exactly(s, t, out, quoted{action: action, exact: *exact, standard: *standard})
}

// quoted is the upstream's exact word on a name, beside the TLD's own price.
type quoted struct {
	action   string
	exact    upstream.DomainPrice
	standard Price
}

// exactly puts the rules on an exact cost.
func (c *Catalog) exactly(s *Snapshot, t *TLD, out DomainPrice, q quoted) (DomainPrice, error) {
	price, ok := s.exactPrice(t, q)
	if !ok {
		if q.exact.Premium {
			return DomainPrice{}, fault.New(fault.Invalid, ReasonPremium, "%s is a premium name, which is not for sale here.", Display(out.Name))
		}
		return DomainPrice{}, fault.New(fault.Invalid, ReasonNotSold, "%s is not for sale here.", Display(out.Name))
	}
	out.Price, out.Premium = price, q.exact.Premium
	renew, ok := s.exactRenewal(t, q.exact)
	if !ok {
		return DomainPrice{}, fault.New(fault.Invalid, ReasonPremium, "%s cannot be renewed here, so it is not for sale.", Display(out.Name))
	}
	return out.renewed(renew), nil
}

func (p DomainPrice) renewed(renew Price) DomainPrice {
	p.RenewPrice, p.RenewNet, p.RenewCost, p.RenewCostAssumed = renew.Price, renew.Net, renew.Cost, renew.CostAssumed
	return p
}

// exactPrice is the price of a name at its exact cost. The upstream's call prices the
// name and not the action: for a transfer the operator's cost goes first, and without
// one the exact cost is an assumption.
func (s *Snapshot) exactPrice(t *TLD, q quoted) (Price, bool) {
	if q.action == ActionTransfer && !q.exact.Premium && !q.standard.CostAssumed {
		return q.standard, true
	}
	return s.rulePrice(t, q.action, q.exact, q.action != ActionRegister)
}

// exactRenewal is the price of a name's next year. Where that is assumed, the higher
// of the list price and the name's own cost is: a first year may be cheaper.
func (s *Snapshot) exactRenewal(t *TLD, exact upstream.DomainPrice) (Price, bool) {
	if !exact.Premium && (!t.Renew.CostAssumed || t.Renew.Cost.Cmp(exact.Cost) >= 0) {
		return *t.Renew, true
	}
	return s.rulePrice(t, ActionRenew, exact, true)
}

func (s *Snapshot) rulePrice(t *TLD, action string, exact upstream.DomainPrice, assumed bool) (Price, bool) {
	found := s.book.price(subject{
		id: t.id, ref: t.Name, category: KindDomain, kind: KindDomain, upstream: t.upstream,
		action: action, cycle: upstream.CycleYear, premium: exact.Premium,
	}, exact.Cost, assumed)
	if found.price == nil {
		return Price{}, false
	}
	return *found.price, true
}

func away() *fault.Error {
	return fault.New(fault.Away, ReasonUnanswered, "The registry cannot be asked at the moment; try again in a minute.").After(30 * time.Second)
}

// sold reads a name and finds the TLD on sale that it stands under. A TLD that the
// upstream sells counts also where the public suffix list does not know it.
func (c *Catalog) sold(s *Snapshot, name string) (ascii string, t *TLD, err error) {
	ascii, tld, err := NormalizeDomain(name)
	if err != nil {
		if reasonOf(err) != ReasonSubdomain {
			return "", nil, err
		}
		below, t, ok := s.unlisted(name)
		if !ok {
			return "", nil, err
		}
		return below, t, nil
	}
	t, ok := s.TLD(tld)
	if !ok {
		return ascii, nil, c.notSold(tld)
	}
	return ascii, t, nil
}

// notSold is the fault for a TLD that is not on sale, with the reason that the shop
// has for it, if it has one.
func (c *Catalog) notSold(tld string) *fault.Error {
	if c.conf.SellableTLD != nil {
		if ok, why := c.conf.SellableTLD(tld); !ok && why != "" {
			return fault.New(fault.Invalid, ReasonNotSold, "Names under .%s are not for sale here: %s", Display(tld), why)
		}
	}
	return fault.New(fault.Invalid, ReasonNotSold, "Names under .%s are not for sale here.", Display(tld))
}

// unlisted is a name directly under a TLD on sale that the public suffix list lacks.
func (s *Snapshot) unlisted(name string) (ascii string, t *TLD, ok bool) {
	ascii, err := toASCII(name)
	if err != nil {
		return "", nil, false
	}
	t, ok = s.tlds[behindDot(ascii)]
	return ascii, t, ok
}
