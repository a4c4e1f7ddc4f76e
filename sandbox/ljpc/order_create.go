package ljpc

import (
	"encoding/json"
	"net/http"
	"strings"
)

type orderBody struct {
	Summary string                     `json:"summary"`
	Meta    map[string]json.RawMessage `json:"meta"`
	Lines   []struct {
		Description string   `json:"description"`
		CartItem    cartItem `json:"cart_item"`
	} `json:"order_lines"`
}

// cartItem is the whitelist that a line is rebuilt from.
type cartItem struct {
	Type          string `json:"type"`
	ProductUUID   string `json:"product_uuid"`
	Domain        string `json:"domain"`
	BillingPeriod string `json:"billing_period"`
	TargetURL     string `json:"target_url"`
	Action        string `json:"action"`
	SLD           string `json:"sld"`
	TLD           string `json:"tld"`
	AuthCode      string `json:"auth_code"`
	SpaceID       int64  `json:"space_id"`
}

// createOrder checks every line, then takes the order in as pending.
func (s *Server) createOrder(c *call) answer {
	var body orderBody
	if bad := c.read(&body); bad != nil {
		return *bad
	}
	if len(body.Lines) == 0 {
		return refuse(http.StatusUnprocessableEntity, "The order lines field is required.")
	}
	o := &Order{Account: c.account(), Summary: body.Summary, PlacedAt: c.now}
	_ = json.Unmarshal(body.Meta["external_reference"], &o.Reference)
	for _, given := range body.Lines {
		line, problem := s.newLine(c, given.CartItem)
		if problem != "" {
			return refuse(http.StatusUnprocessableEntity, "%s", problem)
		}
		line.Description, line.State = given.Description, statePending
		o.Lines = append(o.Lines, line)
	}
	s.sabotage(o, body)
	s.state.LastOrder++
	o.ID = s.state.LastOrder
	s.state.Orders[o.ID] = o
	s.open[o.ID] = true
	s.effect("orders.create", o.Account, o.subject(), o.Reference, c.now)
	return created(map[string]any{"order": o.wire()})
}

// sabotage lets the delivery go wrong where the sandbox was told so, or the auth
// code is one that the registry refuses.
func (s *Server) sabotage(o *Order, body orderBody) {
	for i, line := range o.Lines {
		code := body.Lines[i].CartItem.AuthCode
		if s.takeOrderFault(FaultStuckOrder, line.Domain) {
			o.Stuck = true
		}
		if s.takeOrderFault(FaultFailLine, line.Domain) {
			line.Fails = "Provisioning failed"
		}
		if line.Action == "transfer" && (strings.HasPrefix(code, "wrong") || s.takeOrderFault(FaultRefuseAuthCode, line.Domain)) {
			line.Fails = "The registry refused the auth_code"
		}
	}
}
