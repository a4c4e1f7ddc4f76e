package db

// newest sorts behind every id in every collation. A sign such as ~ does not: a language's
// collation puts signs before letters.
const newest = "zzzz"

// FromNewest is where a list that shows the newest first goes on: before the cursor of the page
// before it, or before every id for the first page.
func FromNewest(cursor string) string {
	if cursor == "" {
		return newest
	}
	return cursor
}
