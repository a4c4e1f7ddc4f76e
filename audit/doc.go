// Package audit owns the invariants that hold between the rooms of a shop, as
// questions to a live database: each answers with the rows that break it, and no
// row is the good answer.
//
// It mends nothing and knows no rule of the business beyond what must always be
// true. What the database holds by itself (CHECK constraints, unique indexes) is
// not asked again.
package audit
