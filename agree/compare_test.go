package agree_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hostfront/agree"
	"hostfront/upstream"

	"pgregory.net/rapid"
)

const day = 24 * time.Hour

var readAt = time.Date(2026, time.March, 1, 2, 31, 0, 0, time.UTC)

func flag(on bool) *bool { return &on }

// service is a name that has been here for a while and expires in thirty days.
func service(name string) agree.Service {
	return agree.Service{ID: "svc_" + name, Kind: "domain", Name: name, ExpiresAt: readAt.Add(30 * day), Keeps: true, CreatedAt: readAt.Add(-300 * day)}
}

// theirs is what the upstream has of it.
func theirs(s agree.Service) upstream.Domain {
	return upstream.Domain{Name: s.Name, ExpiresAt: s.ExpiresAt, AutoRenew: flag(s.Keeps)}
}

// differ are the differences, as code and what they are about, sorted.
func differ(h agree.Holdings, services ...agree.Service) []string {
	h.ReadAt = readAt
	c := agree.NewComparison(h)
	found := []string{}
	add := func(ds []agree.Difference) {
		for _, d := range ds {
			found = append(found, d.Code+" "+d.About())
		}
	}
	for _, s := range services {
		add(c.Add(s))
	}
	add(c.Rest())
	slices.Sort(found)
	return found
}

func TestWhatDiffersIsNamed(t *testing.T) {
	t.Parallel()
	kept := service("a.nl")
	other := upstream.Domain{Name: "other.nl", AutoRenew: flag(true), ExpiresAt: readAt.Add(day)}
	site := agree.Service{ID: "svc_site", Kind: "hosting", Name: "a.nl", SiteID: "5001", CreatedAt: readAt.Add(-300 * day)}
	with := func(change func(s *agree.Service, d *upstream.Domain)) (agree.Service, []upstream.Domain) {
		s, d := kept, theirs(kept)
		change(&s, &d)
		return s, []upstream.Domain{d}
	}
	for name, c := range map[string]struct {
		change func(s *agree.Service, d *upstream.Domain)
		want   []string
	}{
		"Nothing":         {func(*agree.Service, *upstream.Domain) {}, nil},
		"AnotherExpiry":   {func(_ *agree.Service, d *upstream.Domain) { d.ExpiresAt = d.ExpiresAt.Add(time.Hour) }, []string{"expiry_differs a.nl"}},
		"NoExpiryTold":    {func(_ *agree.Service, d *upstream.Domain) { d.ExpiresAt = time.Time{} }, nil},
		"NoExpiryHere":    {func(s *agree.Service, _ *upstream.Domain) { s.ExpiresAt = time.Time{} }, []string{"expiry_differs a.nl"}},
		"LapsesAndRenews": {func(s *agree.Service, _ *upstream.Domain) { s.Keeps = false }, []string{"domain_renews a.nl"}},
		"KeptAndStops":    {func(_ *agree.Service, d *upstream.Domain) { d.AutoRenew = flag(false) }, []string{"domain_stops a.nl"}},
		"KeptAndExpired": {func(s *agree.Service, d *upstream.Domain) {
			s.ExpiresAt = readAt.Add(-agree.Late - time.Minute)
			d.ExpiresAt = s.ExpiresAt
		}, []string{"domain_expired a.nl"}},
		"ExpiredToday": {func(s *agree.Service, d *upstream.Domain) {
			s.ExpiresAt = readAt.Add(-time.Hour)
			d.ExpiresAt = s.ExpiresAt
		}, nil},
		"LapsesAndStops": {func(s *agree.Service, d *upstream.Domain) { s.Keeps, d.AutoRenew = false, flag(false) }, nil},
		"NotTold":        {func(s *agree.Service, d *upstream.Domain) { s.Keeps, d.AutoRenew = false, nil }, nil},
		"LapsesNextYear": {func(s *agree.Service, d *upstream.Domain) {
			s.Keeps, s.ExpiresAt = false, readAt.Add(agree.Ahead+time.Hour)
			d.ExpiresAt = s.ExpiresAt
		}, nil},
		"Gone":          {func(_ *agree.Service, d *upstream.Domain) { *d = other }, []string{"domain_gone a.nl", "domain_unowned other.nl"}},
		"GoneButYoung":  {func(s *agree.Service, d *upstream.Domain) { s.CreatedAt = readAt.Add(-time.Hour); *d = other }, []string{"domain_unowned other.nl"}},
		"CapitalsThere": {func(_ *agree.Service, d *upstream.Domain) { d.Name = "A.NL" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, domains := with(c.change)
			if got := differ(agree.Holdings{Domains: domains}, s); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	for name, c := range map[string]struct {
		holdings agree.Holdings
		want     []string
	}{
		"UnownedLapsesByItself": {agree.Holdings{Domains: []upstream.Domain{theirs(kept), {Name: "other.nl", AutoRenew: flag(false)}}}, nil},
		"Unowned":               {agree.Holdings{Domains: []upstream.Domain{theirs(kept), other}}, []string{"domain_unowned other.nl"}},
		"EmptySaysNothing":      {agree.Holdings{Domains: []upstream.Domain{}, Sites: []upstream.Site{}}, nil},
		"SiteIsThere":           {agree.Holdings{Sites: []upstream.Site{{ID: "5001"}}}, nil},
		"SiteUnownedAndGone":    {agree.Holdings{Sites: []upstream.Site{{ID: "5002"}}}, []string{"site_gone 5001", "site_unowned 5002"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := differ(c.holdings, kept, site); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestExactlyWhatWasPutOutOfOrderIsSeen draws an account in agreement with its services
// and puts some of it out of order: the comparison finds that and nothing else, in
// whatever order the services come.
func TestExactlyWhatWasPutOutOfOrderIsSeen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "names")
		var h agree.Holdings
		var services []agree.Service
		want := []string{}
		for i := range n {
			s := service(fmt.Sprintf("name%d.nl", i))
			s.Keeps = rapid.Bool().Draw(t, "keeps")
			s.ExpiresAt = readAt.Add(time.Duration(rapid.IntRange(-20, 50).Draw(t, "expires")) * day)
			d := theirs(s)
			ours, listed, expired := true, true, s.Keeps && s.ExpiresAt.Before(readAt.Add(-agree.Late))
			switch rapid.SampledFrom([]string{"", "", "", "unowned", "gone", "switch", "expiry"}).Draw(t, "trouble") {
			case "unowned":
				ours = false
				if *d.AutoRenew {
					want = append(want, "domain_unowned "+s.Name)
				}
			case "gone":
				listed = false
				want = append(want, "domain_gone "+s.Name)
			case "switch":
				d.AutoRenew = flag(!s.Keeps)
				if !s.Keeps {
					want = append(want, "domain_renews "+s.Name)
				} else if !expired {
					want = append(want, "domain_stops "+s.Name)
				}
			case "expiry":
				d.ExpiresAt = d.ExpiresAt.Add(time.Minute)
				want = append(want, "expiry_differs "+s.Name)
			}
			if ours {
				services = append(services, s)
			}
			if ours && listed && expired {
				want = append(want, "domain_expired "+s.Name)
			}
			if listed {
				h.Domains = append(h.Domains, d)
			}
		}
		if len(h.Domains) == 0 {
			want = []string{}
		}
		slices.Sort(want)
		if got := differ(h, rapid.Permutation(services).Draw(t, "order")...); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
