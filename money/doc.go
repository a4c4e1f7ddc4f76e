// Package money owns amounts: a whole number of minor units in one ISO 4217
// currency, how they are read from and written as decimals, rounded, and split
// without losing a cent.
//
// It does not own prices, tax or exchange rates: those compute with decimals
// (shopspring/decimal) and come back here to be rounded once. There is no float
// in this package and none is accepted.
package money
