package transfer

import (
	"errors"
	"strings"
)

// compact takes the spaces of the printed form out.
func compact(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

// checkIBAN holds an account number to its check digits (ISO 13616, modulo 97): a
// typing error here sends every customer's money astray.
func checkIBAN(iban string) error {
	if len(iban) < 15 || len(iban) > 34 {
		return errors.New("the IBAN of the bank account must have 15 to 34 characters")
	}
	rest := 0
	for _, r := range iban[4:] + iban[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return errors.New("the IBAN of the bank account must be letters and digits")
		}
	}
	if rest != 1 {
		return errors.New("the check digits of the bank account's IBAN do not hold")
	}
	return nil
}
