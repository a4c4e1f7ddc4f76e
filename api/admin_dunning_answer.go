package api

import (
	"hostfront/dunning"
	"hostfront/service"
)

func policyBody(p dunning.Policy) DunningPolicyBody {
	return DunningPolicyBody{
		Hosting: stepBodies(p.Hosting), Domain: stepBodies(p.Domain), LateFee: p.LateFee, AfterTermination: p.AfterTermination,
		WrittenOff: p.WrittenOff, NotifyCountryTLDs: p.NotifyCountryTLDs, LapseGrace: p.LapseGrace,
	}
}

func policyOf(b DunningPolicyBody) dunning.Policy {
	return dunning.Policy{
		Hosting: stepsOf(b.Hosting), Domain: stepsOf(b.Domain), LateFee: b.LateFee, AfterTermination: b.AfterTermination,
		WrittenOff: b.WrittenOff, NotifyCountryTLDs: b.NotifyCountryTLDs, LapseGrace: b.LapseGrace,
	}
}

func stepBodies(steps []dunning.Step) []DunningStepBody {
	bodies := make([]DunningStepBody, 0, len(steps))
	for _, s := range steps {
		bodies = append(bodies, DunningStepBody(s))
	}
	return bodies
}

func stepsOf(bodies []DunningStepBody) []dunning.Step {
	steps := make([]dunning.Step, 0, len(bodies))
	for _, b := range bodies {
		steps = append(steps, dunning.Step(b))
	}
	return steps
}

func caseAnswer(c dunning.Case) DunningCaseAnswer {
	answer := DunningCaseAnswer{
		InvoiceID: c.InvoiceID, InvoiceState: c.State, CustomerID: c.CustomerID, SubscriptionID: c.SubscriptionID, ServiceID: c.ServiceID,
		Due: c.Due, DueAt: instant(c.DueAt), OverdueSince: instant(c.OverdueSince), Taken: []StepTakenAnswer{}, Frozen: c.Frozen,
	}
	for _, t := range c.Taken {
		answer.Taken = append(answer.Taken, StepTakenAnswer(t))
	}
	if c.Next != nil {
		answer.Next = &DunningStepAnswer{Step: c.Next.Name, Action: c.Next.Action, At: c.NextAt}
	}
	return answer
}

func noticeAnswer(n service.Notice) DomainNoticeAnswer {
	return DomainNoticeAnswer{
		ID: n.ID, ServiceID: n.ServiceID, CustomerID: n.CustomerID, Name: n.Name, Kind: n.Kind, ExpiresAt: n.ExpiresAt, Address: n.Address,
		QueuedAt: n.QueuedAt, MailID: n.MailID, MailState: n.MailState, Recipient: n.Recipient, MessageID: n.MessageID, SentAt: instant(n.SentAt),
	}
}
