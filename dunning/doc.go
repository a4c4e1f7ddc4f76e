// Package dunning owns what becomes of a renewal that is not paid: the ladder of steps,
// as data, and that each of them is taken once for an invoice.
//
//	hosting  due ──3 days──▶ remind ──7──▶ remind ──14──▶ suspend ──30──▶ final notice ──44──▶ terminate
//	domain   10 days before due ──▶ remind ──3 before──▶ remind ──due──▶ let lapse
//
// What always holds:
//
//   - A step is taken once for an invoice: its row is written in the transaction that takes it.
//   - Nothing happens to an invoice while a payment of it is processing, while its customer
//     disputes a payment, or when staff has exempted the customer.
//   - Nothing is suspended or ended but for an open renewal invoice that is overdue, and not
//     before the notice that comes ahead of it has stood for its days: after a downtime steps
//     do not fall on one day.
//   - Nothing is ended that has not been suspended. A domain name is neither: it lapses.
//   - Paying lifts a suspension, keeps the anchor, and keeps a name that was to lapse.
//
// It does not own invoices and their books (package billing), what is switched off and how
// (package service), or what the mails say (package mail).
package dunning
