package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones are in the binary: a container has none

	"hostfront/billing"
	"hostfront/upstream"
)

// policies are the shop's choices for billing, as far as they are settings.
func (c Config) policies() (billing.Policies, error) {
	zone, err := c.Shop.zone()
	if err != nil {
		return billing.Policies{}, err
	}
	p := billing.Policies{
		ExpiryNotices: c.Collect.ExpiryNotices,
		Retry: billing.Retry{
			Transport: c.Collect.Transport, Soft: c.Collect.SoftDays, Authentication: c.Collect.ConfirmDays,
			Hour: c.Collect.Hour, Zone: zone,
		},
	}
	if p.Deadlines, err = c.LJPC.deadlines(); err != nil {
		return billing.Policies{}, err
	}
	if days := c.Collect.SEPAEarlyDays; days > 0 {
		p.Early = map[string]int{"sepa_debit": days}
	}
	return p, nil
}

// deadlines are how many days before a name expires its renewal must be decided, by TLD.
func (c LJPCConfig) deadlines() (upstream.Deadlines, error) {
	said := upstream.Deadlines{}
	for _, setting := range c.Deadlines {
		tld, text, of := strings.Cut(strings.TrimSpace(setting), ":")
		if !of {
			tld, text = "", tld
		}
		days, err := strconv.Atoi(strings.TrimSpace(text))
		tld = strings.ToLower(strings.Trim(tld, ". "))
		if _, twice := said[tld]; err != nil || twice || days < 1 || days > 60 || (of && tld == "") {
			return nil, fmt.Errorf("LJPC_RENEWAL_DEADLINES has %q: give days from 1 to 60 for all names and once for a TLD, such as 14;eu:30", setting)
		}
		said[tld] = days
	}
	return said, nil
}

// zone is where the shop keeps its hours.
func (c ShopConfig) zone() (*time.Location, error) {
	if c.TimeZone == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil || c.TimeZone == "Local" {
		return nil, fmt.Errorf("SHOP_TIME_ZONE is %q: give a zone of the IANA list, such as Europe/Amsterdam", c.TimeZone)
	}
	return zone, nil
}

// checkCollect refuses days that do not rise and hours that no day has.
func (c Config) checkCollect() error {
	if _, err := c.Shop.zone(); err != nil {
		return err
	}
	for name, days := range map[string][]int{"COLLECT_SOFT_DAYS": c.Collect.SoftDays, "COLLECT_CONFIRM_DAYS": c.Collect.ConfirmDays} {
		if !rises(days) {
			return fmt.Errorf("%s is %v: give days from 1 on, each later than the one before, such as 1,3,5,7,10,14", name, days)
		}
	}
	if len(c.Collect.Transport) > 0 && slices.Min(c.Collect.Transport) < time.Second {
		return fmt.Errorf("COLLECT_TRANSPORT is %v: give pauses of a second or more, such as 1m,5m,30m", c.Collect.Transport)
	}
	if len(c.Collect.ExpiryNotices) > 0 && (slices.Min(c.Collect.ExpiryNotices) < 1 || slices.Max(c.Collect.ExpiryNotices) > 90) {
		return fmt.Errorf("COLLECT_EXPIRY_NOTICES is %v: give days from 1 to 90, such as 30,15,7,3", c.Collect.ExpiryNotices)
	}
	if c.Collect.Hour < 0 || c.Collect.Hour > 23 {
		return fmt.Errorf("COLLECT_HOUR is %d: give an hour from 0 to 23", c.Collect.Hour)
	}
	if _, err := c.LJPC.deadlines(); err != nil {
		return err
	}
	if c.Collect.SEPAEarlyDays < 0 || c.Collect.SEPAEarlyDays > 30 {
		return fmt.Errorf("COLLECT_SEPA_EARLY_DAYS is %d: give days from 0 to 30", c.Collect.SEPAEarlyDays)
	}
	return nil
}

func rises(days []int) bool {
	last := 0
	for _, d := range days {
		if d <= last {
			return false
		}
		last = d
	}
	return true
}
