package ljpc_test

import (
	"testing"

	"hostfront/money"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream/upstreamtest"
)

func euro(cents int64) money.Amount { return money.New(cents, money.EUR) }

func TestAdapterHoldsToTheContractOfItsCapabilities(t *testing.T) {
	t.Parallel()
	breaks := map[string]sandbox.Fault{
		upstreamtest.BreakLostAnswer:   {Kind: sandbox.FaultDropAfter},
		upstreamtest.BreakServerError:  {Kind: sandbox.FaultServerErrorAfter},
		upstreamtest.BreakUnreadable:   {Kind: sandbox.FaultHTML},
		upstreamtest.BreakRateLimited:  {Kind: sandbox.FaultRateLimited},
		upstreamtest.BreakUnauthorized: {Kind: sandbox.FaultLoseKey},
	}
	upstreamtest.Run(t, func(t *testing.T) upstreamtest.Subject {
		b := setup(t)
		bad := person()
		bad.Country = "NLD"
		return upstreamtest.Subject{
			Adapter: b.client, Free: "vrij.nl", Taken: "taken.nl", Unsold: "name.unsold",
			Contact: person(), BadContact: bad, Secret: testKey,
			Break:   func(how string) { b.sandbox.Faults(breaks[how]) },
			Effects: func() int { return len(b.sandbox.Effects()) },
		}
	})
}
