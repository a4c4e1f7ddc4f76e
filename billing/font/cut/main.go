// Command cut makes the fonts of the shop's documents: DejaVu Sans Condensed with the
// letters of the languages of Europe alone, since a PDF is made by reading the whole
// font, and with those of Windows-1252 alone, as it stands in a PDF. Run by go generate
// in billing; the same source gives the same bytes.
package main

import (
	"fmt"
	"os"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// ranges are what is kept, of Unicode: Latin with its extensions A and B, what is put
// over letters, Greek, Cyrillic, Latin Extended Additional, Greek Extended, punctuation,
// currencies, № and ™.
var ranges = [][2]rune{
	{0x20, 0x7E}, {0xA0, 0x24F}, {0x259, 0x259}, {0x2B0, 0x36F}, {0x370, 0x3FF}, {0x400, 0x52F}, {0x1E00, 0x1EFF}, {0x1F00, 0x1FFF},
	{0x2010, 0x2044}, {0x20A0, 0x20BF}, {0x2116, 0x2116}, {0x2122, 0x2122},
}

func main() {
	if err := run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "cut:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("usage: %s whole.ttf cut.ttf western", args[0])
	}
	whole, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	var kept strings.Builder
	for _, r := range ranges {
		for c := r[0]; c <= r[1]; c++ {
			kept.WriteRune(c)
		}
	}
	if err := os.WriteFile(args[2], fpdf.UTF8CutFont(whole, kept.String()), 0o644); err != nil {
		return err
	}
	return writeWestern(whole, args[3])
}
