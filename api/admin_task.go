package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"hostfront/fault"
	"hostfront/task"
)

// TaskAnswer is a task as staff sees it.
type TaskAnswer struct {
	ID          string          `json:"id"`
	Queue       string          `json:"queue"`
	Kind        string          `json:"kind"`
	Subject     string          `json:"subject" doc:"What it is about: an order line, a service, a payment"`
	State       string          `json:"state" enum:"blocked,ready,running,waiting,settling,action_required,unknown,held,done,failed,cancelled"`
	Phase       string          `json:"phase" enum:"do,poll,reconcile,settle,operator"`
	AfterTaskID string          `json:"after_task_id,omitempty"`
	InvoiceID   string          `json:"invoice_id,omitempty"`
	Payload     json.RawMessage `json:"payload"`
	Result      json.RawMessage `json:"result,omitempty"`
	Attempts    int64           `json:"attempts"`
	Polls       int64           `json:"polls"`
	RunAt       time.Time       `json:"run_at"`
	LastError   string          `json:"last_error,omitempty"`
	ErrorCode   string          `json:"error_code,omitempty"`
	Fields      []fault.Field   `json:"fields,omitempty" doc:"What the customer must mend"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
}

// AttemptAnswer is one try of a task: all that is known of it.
type AttemptAnswer struct {
	ID        string          `json:"id"`
	Number    int64           `json:"number"`
	Phase     string          `json:"phase"`
	Look      json.RawMessage `json:"look,omitempty" doc:"How the outside stood before the call"`
	Notes     []NoteAnswer    `json:"notes" doc:"What was sent and what came back"`
	Outcome   string          `json:"outcome"`
	ErrorCode string          `json:"error_code,omitempty"`
	Error     string          `json:"error,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	StartedAt time.Time       `json:"started_at"`
	EndedAt   *time.Time      `json:"ended_at,omitempty"`
}

type tasksInput struct {
	PageInput
	State string `query:"state" enum:"blocked,ready,running,waiting,settling,action_required,unknown,held,done,failed,cancelled"`
	Kind  string `query:"kind" maxLength:"100"`
	Queue string `query:"queue" maxLength:"100"`
}

type settleInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Outcome string          `json:"outcome" enum:"done,failed,placed" doc:"placed: the other side has it and works on it, so that it is polled"`
		Result  json.RawMessage `json:"result,omitempty" doc:"What came of it, such as {\"order_id\":\"123\"}"`
		Note    string          `json:"note" minLength:"1" maxLength:"2000" doc:"Why, for the journal"`
	}
}

type cancelTaskInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body *struct {
		Note string `json:"note,omitempty" maxLength:"2000" doc:"Why, for the journal"`
	}
}

// adminTaskRoutes are what staff does about side effects.
func (s *Server) adminTaskRoutes() {
	handle(s, operation{ID: "admin-list-tasks", Method: http.MethodGet, Path: "/v1/admin/tasks", Tag: "Admin: tasks", Cursor: "tsk", Access: admin,
		Summary: "Tasks, oldest first; state=held are those that wait for a person"}, s.adminListTasks)
	handle(s, operation{ID: "admin-get-task", Method: http.MethodGet, Path: "/v1/admin/tasks/{id}", Tag: "Admin: tasks", Access: admin,
		Summary: "A task, with all that a person needs to decide about it"}, s.adminGetTask)
	handle(s, operation{ID: "admin-get-task-journal", Method: http.MethodGet, Path: "/v1/admin/tasks/{id}/journal", Tag: "Admin: tasks", Access: admin,
		Summary: "Every try of a task: what was sent, what came back, what was seen"}, s.adminJournal)
	handle(s, operation{ID: "admin-settle-task", Method: http.MethodPost, Path: "/v1/admin/tasks/{id}/settle", Tag: "Admin: tasks", Access: admin,
		Summary: "Say what became of a held task"}, s.adminSettleTask)
	handle(s, operation{ID: "admin-retry-task", Method: http.MethodPost, Path: "/v1/admin/tasks/{id}/retry", Tag: "Admin: tasks", Access: admin,
		Summary: "Do a held or failed task again: only when nothing came of it before"}, s.adminRetryTask)
	handle(s, operation{ID: "admin-cancel-task", Method: http.MethodPost, Path: "/v1/admin/tasks/{id}/cancel", Tag: "Admin: tasks", Access: admin,
		Summary: "Give a task up"}, s.adminCancelTask)
}

