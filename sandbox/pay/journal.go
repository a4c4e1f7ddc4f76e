package pay

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// entry is one line of the state file: an object as it is from then on.
type entry struct {
	Payment *Payment `json:"payment,omitempty"`
	Refund  *Refund  `json:"refund,omitempty"`
	Method  *Method  `json:"method,omitempty"`
	Setup   *Setup   `json:"setup,omitempty"`
}

// journal appends to the state file, so that a change costs one line however much
// there is already. A nil journal keeps nothing.
type journal struct{ file *os.File }

func (j *journal) write(entries ...entry) error {
	if j == nil {
		return nil
	}
	var lines []byte
	for _, e := range entries {
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		lines = append(append(lines, b...), '\n')
	}
	_, err := j.file.Write(lines)
	return err
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	err := j.file.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// keep writes changed objects to the state file. The lock is held.
func (s *Server) keep(entries ...entry) *failure {
	if err := s.journal.write(entries...); err != nil {
		return internal(err)
	}
	return nil
}

// load reads the state file and goes on writing it. A last line that a kill cut off
// is taken away.
func (s *Server) load(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("state of the sandbox payment provider: %w", err)
	}
	whole, err := s.replay(file)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("state file %s of the sandbox payment provider: %w", path, err), file.Close())
	}
	s.journal = &journal{file: file}
	return nil
}

// replay applies the lines of a state file, and says how many bytes are whole lines.
func (s *Server) replay(r io.Reader) (int64, error) {
	var whole int64
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return whole, err
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return whole, err
		}
		whole += int64(len(line))
		s.apply(e)
	}
}

func (s *Server) apply(e entry) {
	if p := e.Payment; p != nil {
		s.payments[p.ID], s.byShopID[p.PaymentID] = p, p.ID
	}
	if r := e.Refund; r != nil {
		s.refunds[r.ID], s.byRefund[r.RefundID] = r, r.ID
	}
	if v := e.Setup; v != nil {
		s.setups[v.ID], s.bySetup[v.SetupID] = v, v.ID
	}
	if m := e.Method; m != nil {
		s.methods[m.ID] = m
	}
}
