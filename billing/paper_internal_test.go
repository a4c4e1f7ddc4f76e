package billing

import (
	"bytes"
	"math"
	"os"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
)

// names are letters that names in Europe are written with.
const names = "AÀÁÂÃÄÅĀĂĄÆBCĆČÇDĎĐÐEÈÉÊËĒĖĘĚFGĞĢHĦIÌÍÎÏĪĮİJKĶLĹĽĻŁMNŃŇÑŅOÒÓÔÕÖŌŐØŒPQRŔŘSŚŠŞȘTŤŢȚŦUÙÚÛÜŪŮŰŲVWŴXYÝŶŸZŹŻŽÞßẞſəıŋĸ" +
	"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩάέήίΰϊϋόύώ АБВГҐДЂЃЕЁЄЖЗЅИІЇЙЈКЛЉМНЊОПРСТЋЌУЎФХЦЧЏШЩЪЫЬЭЮЯ €£₺₴№„“”‘’–—… "

func TestTheCutFontHasTheLettersOfNamesInEurope(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("font/DejaVuSansCondensed.ttf")
	if err != nil {
		t.Fatal(err)
	}
	for _, letter := range names {
		// A font of one letter that is missing is one of no letter, whatever it is cut from.
		want, got := fpdf.UTF8CutFont(whole, string(letter)), fpdf.UTF8CutFont(dejaVu, string(letter))
		if len(got) != len(want) {
			t.Errorf("%c: %d bytes from the cut font, %d from the whole", letter, len(got), len(want))
		}
	}
	if len(dejaVu) > len(whole)/4 {
		t.Errorf("the cut font is %d bytes of %d", len(dejaVu), len(whole))
	}
}

// Each letter of Windows-1252 must be in the western font, and as wide there as in the whole.
func TestAWesternDocumentIsWrittenAsAnyOther(t *testing.T) {
	t.Parallel()
	of := func(l *letters) paper { p := newPaper(l, "", time.Unix(0, 0), ""); p.size(textSize); return p }
	western, all := of(&letters{}), of(&letters{all: true})
	for at := 0x20; at <= 0xFF; at++ {
		letter := charmap.Windows1252.DecodeByte(byte(at))
		if letter == utf8.RuneError || letter == 0x7F {
			continue
		}
		got, want := western.pdf.GetStringWidth(western.letters.written(string(letter))), all.pdf.GetStringWidth(string(letter))
		if math.Abs(got-want) > 0.005 {
			t.Errorf("%c is %.3f mm wide, want %.3f", letter, got, want)
		}
	}
	text := "Zoë Müller, Rue de l’Église 12, “Straße” – 12,10 €, and so on over the line"
	if got, want := western.wrap(text, 40), all.wrap(text, 40); !slices.Equal(got, want) {
		t.Errorf("it is broken into %q, want %q", got, want)
	}
	if western.letters.others {
		t.Error("a letter of Windows-1252 was taken for another")
	}
}

func TestADocumentWithOneLetterThatIsNotWesternIsWrittenWithAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		buyer string
		font  string
	}{{"Zoë Müller", "/TrueType"}, {"Łukasz Müller", "/CIDFontType2"}, {"Ahoj \xff", "/CIDFontType2"}} {
		s := sheet{inv: Invoice{ID: "inv_letters", State: InvoicePaid, Number: "INV1", Buyer: Buyer{Name: c.buyer, Country: "NL"}, Seller: Seller{Name: "Shop BV", Country: "NL"}}}
		got, err := s.render()
		if err != nil || !bytes.Contains(got, []byte(c.font)) {
			t.Errorf("%q is not written with %s: %v", c.buyer, c.font, err)
		}
	}
}

func BenchmarkPaper(b *testing.B) {
	for name, text := range map[string]string{"western": "Zoë Müller, 12,10 €", "all": "Łukasz Żółć, Αθήνα, Москва, 12,10 €"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p := newPaper(&letters{all: name == "all"}, "Invoice 2026-1", time.Unix(0, 0), "Shop BV")
				p.size(textSize)
				p.row(text)
				if out, err := p.bytes(); err != nil || !bytes.HasPrefix(out, []byte("%PDF-")) {
					b.Fatal(err)
				}
			}
		})
	}
}
