package api

import (
	"bytes"
	"net/http"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// webhookRoutes are where payment providers call back. The handler is raw: a
// signature is over the very bytes that came.
func (s *Server) webhookRoutes() {
	s.raw(operation{ID: "webhook", Method: http.MethodPost, Path: "/v1/webhooks/{gateway}", Tag: "Webhooks",
		Summary:     "A payment provider's event",
		Description: "Answers 204 once the event is stored, or was stored before. What the event is about is read from the provider again.",
		Status:      http.StatusNoContent},
		rawAnswer{Params: []*huma.Param{pathParam("gateway", "Its name, as GET /v1/payment-gateways has it")}}, s.receiveWebhook)
}

// receiveWebhook is POST /v1/webhooks/{gateway}.
func (s *Server) receiveWebhook(c *fiber.Ctx) error {
	header := http.Header{}
	for name, values := range c.GetReqHeaders() {
		for _, value := range values {
			header.Add(name, value)
		}
	}
	body := bytes.Clone(c.Body()) // the bytes are the server's again once this returns
	if len(body) == 0 {
		return fault.New(fault.Malformed, "malformed", "The event is empty.")
	}
	if err := s.cfg.Billing.ReceiveWebhook(c.UserContext(), c.Params("gateway"), header, body); err != nil {
		return err
	}
	c.Status(fiber.StatusNoContent)
	return nil
}
