package ljpc

import (
	"log/slog"

	"github.com/golang-jwt/jwt/v5"
)

const validationHeader = "X-Validation"

// compareValidation compares the jti of the X-Validation header with the body's.
// LJPc publishes no key to verify the signature with, so this can only show a
// mix-up of answers, not a forgery; a mismatch is logged and counted, no more.
func (c *Client) compareValidation(op, header, jti string) {
	if header == "" {
		return
	}
	claims := jwt.RegisteredClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(header, &claims)
	if err == nil && claims.ID == jti {
		return
	}
	c.mismatches.Add(1)
	c.log.Warn("X-Validation does not match the answer", slog.String("upstream", Name), slog.String("op", op))
}

// ValidationMismatches counts the answers whose X-Validation did not match.
func (c *Client) ValidationMismatches() int64 { return c.mismatches.Load() }
