package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// scrapeTimeout bounds what one look at /metrics may read.
const scrapeTimeout = 5 * time.Second

// observeUpstream counts an upstream's calls by operation and outcome.
func (a *App) observeUpstream() func(op, outcome string, d time.Duration) {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "hostfront_upstream_call_seconds", Help: "Calls of an upstream by operation and outcome, and how long they took.",
		Buckets: []float64{.05, .25, 1, 5, 30},
	}, []string{"upstream", "operation", "outcome"})
	a.metrics.MustRegister(seconds)
	return func(op, outcome string, d time.Duration) {
		seconds.WithLabelValues("ljpc", op, outcome).Observe(d.Seconds())
	}
}

// standing collects what the database says at the moment of a scrape.
type standing struct {
	app   *App
	money moneyReader

	tasks, taskAge, overdue, outcomes, open *prometheus.Desc
	syncAge, payments, ledger, backupAge    *prometheus.Desc
	transactions, commits, payoutLines      *prometheus.Desc
}

// newStanding registers the collectors of /metrics.
func (a *App) newStanding() {
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("hostfront_"+name, help, labels, nil)
	}
	a.metrics.MustRegister(&standing{
		app:      a,
		money:    moneyReader{steady: a.options.Steady, read: a.readMoney},
		tasks:    desc("tasks", "Unfinished tasks by kind and state.", "kind", "state"),
		taskAge:  desc("task_oldest_seconds", "How long the oldest task of a kind has stood in a state.", "kind", "state"),
		overdue:  desc("task_overdue_seconds", "How long ago the first due task of a kind and state was due.", "kind", "state"),
		outcomes: desc("task_outcomes_total", "What tries of tasks came to in this process.", "kind", "outcome"),
		open:     desc("queue_breaker_open", "1 for a queue whose other side is taken to be away.", "queue"),
		syncAge:  desc("catalog_sync_age_seconds", "How old the mirror of the upstream's catalogue is."),
		payments: desc("payments", "Payments by gateway and state.", "gateway", "state"),
		ledger:   desc("ledger_balance_minor_units", "The sum of the ledger: anything but zero is a fault."),

		payoutLines:  desc("payout_lines_open", "Movements of payouts that are not matched with anything of the shop's, by gateway.", "gateway"),
		backupAge:    desc("backup_age_seconds", "How old the newest copy in the backup folder is; there while a folder is set and holds one."),
		transactions: desc("db_transactions_total", "Write transactions committed by this process."),
		commits:      desc("db_commits_total", "Commits they took: on SQLite those that wait share one."),
	})
}

// Describe tells what is collected.
func (s *standing) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.tasks, s.taskAge, s.overdue, s.outcomes, s.open, s.syncAge, s.payments, s.ledger, s.backupAge, s.transactions, s.commits, s.payoutLines} {
		out <- d
	}
}

// Collect reads the figures. What cannot be read is reported as an invalid metric,
// so that the scrape fails visibly.
func (s *standing) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	work := s.app.Store.Work()
	out <- prometheus.MustNewConstMetric(s.transactions, prometheus.CounterValue, float64(work.Transactions))
	out <- prometheus.MustNewConstMetric(s.commits, prometheus.CounterValue, float64(work.Commits))
	for _, collect := range []func(context.Context, chan<- prometheus.Metric) error{s.collectTasks, s.collectMoney, s.collectSync, s.collectBackups} {
		if err := collect(ctx, out); err != nil {
			out <- prometheus.NewInvalidMetric(s.tasks, err)
			return
		}
	}
}

func (s *standing) collectTasks(ctx context.Context, out chan<- prometheus.Metric) error {
	stats, err := s.app.Tasks.Stats(ctx)
	if err != nil {
		return err
	}
	for _, c := range stats.States {
		kind, state := c.Kind, string(c.State)
		out <- gauge(s.tasks, float64(c.Tasks), kind, state)
		out <- gauge(s.taskAge, c.Age.Seconds(), kind, state)
		out <- gauge(s.overdue, c.Overdue.Seconds(), kind, state)
	}
	for _, c := range stats.Outcomes {
		out <- prometheus.MustNewConstMetric(s.outcomes, prometheus.CounterValue, float64(c.Tries), c.Kind, c.Outcome)
	}
	for _, queue := range stats.Open {
		out <- gauge(s.open, 1, queue)
	}
	return nil
}

func (s *standing) collectMoney(ctx context.Context, out chan<- prometheus.Metric) error {
	money, err := s.money.figures(ctx)
	if err != nil {
		return err
	}
	for _, c := range money.payments {
		out <- gauge(s.payments, float64(c.Count), c.Gateway, string(c.State))
	}
	for gateway, lines := range money.payoutLines {
		out <- gauge(s.payoutLines, float64(lines), gateway)
	}
	out <- gauge(s.ledger, float64(money.balance))
	return nil
}

func (s *standing) collectSync(ctx context.Context, out chan<- prometheus.Metric) error {
	status, err := s.app.Catalog.SyncStatus(ctx)
	if err != nil || status.SyncedAt.IsZero() {
		return err
	}
	out <- gauge(s.syncAge, s.app.Clock.Now().Sub(status.SyncedAt).Seconds())
	return nil
}

func (s *standing) collectBackups(_ context.Context, out chan<- prometheus.Metric) error {
	if s.app.Config.Backup.Folder == "" {
		return nil
	}
	newest, err := s.app.backups().Newest()
	if err != nil || newest.IsZero() {
		return err
	}
	out <- gauge(s.backupAge, s.app.Clock.Now().Sub(newest).Seconds())
	return nil
}

func gauge(d *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}
