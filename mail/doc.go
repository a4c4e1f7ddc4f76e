// Package mail owns the mails to customers: which event has which mail sent, what
// it says (text and HTML), how it leaves (SMTP, a folder, the log), and the record
// of what was sent to whom.
//
// A mail is a row and a task, written in the transaction of the event that it
// follows. It is rendered when it is sent, from how things stand then: a link
// that has expired or an invoice that was paid meanwhile is not mailed at all.
// Sending is at least once, with one Message-ID for each mail however often it is
// tried, so that a mailbox can tell.
//
// It decides nothing about orders, invoices or services; it reads them through
// the functions of Facts, which app wires to the rooms that have them.
//
// No mail address, token or content of a mail reaches a log or a task's journal.
package mail
