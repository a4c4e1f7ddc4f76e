package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// The errors of Open, to be told apart with errors.Is.
var (
	// ErrEnvelope: the text was not made by Seal, or was cut.
	ErrEnvelope = errors.New("not a sealed value")
	// ErrUnknownKey: it was sealed with a key that was not handed in.
	ErrUnknownKey = errors.New("sealed with a key that this program was not given")
	// ErrTampered: it was changed since, or another key has the same id.
	ErrTampered = errors.New("sealed value was changed")
)

// version is how an envelope starts: version.keyid.base64url(nonce+ciphertext).
const version = "s1"

// Sealer seals with the first of its keys and opens with all of them. Safe for
// concurrent use.
type Sealer struct {
	first string
	keys  map[string]cipher.AEAD
}

// New is a Sealer. To change the key, hand in the new one first and the old
// ones behind it until Current says that nothing is sealed with them any more.
func New(keys ...Key) (*Sealer, error) {
	if len(keys) == 0 {
		return nil, errors.New("sealing needs a secret key")
	}
	s := &Sealer{first: keys[0].id, keys: make(map[string]cipher.AEAD, len(keys))}
	for _, k := range keys {
		if k.id == "" {
			return nil, errors.New("sealing needs a key that was parsed: this one is empty")
		}
		block, err := aes.NewCipher(k.bytes[:])
		if err != nil {
			return nil, fmt.Errorf("use %s: %w", k, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("use %s: %w", k, err)
		}
		s.keys[k.id] = aead
	}
	return s, nil
}

// Seal encrypts plain into text that only Open with the same key can read and
// that cannot be changed unnoticed. The same plain gives other text each time.
func (s *Sealer) Seal(plain []byte) (string, error) {
	head := version + "." + s.first + "."
	box := s.keys[s.first].Seal(nil, nil, plain, []byte(head))
	return head + base64.RawURLEncoding.EncodeToString(box), nil
}

// Open reads what Seal wrote.
func (s *Sealer) Open(sealed string) ([]byte, error) {
	id, body, err := split(sealed)
	if err != nil {
		return nil, err
	}
	aead, ok := s.keys[id]
	if !ok {
		return nil, fmt.Errorf("%w: key %s", ErrUnknownKey, id)
	}
	box, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil {
		return nil, ErrEnvelope
	}
	plain, err := aead.Open(nil, nil, box, []byte(version+"."+id+"."))
	if err != nil {
		return nil, ErrTampered
	}
	return plain, nil
}

// Current is true when the value is sealed with the first key; one that is not
// is to be opened and sealed again before the old key can go.
func (s *Sealer) Current(sealed string) bool {
	id, _, err := split(sealed)
	return err == nil && id == s.first
}

func split(sealed string) (id, body string, err error) {
	parts := strings.Split(sealed, ".")
	// Line ends are no part of base64, but its decoder passes over them.
	if len(parts) != 3 || parts[0] != version || parts[1] == "" || strings.ContainsAny(parts[2], "\r\n") {
		return "", "", ErrEnvelope
	}
	return parts[1], parts[2], nil
}
