package tax

// UnderThreshold tells whether a sale to a country counts toward Threshold: it was taxed at
// home, and only because the seller is small.
func (t Treatment) UnderThreshold(buyerCountry string) bool {
	return t.Kind == Domestic && InEU(buyerCountry) && territory(buyerCountry) != territory(t.Country)
}
