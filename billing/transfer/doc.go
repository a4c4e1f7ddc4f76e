// Package transfer takes money by bank transfer: it tells the customer which account
// to pay to and under which reference.
//
// It calls nobody. That the money came is said by the operator (or a bank statement
// read elsewhere) to package billing, which settles the payment: until then every
// Fetch answers pending. A refund is a payment that a person makes at the bank.
package transfer
