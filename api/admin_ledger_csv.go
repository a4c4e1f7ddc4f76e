package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"hostfront/billing"
	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

const csvType = "text/csv"

// csvPage is how many entries are read at once for a file: memory does not grow with it.
const csvPage = 500

// ledgerCSVRoutes are the books as files for an accountant.
func (s *Server) ledgerCSVRoutes() {
	answer := rawAnswer{MediaType: csvType, Check: checkPeriod, Params: []*huma.Param{
		instantParam("from", "From this instant on; the first entry when left out"),
		instantParam("until", "Until before this instant; now when left out"),
	}}
	s.raw(operation{ID: "admin-ledger-trial-csv", Method: http.MethodGet, Path: "/v1/admin/ledger/trial-balance.csv", Tag: "Admin: billing", Access: admin,
		Summary: "The trial balance of a period, as CSV (RFC 4180)"}, answer, s.csv("trial-balance", s.writeTrial))
	s.raw(operation{ID: "admin-ledger-journal-csv", Method: http.MethodGet, Path: "/v1/admin/ledger/journal.csv", Tag: "Admin: billing", Access: admin,
		Summary: "The journal of a period, as CSV (RFC 4180)"}, answer, s.csv("journal", s.writeJournal))
	s.raw(operation{ID: "admin-payouts-csv", Method: http.MethodGet, Path: "/v1/admin/payouts.csv", Tag: "Admin: billing", Access: admin,
		Summary: "The payouts that were made in a period, a line for each movement, as CSV (RFC 4180)"}, answer, s.csv("payouts", s.writePayouts))
}

func instantParam(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString, Format: "date-time"}}
}

func checkPeriod(c *fiber.Ctx) []fault.Field {
	var wrong []fault.Field
	for _, name := range []string{"from", "until"} {
		if _, err := queryInstant(c, name); err != nil {
			wrong = append(wrong, fault.Field{Name: name, Code: "invalid", Message: "This must be an instant, such as 2026-01-31T00:00:00Z."})
		}
	}
	return wrong
}

func queryInstant(c *fiber.Ctx, name string) (time.Time, error) {
	value := c.Query(name)
	if value == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, value)
}

// csv streams a file that write makes. What fails after its beginning ends it in the middle of a
// line, and is logged: the client sees a connection that broke.
func (s *Server) csv(name string, write func(context.Context, *csv.Writer, billing.Span) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if _, err := s.identify(c.UserContext(), admin, c.Get(fiber.HeaderAuthorization)); err != nil {
			return err
		}
		// Checked before: see checkPeriod.
		from, _ := queryInstant(c, "from")
		until, _ := queryInstant(c, "until")
		c.Set(fiber.HeaderContentType, csvType)
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`.csv"`)
		if c.Context().IsHead() {
			return nil
		}
		c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
			out := csv.NewWriter(w)
			out.UseCRLF = true
			err := write(context.Background(), out, billing.Span{From: from, Until: until})
			out.Flush()
			if err != nil {
				s.cfg.Log.Error("write "+name+".csv", "error", err)
			}
		})
		return nil
	}
}

// writeTrial writes a line for each account.
func (s *Server) writeTrial(ctx context.Context, out *csv.Writer, p billing.Span) error {
	accounts, err := s.cfg.Billing.TrialOf(ctx, p)
	if err != nil {
		return err
	}
	if err := out.Write([]string{"account", "currency", "opening", "debit", "credit", "closing"}); err != nil {
		return err
	}
	for _, a := range accounts {
		err := out.Write([]string{
			unformulated(string(a.Account)), string(a.Balance.Currency), a.Opening.Format(), a.Debit.Format(), a.Credit.Neg().Format(), a.Balance.Format(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeJournal writes a line for each entry, oldest first.
func (s *Server) writeJournal(ctx context.Context, out *csv.Writer, p billing.Span) error {
	if err := out.Write([]string{"id", "booked_at", "kind", "subject", "account", "currency", "amount", "customer_id", "invoice_id"}); err != nil {
		return err
	}
	for cursor := ""; ; {
		entries, err := s.cfg.Billing.Journal(ctx, p, cursor, csvPage)
		if err != nil {
			return err
		}
		for _, e := range entries {
			cursor = e.ID
			err := out.Write([]string{
				e.ID, e.BookedAt.UTC().Format(time.RFC3339), e.Kind, unformulated(e.Subject), unformulated(string(e.Account)), string(e.Amount.Currency),
				e.Amount.Format(), unformulated(e.CustomerID), unformulated(e.InvoiceID),
			})
			if err != nil {
				return err
			}
		}
		out.Flush()
		if err := out.Error(); err != nil || len(entries) < csvPage {
			return err
		}
	}
}

// unformulated is a text that no spreadsheet takes for a formula.
func unformulated(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
