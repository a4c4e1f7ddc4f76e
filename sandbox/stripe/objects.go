package stripe

// The objects as they are kept; render.go shows them as Stripe does. Amounts are in
// Stripe's smallest units, instants unix seconds.

type customer struct {
	id, email, name string
	metadata        map[string]string
	created         int64
}

type method struct {
	id, kind, customer string
	// card is the test number that decides what the method does.
	card    string
	country string
	last4   string
	// prepared is set when it was saved with the customer's consent to off-session use.
	prepared bool
	created  int64
}

type intent struct {
	id, secret       string
	amount           int64
	currency         string
	customer, method string
	description      string
	suffix           string
	types            []string
	automatic        bool
	excluded         []string
	futureUsage      string
	offSession       bool
	returnURL        string
	status           string
	received         int64
	lastError        *apiError
	charge           string
	cancelReason     string
	canceledAt       int64
	metadata         map[string]string
	created          int64
}

type setup struct {
	id, secret       string
	customer, method string
	status           string
	types            []string
	lastError        *apiError
	// mandate is the SEPA method that iDEAL or Bancontact left behind.
	mandate      string
	cancelReason string
	metadata     map[string]string
	created      int64
}

type charge struct {
	id, intent, customer, method string
	amount, refunded             int64
	currency, status             string
	failure                      *apiError
	// mandate is the SEPA method that iDEAL or Bancontact left behind.
	mandate string
	balance string
	created int64
}

type refund struct {
	id, intent, charge string
	amount             int64
	currency, status   string
	reason, failure    string
	metadata           map[string]string
	created            int64
}

type event struct {
	id, kind string
	body     []byte
	created  int64
}

// The states of intents, charges and refunds.
const (
	needsMethod  = "requires_payment_method"
	needsConfirm = "requires_confirmation"
	needsAction  = "requires_action"
	processing   = "processing"
	succeeded    = "succeeded"
	canceled     = "canceled"
	pending      = "pending"
	failed       = "failed"

	offSessionUse = "off_session"
)

// The types of payment methods that the stand-in knows.
const (
	typeCard       = "card"
	typeSEPA       = "sepa_debit"
	typeIDEAL      = "ideal"
	typeBancontact = "bancontact"
)