// adminListTasks is GET /v1/admin/tasks.
func (s *Server) adminListTasks(ctx context.Context, in *tasksInput) (*pageOutput[TaskAnswer], error) {
	tasks, next, err := s.cfg.Tasks.List(ctx, task.Filter{
		State: task.State(in.State), Kind: in.Kind, Queue: in.Queue, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return pageOf(tasks, next, taskAnswer), nil
}

// adminJournal is GET /v1/admin/tasks/{id}/journal.
func (s *Server) adminJournal(ctx context.Context, in *idInput) (*pageOutput[AttemptAnswer], error) {
	if _, err := s.cfg.Tasks.Get(ctx, s.cfg.Store.Read(), in.ID); err != nil {
		return nil, err
	}
	attempts, err := s.cfg.Tasks.Journal(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return pageOf(attempts, "", attemptAnswer), nil
}

// adminSettleTask is POST /v1/admin/tasks/{id}/settle.
func (s *Server) adminSettleTask(ctx context.Context, in *settleInput) (*body[TaskDetail], error) {
	return s.decideTask(ctx, change{"task.settle", in.ID, in.Body}, func() error {
		return s.cfg.Tasks.Settle(ctx, in.ID, task.Settlement{Outcome: in.Body.Outcome, Result: in.Body.Result, Note: in.Body.Note})
	})
}

// adminRetryTask is POST /v1/admin/tasks/{id}/retry.
func (s *Server) adminRetryTask(ctx context.Context, in *idInput) (*body[TaskDetail], error) {
	return s.decideTask(ctx, change{"task.retry", in.ID, nil}, func() error { return s.cfg.Tasks.Retry(ctx, in.ID) })
}

// adminCancelTask is POST /v1/admin/tasks/{id}/cancel.
func (s *Server) adminCancelTask(ctx context.Context, in *cancelTaskInput) (*body[TaskDetail], error) {
	note := ""
	if in.Body != nil {
		note = in.Body.Note
	}
	return s.decideTask(ctx, change{"task.cancel", in.ID, in.Body}, func() error { return s.cfg.Tasks.Cancel(ctx, in.ID, note) })
}

func (s *Server) decideTask(ctx context.Context, c change, do func() error) (*body[TaskDetail], error) {
	if _, err := auditedVoid(ctx, s, c, do); err != nil {
		return nil, err
	}
	return s.adminGetTask(ctx, &idInput{ID: c.Subject})
}

func taskAnswer(t task.Task) TaskAnswer {
	return TaskAnswer{
		ID: t.ID, Queue: t.Queue, Kind: t.Kind, Subject: t.Subject, State: string(t.State), Phase: string(t.Phase),
		AfterTaskID: t.AfterTaskID, InvoiceID: t.InvoiceID, Payload: legible(t.Payload), Result: legible(t.Result),
		Attempts: t.Attempts, Polls: t.Polls, RunAt: t.RunAt, LastError: t.LastError, ErrorCode: t.ErrorCode,
		Fields: t.Fields, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
}

// NoteAnswer is something that a try wrote down: what was sent, what came back.
type NoteAnswer struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

func notesOf(entries []task.Entry) []NoteAnswer {
	notes := make([]NoteAnswer, 0, len(entries))
	for _, entry := range entries {
		notes = append(notes, NoteAnswer(entry))
	}
	return notes
}

func attemptAnswer(a task.Attempt) AttemptAnswer {
	return AttemptAnswer{
		ID: a.ID, Number: a.Number, Phase: string(a.Phase), Look: legible(a.Look), Notes: notesOf(a.Notes),
		Outcome: a.Outcome, ErrorCode: a.ErrorCode, Error: a.Error, Result: legible(a.Result),
		StartedAt: a.StartedAt, EndedAt: instant(a.EndedAt),
	}
}
