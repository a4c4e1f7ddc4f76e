// Package gatewaytest holds every payment gateway to the same contract: the
// conformance suite of billing.Gateway and its optional interfaces.
//
// A gateway's own test opens its provider's stand-in, describes it in a Harness and
// calls Run. What is peculiar to one provider stays in that gateway's tests.
package gatewaytest
