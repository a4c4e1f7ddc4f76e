package billing

import (
	"testing"

	"hostfront/db"
	"hostfront/money"

	"pgregory.net/rapid"
)

// drawnLine is a line of an invoice at some rate of VAT, rounded as documents are or with a
// cent of the document's difference on it.
func drawnLine(t *rapid.T) db.InvoiceLine {
	rate := rapid.SampledFrom([]int64{0, 3, 9, 17, 21, 25, 27}).Draw(t, "rate")
	net := rapid.Int64Range(1, 5_000_000).Draw(t, "net")
	vat := (net*rate+50)/100 + rapid.Int64Range(-1, 1).Draw(t, "difference")
	rates := map[int64]string{0: "0", 3: "3", 9: "9", 17: "17", 21: "21", 25: "25", 27: "27"}
	return db.InvoiceLine{ID: "inl", Net: net, Vat: max(vat, 0), VatRate: rates[rate]}
}

// take counts a part as taken back, as the statement on the row does, and holds it against
// what was left.
func take(t *rapid.T, l *db.InvoiceLine, p takeBack) {
	if p.net < 0 || p.vat < 0 || l.CreditedNet+p.net > l.Net || l.CreditedVat+p.vat > l.Vat {
		t.Fatalf("%d and %d of VAT taken of %+v", p.net, p.vat, *l)
	}
	l.CreditedNet += p.net
	l.CreditedVat += p.vat
}

// However a line is taken back, in gross parts and in net parts: no part asks for more than is
// left, a gross part is that amount to the cent, and the last leaves nothing.
func TestPartsOfALineAddUpToItHoweverItIsTakenBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawnLine(t)
		for range rapid.IntRange(0, 12).Draw(t, "parts") {
			left := rest(l)
			if left.gross() <= 0 || left.net <= 0 {
				break
			}
			if rapid.Bool().Draw(t, "by net") {
				p, err := netPart(l, money.New(rapid.Int64Range(1, left.net).Draw(t, "net part"), money.EUR))
				if err != nil {
					t.Fatal(err)
				}
				take(t, &l, p)
				continue
			}
			gross := rapid.Int64Range(1, left.gross()).Draw(t, "gross part")
			p, err := part(l, gross, money.EUR)
			if err != nil || p.gross() != gross {
				t.Fatalf("%d asked of %+v, %d taken: %v", gross, l, p.gross(), err)
			}
			take(t, &l, p)
		}
		if left := rest(l); left.gross() > 0 {
			p, err := part(l, left.gross(), money.EUR)
			if err != nil {
				t.Fatal(err)
			}
			take(t, &l, p)
		}
		if l.CreditedNet != l.Net || l.CreditedVat != l.Vat {
			t.Fatalf("all was taken back, and %+v is left", rest(l))
		}
		if _, err := part(l, 1, money.EUR); err == nil {
			t.Fatal("a cent more than all")
		}
	})
}

// An amount that is spread over lines is taken to the cent, and of no line more than it has.
func TestAnAmountSpreadOverLinesIsTakenToTheCent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := make([]db.InvoiceLine, rapid.IntRange(1, 6).Draw(t, "lines"))
		left := int64(0)
		for i := range lines {
			lines[i] = drawnLine(t)
			left += rest(lines[i]).gross()
		}
		for range rapid.IntRange(1, 6).Draw(t, "refunds") {
			if left == 0 {
				break
			}
			want := rapid.Int64Range(1, left).Draw(t, "refund")
			parts, err := spread(lines, money.New(want, money.EUR), money.EUR)
			if err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for _, p := range parts {
				sum += p.gross()
				for i := range lines {
					if lines[i] == p.line {
						take(t, &lines[i], p)
						break
					}
				}
			}
			if sum != want {
				t.Fatalf("%d asked, %d taken", want, sum)
			}
			left -= sum
		}
	})
}
