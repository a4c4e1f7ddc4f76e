package mail

import (
	"io/fs"
	"strings"
	"testing"
)

func TestEveryTemplateIsAMailThatCanBeWritten(t *testing.T) {
	t.Parallel()
	pages := newPages()
	files, err := fs.Glob(files, "template/*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	shared := 2 // layout and part
	if len(files) != len(templates)+shared {
		t.Errorf("%d files of templates for %d mails", len(files), len(templates))
	}
	for _, name := range templates {
		forms, err := pages[name]()
		if err != nil {
			t.Error(err)
			continue
		}
		for _, block := range strings.Fields("title body_text layout_text") {
			if forms.text.Lookup(block) == nil {
				t.Errorf("mail %s has no %s", name, block)
			}
		}
	}
}
