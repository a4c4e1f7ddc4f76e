package seal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hostfront/seal"
)

func key(t *testing.T, b byte) seal.Key {
	t.Helper()
	k, err := seal.ParseKey(hex.EncodeToString(bytes.Repeat([]byte{b}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sealer(t *testing.T, keys ...seal.Key) *seal.Sealer {
	t.Helper()
	s, err := seal.New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sealed(t *testing.T, s *seal.Sealer, plain string) string {
	t.Helper()
	text, err := s.Seal([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWhatIsSealedIsOpened(t *testing.T) {
	t.Parallel()
	s := sealer(t, key(t, 1))
	for _, plain := range []string{"", "x", "auth-code 123", strings.Repeat("long ", 1000)} {
		text := sealed(t, s, plain)
		if len(plain) > 1 && strings.Contains(text, plain) { // a single letter is in it by chance
			t.Errorf("%q shows in its envelope", plain)
		}
		got, err := s.Open(text)
		if err != nil || string(got) != plain {
			t.Errorf("opened %q, %v; want %q", got, err, plain)
		}
	}
	if one, two := sealed(t, s, "same"), sealed(t, s, "same"); one == two {
		t.Error("the same secret gives the same envelope: equal secrets can be told")
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	old, now := key(t, 1), key(t, 2)
	before := sealed(t, sealer(t, old), "kept")

	both := sealer(t, now, old)
	if got, err := both.Open(before); err != nil || string(got) != "kept" {
		t.Fatalf("the old key's envelope gives %q, %v", got, err)
	}
	after := sealed(t, both, "kept")
	if both.Current(before) || !both.Current(after) {
		t.Error("Current does not tell the old key's envelope from the new one's")
	}
	alone := sealer(t, now)
	if _, err := alone.Open(after); err != nil {
		t.Errorf("the new key alone does not open what it sealed: %v", err)
	}
	if _, err := alone.Open(before); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("without the old key: %v, want ErrUnknownKey", err)
	}
}

func TestAnyChangedCharacterIsNoticed(t *testing.T) {
	t.Parallel()
	s := sealer(t, key(t, 1), key(t, 2))
	text := sealed(t, s, "secret")
	for i := range text {
		changed := []byte(text)
		changed[i] = 'A'
		if text[i] == 'A' {
			changed[i] = 'B'
		}
		if got, err := s.Open(string(changed)); err == nil {
			t.Errorf("character %d changed, still opens to %q", i, got)
		}
	}
	for i := range text {
		if _, err := s.Open(text[:i]); err == nil {
			t.Errorf("cut after %d characters, still opens", i)
		}
	}
}

func TestAnEnvelopeCannotBeMovedToAnotherKey(t *testing.T) {
	t.Parallel()
	one, two := key(t, 1), key(t, 2)
	s := sealer(t, one, two)
	moved := strings.Replace(sealed(t, s, "secret"), one.ID(), two.ID(), 1)
	if _, err := s.Open(moved); !errors.Is(err, seal.ErrTampered) {
		t.Errorf("got %v, want ErrTampered", err)
	}
	for _, text := range []string{"", "plain", "s1..", "s2." + one.ID() + ".AAAA", "s1." + one.ID() + ".!!", "a.b.c.d"} {
		if _, err := s.Open(text); !errors.Is(err, seal.ErrEnvelope) {
			t.Errorf("%q: got %v, want ErrEnvelope", text, err)
		}
	}
}

func TestAKeyIsReadInHexAndBase64(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{0xfb}, 32)
	want := key(t, 0xfb)
	for _, text := range []string{
		hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)), "  " + hex.EncodeToString(raw) + "\n",
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
	} {
		if got, err := seal.ParseKey(text); err != nil || got != want {
			t.Errorf("key from %d characters: %v, %v", len(text), got, err)
		}
	}
	for name, text := range map[string]string{"empty": "", "short": "abcd", "not text": "§§§§", "31 bytes": hex.EncodeToString(raw[1:])} {
		_, err := seal.ParseKey(text)
		if err == nil || (text != "" && strings.Contains(err.Error(), text)) {
			t.Errorf("%s: error %v must be one and not repeat the key", name, err)
		}
	}
}

func TestAKeyNeverPrintsItself(t *testing.T) {
	t.Parallel()
	k := key(t, 0xab)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(format, k); strings.Contains(got, "abab") || strings.Contains(got, "171 171") {
			t.Errorf("%s prints the key: %s", format, got)
		}
	}
	if bytes.Equal(k.Derive("one"), k.Derive("two")) || len(k.Derive("one")) != 32 {
		t.Error("derived keys must differ by purpose and be 32 bytes")
	}
}

func TestSealingNeedsAKey(t *testing.T) {
	t.Parallel()
	if _, err := seal.New(); err == nil {
		t.Error("a sealer without a key was made")
	}
	if _, err := seal.New(seal.Key{}); err == nil {
		t.Error("a sealer with the zero key was made")
	}
}

// The sealed text is written out, since a fuzzer's workers are processes of their own and a
// text sealed in each would differ. It also holds that what was sealed once still opens.
func FuzzOnlyTheTextThatWasSealedOpens(f *testing.F) {
	k, err := seal.ParseKey(strings.Repeat("01", 32))
	if err != nil {
		f.Fatal(err)
	}
	s, err := seal.New(k)
	if err != nil {
		f.Fatal(err)
	}
	const sealed = "s1.8120b2828c02.0WL1rFTSXwRO_sw7qe_0-7fHfFCnFCMDQecnwvw"
	if plain, err := s.Open(sealed); err != nil || string(plain) != "x" {
		f.Fatalf("the text sealed before opened to %q: %v", plain, err)
	}
	f.Add(sealed)
	f.Add("s1." + k.ID() + ".")
	f.Add(sealed + "\n")
	f.Fuzz(func(t *testing.T, in string) {
		if plain, err := s.Open(in); err == nil && in != sealed {
			t.Errorf("%q opened to %q", in, plain)
		}
	})
}
