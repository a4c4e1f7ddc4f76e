package api

import (
	"context"
	"net/http"

	"hostfront/db"
	"hostfront/mail"
	"hostfront/order"
	"time"
)

// AdminOrderAnswer is an order as staff sees it.
type AdminOrderAnswer struct {
	OrderAnswer
	CustomerID string          `json:"customer_id"`
	Gateway    string          `json:"gateway"`
	Consents   []ConsentAnswer `json:"consents,omitempty" doc:"With one order, not in lists"`
}

// ConsentAnswer is what the customer agreed to, when and from where.
type ConsentAnswer struct {
	Kind    string    `json:"kind"`
	Version string    `json:"version"`
	Address string    `json:"address"`
	GivenAt time.Time `json:"given_at"`
}

// MailAnswer is a mail to a customer.
type MailAnswer struct {
	ID         string     `json:"id"`
	CustomerID string     `json:"customer_id"`
	Event      string     `json:"event"`
	Subject    string     `json:"subject" doc:"The id of what it is about"`
	Template   string     `json:"template,omitempty"`
	Title      string     `json:"title,omitempty"`
	State      string     `json:"state" enum:"queued,sent,dropped,failed"`
	ErrorCode  string     `json:"error_code,omitempty"`
	ResentOf   string     `json:"resent_of,omitempty"`
	Recipient  string     `json:"recipient,omitempty" doc:"Where it went, once it is sent"`
	MessageID  string     `json:"message_id,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
}

type mailsInput struct {
	PageInput
	CustomerID string `query:"customer_id" maxLength:"64" doc:"Only mails to this customer"`
}

// adminOrderRoutes are orders and mails.
func (s *Server) adminOrderRoutes() {
	handle(s, operation{ID: "admin-list-orders", Method: http.MethodGet, Path: "/v1/admin/orders", Tag: "Admin: orders", Cursor: "ord", Access: admin,
		Summary: "All orders"}, s.adminListOrders)
	handle(s, operation{ID: "admin-get-order", Method: http.MethodGet, Path: "/v1/admin/orders/{id}", Tag: "Admin: orders", Access: admin,
		Summary: "An order, with the consents given"}, s.adminGetOrder)
	handle(s, operation{ID: "admin-cancel-order", Method: http.MethodPost, Path: "/v1/admin/orders/{id}/cancel", Tag: "Admin: orders", Access: admin,
		Summary: "Cancel an order: void it while unpaid, else give back what is not delivered"}, s.adminCancelOrder)
	handle(s, operation{ID: "admin-list-mails", Method: http.MethodGet, Path: "/v1/admin/mails", Tag: "Admin: orders", Cursor: "mail", Access: admin,
		Summary: "Mails to customers, newest first"}, s.adminListMails)
	handle(s, operation{ID: "admin-resend-mail", Method: http.MethodPost, Path: "/v1/admin/mails/{id}/resend", Tag: "Admin: orders", Access: admin,
		Summary: "Send a mail again, as things stand now", Status: http.StatusAccepted}, s.adminResendMail)
}

// adminListOrders is GET /v1/admin/orders.
func (s *Server) adminListOrders(ctx context.Context, in *PageInput) (*pageOutput[AdminOrderAnswer], error) {
	orders, next, err := s.cfg.Orders.All(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(orders, next, adminOrderAnswer), nil
}

// adminGetOrder is GET /v1/admin/orders/{id}.
func (s *Server) adminGetOrder(ctx context.Context, in *idInput) (*body[AdminOrderAnswer], error) {
	o, err := s.cfg.Orders.ByID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	consents, err := s.cfg.Orders.Consents(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	answer := adminOrderAnswer(o)
	for _, c := range consents {
		answer.Consents = append(answer.Consents, ConsentAnswer(c))
	}
	return &body[AdminOrderAnswer]{answer}, nil
}

// adminCancelOrder is POST /v1/admin/orders/{id}/cancel.
func (s *Server) adminCancelOrder(ctx context.Context, in *idInput) (*body[order.CancelReport], error) {
	return audited(ctx, s, change{"order.cancel", in.ID, nil}, func() (*body[order.CancelReport], error) {
		report, err := s.cfg.Orders.Cancel(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		report.Withdrawn, report.Left = append([]string{}, report.Withdrawn...), append([]order.LeftLine{}, report.Left...)
		return &body[order.CancelReport]{report}, nil
	})
}

// adminListMails is GET /v1/admin/mails.
func (s *Server) adminListMails(ctx context.Context, in *mailsInput) (*pageOutput[MailAnswer], error) {
	mails, next, err := s.cfg.Mailer.Mails(ctx, in.CustomerID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(mails, next, mailAnswer), nil
}

// adminResendMail is POST /v1/admin/mails/{id}/resend.
func (s *Server) adminResendMail(ctx context.Context, in *idInput) (*body[MailAnswer], error) {
	id, err := audited(ctx, s, change{"mail.resend", in.ID, nil}, func() (id string, err error) {
		err = s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
			id, err = s.cfg.Mailer.Resend(ctx, q, in.ID)
			return err
		})
		return id, err
	})
	if err != nil {
		return nil, err
	}
	m, err := s.cfg.Mailer.Mail(ctx, s.cfg.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	return &body[MailAnswer]{mailAnswer(m)}, nil
}

func adminOrderAnswer(o order.Order) AdminOrderAnswer {
	return AdminOrderAnswer{OrderAnswer: orderAnswer(o), CustomerID: o.CustomerID, Gateway: o.Gateway}
}

func mailAnswer(m mail.Mail) MailAnswer {
	return MailAnswer{
		ID: m.ID, CustomerID: m.CustomerID, Event: m.Event, Subject: m.Subject, Template: m.Template, Title: m.Title,
		State: m.State, ErrorCode: m.ErrorCode, ResentOf: m.ResentOf, Recipient: m.Recipient, MessageID: m.MessageID,
		CreatedAt: m.CreatedAt, SentAt: instant(m.SentAt),
	}
}
