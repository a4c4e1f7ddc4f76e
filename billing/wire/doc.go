// Package wire tells of a gateway's request that failed whether any of it may have
// been written: what was never written can be sent again without a thought.
//
// It owns no client and no errors of a provider.
package wire
