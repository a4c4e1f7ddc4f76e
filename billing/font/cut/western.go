package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
)

// subset marks the name of a font that is not whole, as PDF asks (ISO 32000-1, 9.6.4).
const subset = "HFWEST+"

// writeWestern makes the font of Windows-1252: base.json is what the library must know of it,
// base.z the font as it stands in a document.
func writeWestern(whole []byte, base string) error {
	dir, err := os.MkdirTemp("", "font")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	font, table := filepath.Join(dir, filepath.Base(base)+".ttf"), filepath.Join(dir, "cp1252.map")
	kept, encoding := western()
	if err := os.WriteFile(font, fpdf.UTF8CutFont(whole, kept), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(table, encoding, 0o600); err != nil {
		return err
	}
	if err := fpdf.MakeFont(font, table, filepath.Dir(base), nil, true); err != nil {
		return err
	}
	return markSubset(base + ".json")
}

// western are the letters of Windows-1252, and the table of the library's format that says
// where each stands.
func western() (kept string, table []byte) {
	var letters strings.Builder
	var lines bytes.Buffer
	for at := 0x20; at <= 0xFF; at++ {
		r := charmap.Windows1252.DecodeByte(byte(at))
		if r == utf8.RuneError || r == 0x7F {
			continue // nothing is printed there
		}
		letters.WriteRune(r)
		fmt.Fprintf(&lines, "!%02X U+%04X uni%04X\n", at, r, r)
	}
	return letters.String(), lines.Bytes()
}

func markSubset(path string) error {
	widths, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	marked := bytes.Replace(widths, []byte(`"Name":"`), []byte(`"Name":"`+subset), 1)
	return os.WriteFile(path, marked, 0o644)
}
