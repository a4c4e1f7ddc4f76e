package billing

import (
	"bytes"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// pageWidth is the width between the margins of A4, rowHeight that of a line of text, in
// millimetres.
const (
	pageWidth = 180
	rowHeight = 5
)

// paper is A4 on its way to PDF. It takes whole millimetres and points: the library's
// floats stay in this file, away from money.
type paper struct {
	pdf     *fpdf.Fpdf
	letters *letters
	// title is what the document is called, from who it is from: at the foot of every page.
	title, from string
}

// The foot of each page, in millimetres from its lower edge, and what is kept free for it.
const (
	footHeight = 15
	footRoom   = 20
)

// newPaper is an empty page for these letters, dated so that the same content is the same
// bytes. Pages are not compressed: it takes longer than all else and saves little beside the
// font.
func newPaper(l *letters, title string, at time.Time, from string) paper {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetCatalogSort(true)
	pdf.SetCompression(false)
	pdf.SetProducer("hostfront", true)
	pdf.SetTitle(title, true)
	pdf.SetMargins(15, 15, 15)
	pdf.SetAuthor(from, true)
	pdf.SetAutoPageBreak(true, footRoom)
	l.addTo(pdf)
	pdf.SetFillColor(238, 238, 238)
	pdf.AddPage()
	return paper{pdf: pdf, letters: l, title: title, from: from}
}

// page begins a new page.
func (p paper) page() {
	p.pdf.AddPage()
	p.size(textSize)
}

// fits says whether this height is still free on the page.
func (p paper) fits(millimetres int) bool {
	_, height := p.pdf.GetPageSize()
	return p.pdf.GetY()+float64(millimetres) <= height-footRoom
}

// cell is a piece of a row.
type cell struct {
	text string
	// width is in millimetres.
	width int
	// right aligns it to the right, shaded gives it a ground.
	right, shaded bool
}

// size sets the size of the letters in points.
func (p paper) size(points int) { p.pdf.SetFont(fontName, "", float64(points)) }

// gap leaves an empty height.
func (p paper) gap(millimetres int) { p.pdf.Ln(float64(millimetres)) }

// cells writes a row.
func (p paper) cells(height int, row ...cell) {
	for i, c := range row {
		align, after := "L", 0
		if c.right {
			align = "R"
		}
		if i == len(row)-1 {
			after = 1
		}
		p.pdf.CellFormat(float64(c.width), float64(height), p.letters.written(c.text), "", after, align, c.shaded, 0, "")
	}
}

// row writes one line of text.
func (p paper) row(text string) { p.cells(rowHeight, cell{text: text, width: pageWidth}) }

// block writes a text over as many lines as it takes.
func (p paper) block(text string) {
	p.pdf.MultiCell(pageWidth, rowHeight, p.letters.written(text), "", "L", false)
}

// wrap breaks a text into lines of a width.
func (p paper) wrap(text string, width int) []string {
	if lines := p.split(text, float64(width)); len(lines) > 0 {
		return lines
	}
	return []string{""}
}

func (p paper) split(text string, width float64) []string {
	if p.letters.all {
		return p.pdf.SplitText(text, width)
	}
	var lines []string
	for _, line := range p.pdf.SplitLines([]byte(p.letters.written(text)), width) {
		lines = append(lines, readBack(line))
	}
	return lines
}

// feet writes the foot of every page, once it is known how many there are.
func (p paper) feet() {
	p.pdf.SetAutoPageBreak(false, 0)
	pages := p.pdf.PageCount()
	for page := 1; page <= pages; page++ {
		p.pdf.SetPage(page)
		p.size(textSize) // what is set already is not written, and this is another page
		p.size(smallSize)
		p.pdf.SetY(-footHeight)
		title := p.title
		if pages > 1 {
			title += ", page " + strconv.Itoa(page) + " of " + strconv.Itoa(pages)
		}
		p.cells(rowHeight, cell{text: p.from, width: pageWidth / 2}, cell{text: title, width: pageWidth / 2, right: true})
	}
}

// bytes is the PDF, or errOtherLetters.
func (p paper) bytes() ([]byte, error) {
	p.feet()
	if p.letters.others {
		return nil, errOtherLetters
	}
	var out bytes.Buffer
	err := p.pdf.Output(&out)
	return out.Bytes(), err
}
