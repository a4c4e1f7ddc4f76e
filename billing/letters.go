package billing

import (
	_ "embed"
	"errors"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
)

// dejaVu has the letters of every European language: a name on a legal document is
// written as it is. It is cut from the whole font, of which most is never printed: each
// document that needs it reads all of it.
//
//go:generate go run ./font/cut font/DejaVuSansCondensed.ttf font/DejaVuSansCondensed-cut.ttf font/western
//go:embed font/DejaVuSansCondensed-cut.ttf
var dejaVu []byte

// westernFont is the same font with the letters of Windows-1252 alone, ready to be put in a
// document as it is, and westernWidths what the library must know of it. Nearly all
// documents need no more, and are made without reading a font (BenchmarkPaper: 0.16 ms for 5.1).
var (
	//go:embed font/western.z
	westernFont []byte
	//go:embed font/western.json
	westernWidths []byte
)

// errOtherLetters: a document for western letters has others in it.
var errOtherLetters = errors.New("letters that are not western")

const fontName = "DejaVu"

// letters are what a document is written with: those of Windows-1252, or all of Europe's.
type letters struct {
	all bool
	// others: one came that is not among them.
	others bool
}

func (l *letters) addTo(pdf *fpdf.Fpdf) {
	if l.all {
		pdf.AddUTF8FontFromBytes(fontName, "", dejaVu)
		return
	}
	pdf.AddFontFromBytes(fontName, "", westernWidths, westernFont)
}

// written is a text as the font takes it.
func (l *letters) written(text string) string {
	if l.all {
		return text
	}
	out, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil || !utf8.ValidString(text) {
		l.others = true
		return ""
	}
	return out
}

// readBack is what written wrote.
func readBack(line []byte) string {
	text, _ := charmap.Windows1252.NewDecoder().Bytes(line) // every byte is a letter
	return string(text)
}
