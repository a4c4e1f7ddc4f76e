package mail

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"hostfront/fault"
)

// Folder writes each mail to a file of its own, which a mail program opens: for
// the demo and for development. A mail that is sent again overwrites its file.
type Folder struct {
	path string
}

var _ Sender = (*Folder)(nil)

// NewFolder makes the folder if there is none.
func NewFolder(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for mails cannot be made: %w", err)
	}
	return &Folder{path: path}, nil
}

// Send writes the file under another name first, so that nobody sees half a mail.
func (f *Folder) Send(_ context.Context, msg Message) error {
	var content bytes.Buffer
	if err := msg.writeTo(&content); err != nil {
		return fault.Came(fault.Rejected, "mail_malformed", "The mail cannot be written.")
	}
	id, _, _ := strings.Cut(msg.ID, "@")
	name := filepath.Join(f.path, fmt.Sprintf("%s-%s-%s.eml", msg.Date.UTC().Format("20060102T150405"), msg.Template, id))
	if err := os.WriteFile(name+".part", content.Bytes(), 0o600); err != nil {
		return fault.Came(fault.Unavailable, "mail_folder", "The mail cannot be written to the folder.").Because(err)
	}
	if err := os.Rename(name+".part", name); err != nil {
		return fault.Came(fault.Unavailable, "mail_folder", "The mail cannot be written to the folder.").Because(err)
	}
	return nil
}

// Log sends nothing: it logs that there was a mail, without its address or
// content.
type Log struct {
	Log *slog.Logger
}

var _ Sender = Log{}

// Send logs the template and the subject.
func (l Log) Send(ctx context.Context, msg Message) error {
	l.Log.InfoContext(ctx, "mail", "template", msg.Template, "subject", msg.Subject, "message_id", msg.ID)
	return nil
}
