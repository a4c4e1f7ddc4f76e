package account

// OccupyHashing takes every slot and every place in the queue, so that whoever
// needs a hash is turned away as busy.
func (a *Accounts) OccupyHashing() {
	for range cap(a.hasher.queue) {
		a.hasher.queue <- struct{}{}
	}
}
