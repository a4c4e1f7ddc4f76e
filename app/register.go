package app

import (
	"context"
	"time"

	"hostfront/cron"
	"hostfront/review"
	"hostfront/tally"
)

// register gives the engine its kinds and the schedule its jobs.
func (a *App) register() error {
	a.Tasks.Register(a.Billing.Kinds()...)
	a.Tasks.Register(a.Services.Kinds()...)
	a.Tasks.Register(a.Agree.Kinds()...)
	a.Tasks.Register(a.Mailer.Kinds()...)
	a.Tasks.Register(review.TaskKind(a.Events))
	for _, job := range a.jobs() {
		if a.options.Jobs == nil || a.options.Jobs(job.Name) {
			a.Jobs.Register(job)
		}
	}
	return nil
}

// jobs are what happens by itself, at which times (UTC). The minutes are spread so
// that no two heavy ones start together.
func (a *App) jobs() []cron.Job {
	return append(a.backupJobs(), []cron.Job{
		{Name: "catalog.sync", Spec: "7 * * * *", Run: report(a.syncCatalogue)},
		{Name: "billing.renew", Spec: "*/15 * * * *", Run: report(a.Billing.Renew)},
		{Name: "billing.reconcile", Spec: "*/5 * * * *", Run: report(a.Billing.Reconcile)},
		{Name: "billing.webhooks", Spec: "27,57 * * * *", Run: report(a.Billing.RetryWebhooks)},
		{Name: "billing.lapse", Spec: "*/10 * * * *", Run: report(a.Billing.Lapse)},
		{Name: "billing.expire_credit", Spec: "19 * * * *", Run: report(a.Billing.ExpireCredit)},
		{Name: "billing.expiring", Spec: "17 8 * * *", Run: report(a.Billing.TellExpiring)},
		{Name: "billing.dunning", Spec: "17 * * * *", Run: report(a.Dunning.Run)},
		{Name: "domain.notices", Spec: "37 * * * *", Run: report(a.Dunning.Notices)},
		{Name: "order.review_prices", Spec: "17 * * * *", Run: report(a.Orders.ReviewPrices)},
		{Name: "billing.payouts", Spec: "13 6 * * *", Run: report(a.Billing.RunPayouts)},
		{Name: "billing.turnover", Spec: "53 4 * * *", Run: report(a.Billing.CheckTurnover)},
		{Name: "service.expire_actions", Spec: "23 * * * *", Run: report(a.Services.ExpireActions)},
		{Name: "upstream.compare", Spec: "31 2 * * *", Run: report(a.Agree.Compare)},
		{Name: "operator.remind", Spec: "3 * * * *", Run: func(ctx context.Context) (*tally.Report, error) {
			return review.Remind(ctx, a.Store, a.Tasks, a.Events)
		}},
		{Name: "audit", Spec: "11 4 * * *", Run: report(a.auditNightly)},
		{Name: "account.sweep", Spec: "41 3 * * *", Run: counted("deleted", a.Accounts.Sweep)},
		{Name: "service.forget_codes", Spec: "43 3 * * *", Run: counted("forgotten", a.Services.ForgetCodes)},
		{Name: "order.prune_quotes", Spec: "45 3 * * *", Run: counted("deleted", a.Orders.PruneQuotes)},
		{Name: "task.prune", Spec: "49 3 * * *", Run: a.pruneTasks},
		{Name: "billing.forget_webhooks", Spec: "51 3 * * *", Run: counted("forgotten", kept(a.Config.Keep.Webhooks, a.Billing.ForgetWebhooks))},
		{Name: "cron.prune", Spec: "39 3 * * *", Run: counted("deleted", kept(a.Config.Keep.Runs, a.Jobs.Prune))},
		{Name: "order.prune_keys", Spec: "47 3 * * *", Run: counted("deleted", a.Orders.PruneIdempotency)},
	}...)
}

// report is a job's function as the schedule takes it.
func report[T tally.Teller](run func(context.Context) (T, error)) func(context.Context) (*tally.Report, error) {
	return func(ctx context.Context) (*tally.Report, error) {
		did, err := run(ctx)
		return did.Tally(), err
	}
}

// counted is the same for one that only counts.
func counted(what string, run func(context.Context) (int64, error)) func(context.Context) (*tally.Report, error) {
	return func(ctx context.Context) (*tally.Report, error) {
		n, err := run(ctx)
		return tally.Of(int(n), map[string]int{what: int(n)}), err
	}
}

// kept is a job that deletes what is older than so many days; none for 0 days, which is for ever.
func kept(n int, forget func(context.Context, time.Duration) (int64, error)) func(context.Context) (int64, error) {
	return func(ctx context.Context) (int64, error) {
		if n == 0 {
			return 0, nil
		}
		return forget(ctx, days(n))
	}
}

// pruneTasks forgets the tries of old tasks.
func (a *App) pruneTasks(ctx context.Context) (*tally.Report, error) {
	if a.Config.Keep.Journal == 0 {
		return tally.New(), nil
	}
	return a.Tasks.Prune(ctx, days(a.Config.Keep.Journal))
}
