package app

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// settingPrefixes begin names that only this program's settings have: another variable
// of such a name is one that was mistyped.
var settingPrefixes = []string{"HOSTFRONT_", "STRIPE_", "LJPC_", "SHOP_", "TRANSFER_"}

// Misnamed says of each variable in an environment ("NAME=value") that is named as a
// setting and is none, in a line, which setting may have been meant. Never its value.
func Misnamed(environ []string) []string {
	known := settingNames(reflect.TypeFor[Config]())
	var lines []string
	for _, variable := range environ {
		name, _, _ := strings.Cut(variable, "=")
		named := slices.ContainsFunc(settingPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
		if named && !slices.Contains(known, name) {
			lines = append(lines, fmt.Sprintf("there is no setting %s, it changes nothing: did you mean %s?", name, nearest(name, known)))
		}
	}
	slices.Sort(lines)
	return lines
}

// settingNames are the variables that a configuration is read from.
func settingNames(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Type.Kind() == reflect.Struct {
			names = append(names, settingNames(field.Type)...)
		} else if env := field.Tag.Get("env"); env != "" {
			names = append(names, env)
		}
	}
	return names
}

// nearest is the name that takes the fewest changes of a letter.
func nearest(name string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int { return changes(name, a) - changes(name, b) })
}

// changes is how many letters must be put in, left out or exchanged to make b of a
// (Levenshtein's distance).
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
