package catalog_test

import (
	"strings"
	"testing"

	"hostfront/catalog"
	"hostfront/fault"
)

func TestDomainNamesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 63)
	for _, tt := range []struct{ in, ascii, tld, reason string }{
		{"example.nl", "example.nl", "nl", ""},
		{" Example.NL. ", "example.nl", "nl", ""},
		{"bücher.de", "xn--bcher-kva.de", "de", ""},
		{"XN--BCHER-KVA.de", "xn--bcher-kva.de", "de", ""},
		{"faß.de", "xn--fa-hia.de", "de", ""},
		{"пример.рф", "xn--e1afmkfd.xn--p1ai", "xn--p1ai", ""},
		{"example。nl", "example.nl", "nl", ""},
		{"example.co.uk", "example.co.uk", "co.uk", ""},
		{"example.uk.com", "example.uk.com", "uk.com", ""},
		{long + ".nl", long + ".nl", "nl", ""},
		{long + "a.nl", "", "", catalog.ReasonTooLong},
		{strings.Repeat("a.", 130) + "nl", "", "", catalog.ReasonTooLong},
		{strings.Repeat("ü", 60) + ".nl", "", "", catalog.ReasonTooLong},
		{strings.Repeat("x", 5000), "", "", catalog.ReasonTooLong},
		{"nl", "", "", catalog.ReasonSuffix},
		{"co.uk", "", "", catalog.ReasonSuffix},
		{"www.example.nl", "", "", catalog.ReasonSubdomain},
		{"a.b.example.co.uk", "", "", catalog.ReasonSubdomain},
		{"", "", "", catalog.ReasonInvalid},
		{".", "", "", catalog.ReasonInvalid},
		{".nl", "", "", catalog.ReasonInvalid},
		{"a..nl", "", "", catalog.ReasonInvalid},
		{"-a.nl", "", "", catalog.ReasonInvalid},
		{"a-.nl", "", "", catalog.ReasonInvalid},
		{"ab--c.nl", "", "", catalog.ReasonInvalid},
		{"a_b.nl", "", "", catalog.ReasonInvalid},
		{"a b.nl", "", "", catalog.ReasonInvalid},
		{"xn--a.nl", "", "", catalog.ReasonInvalid},
		{"a\x00.nl", "", "", catalog.ReasonInvalid},
		{"\xff.nl", "", "", catalog.ReasonInvalid},
		{"192.0.2.1", "", "", catalog.ReasonInvalid},
		{"https://example.nl", "", "", catalog.ReasonInvalid},
	} {
		ascii, tld, err := catalog.NormalizeDomain(tt.in)
		if tt.reason == "" {
			if err != nil || ascii != tt.ascii || tld != tt.tld {
				t.Errorf("%q: %q under %q, %v; want %q under %q", tt.in, ascii, tld, err, tt.ascii, tt.tld)
			}
			continue
		}
		e, ok := fault.As(err)
		if !ok || e.Code != "name_invalid" || e.Extra["reason"] != tt.reason {
			t.Errorf("%q: %v (%v), want name_invalid because of %s", tt.in, err, e, tt.reason)
		}
	}
}

func FuzzNormalizeDomain(f *testing.F) {
	for _, seed := range []string{"example.nl", "bücher.de", "xn--bcher-kva.de", "a.co.uk", "nl", "..", "\xff", "İ.com", "ab。cd"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		ascii, tld, err := catalog.NormalizeDomain(name)
		if err != nil {
			if !fault.Is(err, "name_invalid") {
				t.Fatalf("%q: %v", name, err)
			}
			return
		}
		label, ok := strings.CutSuffix(ascii, "."+tld)
		if !ok || label == "" || strings.Contains(label, ".") || len(ascii) > 253 || len(label) > 63 {
			t.Fatalf("%q is read as %q under %q", name, ascii, tld)
		}
		for _, r := range ascii {
			if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' {
				t.Fatalf("%q is read as %q, which holds %q", name, ascii, r)
			}
		}
		for _, again := range []string{ascii, catalog.Display(ascii)} {
			if back, suffix, err := catalog.NormalizeDomain(again); err != nil || back != ascii || suffix != tld {
				t.Fatalf("%q is read as %q, and that as %q (%v)", name, ascii, back, err)
			}
		}
	})
}
