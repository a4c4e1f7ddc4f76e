package stripe

// shelf keeps objects of one type by id, in the order they were made.
type shelf[T any] struct {
	byID  map[string]*T
	order []string
}

func newShelf[T any]() *shelf[T] { return &shelf[T]{byID: map[string]*T{}} }

func (s *shelf[T]) put(id string, v *T) {
	if _, known := s.byID[id]; !known {
		s.order = append(s.order, id)
	}
	s.byID[id] = v
}

func (s *shelf[T]) get(id string) (*T, bool) {
	v, ok := s.byID[id]
	return v, ok
}

// newest gives those that match, the latest first, as Stripe lists them.
func (s *shelf[T]) newest(match func(*T) bool) []*T {
	var out []*T
	for i := len(s.order) - 1; i >= 0; i-- {
		if v := s.byID[s.order[i]]; match(v) {
			out = append(out, v)
		}
	}
	return out
}
