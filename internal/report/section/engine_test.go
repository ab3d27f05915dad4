package section_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"pi-track/internal/report/engine"
	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// A section that collects something of its own has to be asked for, too, where a
// database holds the runs.
func TestEverySectionHasItsQuery(t *testing.T) {
	away := errors.New("away")
	collecting := 0
	for _, name := range section.All() {
		for _, by := range [][]query.Key{nil, {query.ByRepo}} {
			q, err := query.New(query.Options{Sections: []query.Section{name}, By: by, Why: "deploy", Engine: &query.Engine{
				Select: func(context.Context, string) (io.ReadCloser, error) { return nil, away },
			}})
			if err != nil {
				t.Fatal(err)
			}
			collecting += len(section.Collecting(q))
			if _, err := engine.Build(t.Context(), q); !errors.Is(err, away) {
				t.Errorf("%s by %v: %v", name, by, err)
			}
		}
	}
	if collecting < 10 {
		t.Errorf("only %d collect something", collecting)
	}
}
