package app

import (
	"fmt"
	"net/netip"
	"strings"
)

// proxies reads "10.0.0.0/8,192.0.2.1": networks, or single addresses.
func (c Config) proxies() ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, setting := range c.Proxies {
		setting = strings.TrimSpace(setting)
		if prefix, err := netip.ParsePrefix(setting); err == nil {
			prefixes = append(prefixes, prefix.Masked())
			continue
		}
		address, err := netip.ParseAddr(setting)
		if err != nil {
			return nil, fmt.Errorf("HOSTFRONT_TRUSTED_PROXIES has %q: give an address or a network, such as 10.0.0.0/8", setting)
		}
		prefixes = append(prefixes, netip.PrefixFrom(address, address.BitLen()))
	}
	return prefixes, nil
}

func (c Config) checkProxies() error {
	_, err := c.proxies()
	return err
}
