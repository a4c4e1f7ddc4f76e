// Package review owns the questions that the shop puts to its operator: what no call
// can mend and a person must decide, such as a name that is paid for upstream and
// belongs to nobody, or a refund that cannot go back.
//
// A question is a task of the kind operator.review. It is held from birth, rings the
// alarm of all held tasks, is listed with them, and is ended by settling or cancelling
// it with a note, or by itself once what it asks about has gone. Whoever has one to
// put calls Ask with what differs (code and subject); asked again it is the same
// question, with what it says brought up to date.
//
//	review.Ask(ctx, q, tasks, review.Question{Code: "domain_unowned", Subject: "example.nl", Message: …, Deadline: …})
//	review.Answered(ctx, q, tasks, "domain_unowned", "example.nl", "the name is not on the account any more")
//
// A question whose answer has consequences in the books is a task kind of its own room,
// added with task.Params.Hold: its Done, Failed and Cancelled write them.
//
// It does not own what is asked (the rooms do), nor held tasks in general (package
// task does).
package review
