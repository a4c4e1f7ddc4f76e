package stripe

func (s *Server) createCustomer(c call) (object, *apiError) {
	made := &customer{
		id: s.newID("cus_"), email: c.form.text("email"), name: c.form.text("name"),
		metadata: c.form.metadata(), created: s.now(),
	}
	s.customers.put(made.id, made)
	s.happen("customer.created", s.showCustomer(made))
	return s.showCustomer(made), nil
}

func (s *Server) getCustomer(c call) (object, *apiError) {
	found, ok := s.customers.get(c.id)
	if !ok {
		return nil, noSuch("customer", "id", c.id)
	}
	return s.showCustomer(found), nil
}

func (s *Server) listCustomers(c call) (object, *apiError) {
	email := c.form.text("email")
	found := s.customers.newest(func(x *customer) bool {
		return (email == "" || x.email == email) && c.form.createdHolds(x.created)
	})
	return page(c, "/v1/customers", found, func(x *customer) string { return x.id }, s.showCustomer)
}

// known refuses a customer that a parameter names and that is not there.
func (s *Server) known(customer string) *apiError {
	if _, ok := s.customers.get(customer); customer != "" && !ok {
		return noSuchParam("customer", "customer", customer)
	}
	return nil
}
