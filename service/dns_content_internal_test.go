package service

import (
	"strings"
	"testing"

	"hostfront/upstream"
)

func record(kind, name, content string) upstream.Record {
	r := upstream.Record{Type: kind, Name: name, Content: content, TTL: 3600}
	if kind == "MX" || kind == "SRV" {
		prio := int64(10)
		r.Priority = &prio
	}
	return r
}

func TestARecordOfEveryTypeIsTakenAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, r := range []upstream.Record{
		record("A", "@", "192.0.2.1"), record("A", "*", "192.0.2.1"), record("A", "*.dev", "192.0.2.1"), record("AAAA", "www", "2001:db8::1"),
		record("AAAA", "www", "::ffff:192.0.2.1"), record("CNAME", "s1._domainkey", "s1._domainkey.mailer.example."), record("CNAME", "shop", "@"),
		record("MX", "@", "mail.example.com"), record("MX", "@", "."), record("SRV", "_sip._tcp", "5 5060 sip.example.com"), record("SRV", "_x._tcp", "0 0 ."),
		record("CAA", "@", `0 issue "letsencrypt.org"`), record("CAA", "@", "128 iodef mailto:a@example.com"), record("TXT", "@", `v=spf1 include:a.example "~all"; ü`),
		record("TXT", "_dmarc", strings.Repeat("x", 3000)), record("A", "xn--bcher-kva", "192.0.2.1"),
	} {
		if fields := checkRecords("ann.nl", []upstream.Record{r}); len(fields) > 0 {
			t.Errorf("%s %s %.40s: %+v", r.Type, r.Name, r.Content, fields)
		}
	}
	together := []upstream.Record{record("A", "@", "192.0.2.1"), record("A", "@", "192.0.2.2"), record("CNAME", "www", "@"), record("TXT", "_dmarc", "x")}
	if fields := checkRecords("ann.nl", together); len(fields) > 0 {
		t.Errorf("a plain zone: %+v", fields)
	}
}

func TestARecordThatCannotBeIsNamedByItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		record      upstream.Record
		field, code string
	}{
		{record("A", "@", "not-an-ip"), "content", "invalid"},
		{record("A", "@", "2001:db8::1"), "content", "invalid"},
		{record("A", "@", "192.0.2.01"), "content", "invalid"},
		{record("AAAA", "@", "1.2.3.4"), "content", "invalid"},
		{record("AAAA", "@", "fe80::1%eth0"), "content", "invalid"},
		{record("A", "x y", "192.0.2.1"), "name", "name_invalid"},
		{record("A", "www.", "192.0.2.1"), "name", "name_invalid"},
		{record("A", "a.*", "192.0.2.1"), "name", "name_invalid"},
		{record("A", "-a", "192.0.2.1"), "name", "name_invalid"},
		{record("A", "bücher", "192.0.2.1"), "name", "name_invalid"},
		{record("A", strings.Repeat("x", 64), "192.0.2.1"), "name", "name_invalid"},
		{record("A", strings.Repeat("long.", 50)+"x", "192.0.2.1"), "name", "name_invalid"},
		{record("A", "", "192.0.2.1"), "name", "required"},
		{record("TXT", "@", ""), "content", "required"},
		{record("TXT", "@", "a\nb"), "content", "invalid"},
		{record("CNAME", "www", "http://example.com/"), "content", "invalid"},
		{record("CNAME", "www", "."), "content", "invalid"},
		{record("CNAME", "@", "example.com"), "name", "cname_at_apex"},
		{record("MX", "@", "10 mail.example.com"), "content", "invalid"},
		{record("SRV", "_sip._tcp", "x"), "content", "invalid"},
		{record("SRV", "_sip._tcp", "5 65536 sip.example.com"), "content", "invalid"},
		{record("CAA", "@", "letsencrypt.org"), "content", "invalid"},
		{record("CAA", "@", "256 issue a"), "content", "invalid"},
		{record("CAA", "@", "0 issue"), "content", "invalid"},
		{record("NS", "@", "ns1.example.com"), "type", "invalid_type"},
	} {
		fields := checkRecords("ann.nl", []upstream.Record{record("TXT", "_other", "x"), c.record})
		if len(fields) != 1 || fields[0].Name != "records[1]."+c.field || fields[0].Code != c.code || fields[0].Message == "" {
			t.Errorf("%s %q %q: %+v, want %s about %s", c.record.Type, c.record.Name, c.record.Content, fields, c.code, c.field)
		}
	}
}

func TestACNAMEIsAloneAtItsName(t *testing.T) {
	t.Parallel()
	for name, beside := range map[string]upstream.Record{
		"an address": record("A", "WWW", "192.0.2.1"), "another": record("CNAME", "www", "b.example.com"), "a text": record("TXT", "www", "x"),
	} {
		fields := checkRecords("ann.nl", []upstream.Record{beside, record("CNAME", "www", "a.example.com")})
		if len(fields) == 0 || fields[len(fields)-1].Name != "records[1].name" || fields[len(fields)-1].Code != "cname_not_alone" {
			t.Errorf("beside %s: %+v", name, fields)
		}
	}
}
