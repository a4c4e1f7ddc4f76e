// Package tax owns VAT: the standard rates of the EU member states as dated
// data, where a sale is taxed (place of supply), under which of the seller's
// schemes, the words the law wants on the document, and how VAT is rounded.
//
// What the shop sells (domains, hosting, servers, certificates) are
// electronically supplied services, which are taxed at the standard rate in
// every member state, so reduced rates are left out. Left out as well: Northern
// Ireland, whose XI numbers are for goods only (a buyer there is outside the EU
// for services), VAT and sales tax of states outside the EU, and the counting of
// turnover against Threshold, which is billing's, since it has the invoices.
//
// It does not decide whether a VAT number is real: until VIES or an admin has
// confirmed the number (package account), its owner is taxed as a consumer.
//
// Everything is decimal; nothing here reads a clock or a database. Dates are days
// in UTC: a sale in the first hour or two of a day that changes a rate counts
// for the day before.
package tax
