package billing

import (
	"bytes"
	"os"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
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

func BenchmarkPaper(b *testing.B) {
	for name, font := range map[string]string{"cut": "font/DejaVuSansCondensed-cut.ttf", "whole": "font/DejaVuSansCondensed.ttf"} {
		content, err := os.ReadFile(font)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			defer func(former []byte) { dejaVu = former }(dejaVu)
			dejaVu = content
			b.ReportAllocs()
			for b.Loop() {
				p := newPaper("Invoice 2026-1", time.Unix(0, 0), "Shop BV")
				p.size(textSize)
				p.row("Łukasz Żółć, Αθήνα, Москва, Þór Ægir, Ștefan Țepeș, 12,10 €")
				if out, err := p.bytes(); err != nil || !bytes.HasPrefix(out, []byte("%PDF-")) {
					b.Fatal(err)
				}
			}
		})
	}
}
