package api

import (
	"strings"

	"hostfront/catalog"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// sendPage writes prebuilt bytes in the best encoding the client takes.
func sendPage(c *fiber.Ctx, page catalog.Page) error {
	form := formOf(c.Get(fiber.HeaderAcceptEncoding), page)
	etag := etagOf(page.ETag, form.tag)
	h := &c.Response().Header
	h.SetCanonical([]byte("Etag"), []byte(etag))
	for _, always := range caching {
		h.SetCanonical(always.name, always.value)
	}
	if etagMatches(c.Get(fiber.HeaderIfNoneMatch), etag) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	h.SetContentType(fiber.MIMEApplicationJSON)
	if form.encoding != "" {
		h.Set(fiber.HeaderContentEncoding, form.encoding)
	}
	c.Response().SetBodyRaw(form.bytes(page))
	return nil
}

// caching are the headers of every prebuilt page, as they are written.
var caching = []header{
	{[]byte(fiber.HeaderCacheControl), []byte("public, max-age=60")},
	{[]byte(fiber.HeaderVary), []byte(fiber.HeaderAcceptEncoding)},
}

// minCompressed is the size in bytes from which a page is compressed while it is asked for.
const minCompressed = 1024

// form is how a page is sent. The tag tells forms apart that a strong ETag must not call the
// same: what is compressed at once has other bytes than what was compressed beforehand.
type form struct {
	encoding, tag string
	prebuilt      []byte
	squeeze       func(dst, src []byte) []byte
}

// bytes are the page in this form.
func (f form) bytes(page catalog.Page) []byte {
	switch {
	case f.prebuilt != nil:
		return f.prebuilt
	case f.squeeze != nil:
		return f.squeeze(make([]byte, 0, len(page.Body)/4), page.Body)
	}
	return page.Body
}

// formOf picks br over gzip over plain from what was prebuilt; any other page of some size is
// compressed fast, where gzip is the faster.
func formOf(accepted string, page catalog.Page) form {
	switch {
	case accepted == "":
		return form{}
	case page.Brotli != nil && acceptsEncoding(accepted, "br"):
		return form{encoding: "br", tag: "br", prebuilt: page.Brotli}
	case page.Gzip != nil && acceptsEncoding(accepted, "gzip"):
		return form{encoding: "gzip", tag: "gzip", prebuilt: page.Gzip}
	case len(page.Body) < minCompressed:
		return form{}
	case acceptsEncoding(accepted, "gzip"):
		return form{encoding: "gzip", tag: "gzip-fast", squeeze: fastGzip}
	case acceptsEncoding(accepted, "br"):
		return form{encoding: "br", tag: "br-fast", squeeze: fastBrotli}
	}
	return form{}
}

func fastGzip(dst, src []byte) []byte {
	return fasthttp.AppendGzipBytesLevel(dst, src, fasthttp.CompressBestSpeed)
}

func fastBrotli(dst, src []byte) []byte {
	return fasthttp.AppendBrotliBytesLevel(dst, src, fasthttp.CompressBrotliBestSpeed)
}

func acceptsEncoding(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.ReplaceAll(parameters, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000")
		}
	}
	return false
}

// etagOf is the strong tag of a page in a form: other bytes, another tag.
func etagOf(etag, form string) string {
	if form == "" {
		return etag
	}
	return strings.TrimSuffix(etag, `"`) + "-" + form + `"`
}

// etagMatches compares weakly, as If-None-Match does (RFC 9110, section 13.1.2).
func etagMatches(header, etag string) bool {
	if header == "" {
		return false
	}
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}
