package catalog

import (
	"bytes"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// encodings are the compressed forms of a page.
type encodings struct{ gzip, brotli []byte }

// minCompressed is the size in bytes from which compressing a page is worth it.
const minCompressed = 512

// compress makes the encodings of the hot pages, after the snapshot is published
// so that nobody waits for it. It ends early once the snapshot is stale.
func (s *Snapshot) compress(stale func() bool) {
	defer close(s.compressed)
	zip, err := gzip.NewWriterLevel(io.Discard, gzip.DefaultCompression)
	if err != nil {
		return
	}
	// A window of 64 KB holds a whole page, and keeps the encoder small.
	br := brotli.NewWriterOptions(io.Discard, brotli.WriterOptions{Quality: 5, LGWin: 16})
	for _, l := range []*list{&s.productList, &s.tldList} {
		for _, hot := range l.hot {
			if stale() {
				return
			}
			if len(hot.body) >= minCompressed {
				hot.encoded.Store(&encodings{gzip: squeeze(zip, hot.body), brotli: squeeze(br, hot.body)})
			}
		}
	}
}

// encoder is a compressor that can be used again.
type encoder interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// squeeze is the body compressed, or nil when that failed: the plain body serves.
func squeeze(e encoder, body []byte) []byte {
	var out bytes.Buffer
	e.Reset(&out)
	if _, err := e.Write(body); err != nil {
		return nil
	}
	if err := e.Close(); err != nil {
		return nil
	}
	return bytes.Clone(out.Bytes())
}
