package api

import (
	"context"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

const pdfType = "application/pdf"

// handlePDF registers an operation that answers with a document.
func handlePDF(s *Server, op operation, fn func(context.Context, *idInput) ([]byte, error)) {
	type pdfOutput struct {
		ContentType        string `header:"Content-Type"`
		ContentDisposition string `header:"Content-Disposition"`
		Body               []byte
	}
	handle(s, op, func(ctx context.Context, in *idInput) (*pdfOutput, error) {
		pdf, err := fn(ctx, in)
		if err != nil {
			return nil, err
		}
		if len(pdf) == 0 {
			return nil, fault.New(fault.Internal, "pdf_empty", "The document could not be made.")
		}
		return &pdfOutput{ContentType: pdfType, ContentDisposition: `inline; filename="` + in.ID + `.pdf"`, Body: pdf}, nil
	})
	// huma takes bytes for JSON.
	response := s.huma.OpenAPI().Paths[op.Path].Get.Responses["200"]
	response.Content = map[string]*huma.MediaType{pdfType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	delete(response.Headers, fiber.HeaderContentType)
}
