package sim_test

import (
	"io"
	"math/rand/v2"
	"sync"

	"hostfront/money"
	"hostfront/sandbox/ljpc"
)

// source is randomness that a seed repeats. It goes on over a restart.
type source struct {
	mu   sync.Mutex
	next *rand.ChaCha8
}

func seeded(seed, subject uint64) io.Reader {
	var key [32]byte
	for i := range 8 {
		key[i], key[8+i] = byte(seed>>(8*i)), byte(subject>>(8*i))
	}
	return &source{next: rand.NewChaCha8(key)}
}

// Read never fails.
func (s *source) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next.Read(p)
}

func euro(cents int64) *money.Amount { a := money.New(cents, money.EUR); return &a }

// products are a package by the month, one as the customer likes, and a cheap one by
// the year.
func products() []ljpc.Product {
	return []ljpc.Product{
		{
			UUID: "7f0c9a52-1d4e-4b8a-9c11-000000000001", Name: "Pro 10 GB", Identifier: "hosting_10gb", Category: "hosting",
			Billing: "monthly", Monthly: euro(285), DiskGB: 10,
		},
		{
			UUID: "7f0c9a52-1d4e-4b8a-9c11-000000000002", Name: "Flex 25 GB", Identifier: "hosting_25gb", Category: "hosting",
			Billing: "client_choice", Monthly: euro(421), Yearly: euro(4210), DiskGB: 25,
		},
	}
}

func tlds() []ljpc.TLD {
	return []ljpc.TLD{
		{Name: "nl", List: euro(799), Cost: *euro(679), Transfer: true},
		{Name: "com", List: euro(1295), Cost: *euro(1101), Transfer: true},
		{Name: "shop", List: euro(3495), Cost: *euro(2971), Transfer: true},
	}
}
