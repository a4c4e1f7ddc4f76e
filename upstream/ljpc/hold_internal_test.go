package ljpc

import (
	"testing"

	"hostfront/upstream"
)

func TestAHoldIsReadFromTheWordsOfAStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]upstream.Hold{
		"": "", "ok": "", "ok,clientTransferProhibited": "", "clientHold": upstream.HoldRegistrar,
		"serverTransferProhibited, server_hold":       upstream.HoldRegistry,
		"clientHold,Pending Verification":             upstream.HoldVerification,
		"clientHold https://icann.org/epp#clientHold": upstream.HoldRegistrar,
	} {
		if got := holdIn(status); got != want {
			t.Errorf("%q is the hold %q, want %q", status, got, want)
		}
	}
}

func TestARefusedRegistrationIsTheRegistrantsFaultOnlyWhereItsWordsSaySo(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]bool{
		"The country field must be 2 characters.": true, "The contact has no phone number.": true,
		"Registry maintenance": false, "Insufficient balance": false, "": false,
	} {
		if aboutRegistrant(message) != want {
			t.Errorf("%q is about the registrant: %v", message, !want)
		}
	}
}
