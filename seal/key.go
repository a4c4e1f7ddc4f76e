package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// keySize is the length of a key in bytes: AES-256.
const keySize = 32

// Key is a secret key. It prints as its id, never as itself.
type Key struct {
	id    string
	bytes [keySize]byte
}

// ParseKey reads a key of 32 bytes, written in hex or in base64 (either
// alphabet, padded or not). The error never repeats the key.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Key{}, errors.New("the secret key is empty: 32 random bytes are needed, in hex or base64")
	}
	raw, ok := decode(text)
	if !ok {
		return Key{}, errors.New("the secret key is neither hex nor base64")
	}
	if len(raw) != keySize {
		return Key{}, fmt.Errorf("the secret key has %d bytes, want %d, in hex or base64", len(raw), keySize)
	}
	k := Key{id: identify(raw)}
	copy(k.bytes[:], raw)
	return k, nil
}

// decode takes hex first: 64 hex digits are also base64, of 48 other bytes.
func decode(text string) ([]byte, bool) {
	if raw, err := hex.DecodeString(text); err == nil {
		return raw, true
	}
	text = strings.TrimRight(text, "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	raw, err := base64.RawStdEncoding.DecodeString(text)
	return raw, err == nil
}

// identify names a key by a digest of it, so that nobody has to number keys.
func identify(raw []byte) string {
	sum := sha256.Sum256(append([]byte("hostfront key id:"), raw...))
	return hex.EncodeToString(sum[:6])
}

// ID names the key in envelopes; it reveals nothing of the key.
func (k Key) ID() string { return k.id }

// String is the id.
func (k Key) String() string { return "key " + k.id }

// GoString is the id as well, so that %#v shows no secret.
func (k Key) GoString() string { return k.String() }

// Derive is 32 bytes for another purpose than sealing, such as signing tokens:
// from the same secret, different for each purpose, and of no use for finding
// the key.
func (k Key) Derive(purpose string) []byte {
	mac := hmac.New(sha256.New, k.bytes[:])
	mac.Write([]byte("hostfront " + purpose))
	return mac.Sum(nil)
}
