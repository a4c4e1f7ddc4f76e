package mail

import (
	"net/mail"
	"strings"
	"testing"
	"time"
)

func TestAnyNameReachesTheHeaderAsANameAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		`John "Johnny" Doe`, `Back\slash`, `Ends in \`, `Doe, John`, `Zoë (x)`, `a" <evil@example.com>, "b`, `"`,
	} {
		msg := Message{
			ID: "mail_1@shop.example", Date: time.Unix(0, 0), FromName: name, From: "shop@example.com", ToName: name, To: "ann@example.org",
			Subject: "s", Text: "t", HTML: "h",
		}
		var out strings.Builder
		if err := msg.writeTo(&out); err != nil {
			t.Errorf("the mail to %q cannot be written: %v", name, err)
			continue
		}
		read, err := mail.ReadMessage(strings.NewReader(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		for header, address := range map[string]string{"From": "shop@example.com", "To": "ann@example.org"} {
			got, err := read.Header.AddressList(header)
			if err != nil || len(got) != 1 || got[0].Address != address || got[0].Name != name {
				t.Errorf("%s of a mail to %q is %q (%v)", header, name, read.Header.Get(header), err)
			}
		}
	}
}
