package sim_test

// charges: what Stripe took, intent by intent, is what the ledger got.
func (c *comparison) charges() {
	outside, inside := map[string]int64{}, map[string]int64{}
	for _, charge := range c.stripe.Charges() {
		if charge.Status == "succeeded" {
			outside[charge.Intent] += charge.Amount
		}
		if charge.Status == "pending" {
			c.complain("the charge %s of intent %s is still pending", charge.ID, charge.Intent)
		}
	}
	for _, r := range c.ask(`
		SELECT p.provider_reference AS intent, sum(e.amount) AS amount
		FROM ledger_entries e JOIN payments p ON p.id = e.subject
		WHERE e.kind = 'payment' AND e.account IN ('clearing:stripe', 'fees:stripe') GROUP BY p.provider_reference`) {
		inside[r.text("intent")] = r.number("amount")
	}
	same(c, "charge", outside, inside)
	for _, r := range c.ask(`SELECT id, state, received, provider_reference AS intent FROM payments WHERE gateway = 'stripe' AND (received > 0) <> (state = 'succeeded')`) {
		c.complain("payment %s is %s and brought %d (intent %s)", r.text("id"), r.text("state"), r.number("received"), r.text("intent"))
	}
}

// refunds: what Stripe sent back, one by one.
func (c *comparison) refunds() {
	outside, inside := map[string]int64{}, map[string]int64{}
	for _, refund := range c.stripe.Refunds() {
		if refund.Status == "succeeded" {
			outside[refund.ID] += refund.Amount
		}
	}
	for _, r := range c.ask(`
		SELECT r.provider_reference AS refund, -sum(e.amount) AS amount
		FROM ledger_entries e JOIN refunds r ON r.id = e.subject
		WHERE e.kind IN ('refund', 'refund_returned') AND e.account = 'clearing:stripe'
		GROUP BY r.provider_reference HAVING sum(e.amount) <> 0`) {
		inside[r.text("refund")] = r.number("amount")
	}
	same(c, "refund", outside, inside)
}

// methods: what is saved at Stripe is what the shop shows as saved, card by card.
func (c *comparison) methods() {
	outside, inside := map[string]string{}, map[string]string{}
	for _, customer := range c.stripe.Customers() {
		for _, method := range c.stripe.Attached(customer) {
			outside[method] = customer
		}
	}
	for _, r := range c.ask(`SELECT reference, provider_customer FROM payment_methods WHERE gateway = 'stripe' AND removed_at = 0`) {
		inside[r.text("reference")] = r.text("provider_customer")
	}
	same(c, "saved method", outside, inside)
}

// clearing: all in all, too.
func (c *comparison) clearing() {
	moved := int64(0)
	for _, charge := range c.stripe.Charges() {
		if charge.Status == "succeeded" {
			moved += charge.Amount
		}
	}
	for _, refund := range c.stripe.Refunds() {
		if refund.Status == "succeeded" {
			moved -= refund.Amount
		}
	}
	for _, dispute := range c.stripe.Disputes() {
		switch dispute.Status {
		case "lost":
			moved -= dispute.Amount
		case "won", "warning_closed":
		default:
			c.complain("the dispute %s is still %s", dispute.ID, dispute.Status)
		}
	}
	booked := c.booked("clearing:stripe", "fees:stripe", "transit:stripe", "unmatched:stripe", "bank")
	if moved != booked {
		c.complain("Stripe moved %d in all, the ledger has %d", moved, booked)
	}
	c.count("cents at Stripe", int(moved))
}

// booked is what stands on accounts of the ledger.
func (c *comparison) booked(accounts ...string) int64 {
	sum := int64(0)
	for _, account := range accounts {
		sum += c.ask(`SELECT coalesce(sum(amount), 0) AS amount FROM ledger_entries WHERE account = ?`, account)[0].number("amount")
	}
	return sum
}

// payouts: what Stripe paid out is on the bank, and what is left at Stripe is on the account of
// clearing, to the cent. A payout of the last two days may not have been read yet.
func (c *comparison) payouts() {
	outside, inside := map[string]int64{}, map[string]int64{}
	for _, r := range c.ask(`
		SELECT p.reference AS payout, coalesce(sum(e.amount), 0) AS amount
		FROM payouts p LEFT JOIN ledger_entries e ON e.subject = p.id AND e.kind LIKE 'payout%' AND e.account IN ('bank', 'transit:stripe')
		GROUP BY p.reference`) {
		inside[r.text("payout")] = r.number("amount")
	}
	unread := int64(0)
	for _, p := range c.stripe.Payouts() {
		_, known := inside[p.ID]
		switch {
		case !known && c.now.Sub(p.Created) < 2*day:
			unread += p.Amount
			continue
		case p.Status == "failed":
			p.Amount = 0
		}
		outside[p.ID] = p.Amount
	}
	same(c, "payout", outside, inside)
	if clearing, balance := c.booked("clearing:stripe"), c.stripe.Balance("eur")+unread; clearing != balance {
		c.complain("the balance at Stripe is %d, clearing stands at %d", balance, clearing)
	}
	for _, r := range c.ask(`SELECT id, kind, state, detail FROM payout_lines WHERE state <> 'matched'`) {
		c.complain("the movement %s (%s) is %s: %s", r.text("id"), r.text("kind"), r.text("state"), r.text("detail"))
	}
}

// standing is an invoice's state as far as what was sold for it goes: one that was paid
// and whose money a bank has taken back is owed again, and was paid. Money that comes
// back in the end for what was given up by then is no debt paid, but a bad debt less.
const standing = "CASE WHEN EXISTS (SELECT 1 FROM disputes q WHERE q.invoice_id = i.id AND (q.state = 'lost' OR q.state = 'won' AND i.state = 'uncollectible')) THEN 'paid' ELSE coalesce(i.state, '') END"

// purchases: what was sold and paid was delivered, or its money went back. Nothing is
// under way any more.
func (c *comparison) purchases() {
	sold := c.ask(`
		SELECT d.id AS id, d.state AS delivery, d.kind AS kind, ` + standing + ` AS invoice, l.net AS net, l.vat AS vat,
			l.credited_net AS credited_net, l.credited_vat AS credited_vat,
			coalesce((SELECT s.id FROM services s WHERE s.order_line_id = d.id), '') AS service
		FROM deliveries d JOIN invoices i ON i.id = d.invoice_id JOIN invoice_lines l ON l.invoice_id = i.id AND l.subject = d.id`)
	for _, r := range sold {
		gone := r.number("credited_net") == r.number("net") && r.number("credited_vat") == r.number("vat")
		switch delivery, invoice := r.text("delivery"), r.text("invoice"); {
		case invoice == "paid" && delivery == "delivered" && r.text("service") != "":
		case invoice == "paid" && delivery == "failed" && r.text("service") == "" && gone:
		case invoice == "void" && delivery != "delivered" && r.text("service") == "":
		default:
			c.complain("line %s (%s) is %s, its invoice %s, service %q, credited %d of %d", r.text("id"), r.text("kind"), delivery, invoice,
				r.text("service"), r.number("credited_net"), r.number("net"))
		}
	}
	c.count("lines sold", len(sold))
}
