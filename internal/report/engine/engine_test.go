package engine

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"pi-track/internal/report/query"
	"pi-track/internal/report/section"
)

// What the engine answers to all of our queries is compared with a log's figures by 'make
// fleet', which needs an engine; here are the answers that it should not give.
func TestAnswersThatAreNone(t *testing.T) {
	ask := func(answer func(sql string) (string, error)) error {
		q, err := query.New(query.Options{Now: time.Now(), Sections: section.DefaultSections, Engine: &query.Engine{
			Database: "team", Select: func(_ context.Context, sql string) (io.ReadCloser, error) {
				text, err := answer(sql)
				return io.NopCloser(strings.NewReader(text)), err
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Build(context.Background(), q)
		return err
	}
	version := func(v string) func(string) (string, error) {
		return func(sql string) (string, error) {
			if strings.Contains(sql, "version()") {
				return `{"version":"` + v + `"}` + "\n", nil
			}
			return "", nil
		}
	}
	for _, v := range []string{"18.16.1", "24.7.9.1", "", "what"} {
		if old := new(TooOld); !errors.As(ask(version(v)), &old) {
			t.Errorf("version %q is taken", v)
		}
	}
	for _, v := range []string{"24.8.1", "26.7.2.1"} {
		if err := ask(version(v)); err != nil {
			t.Errorf("version %q, and nothing sent: %v", v, err)
		}
	}
	away := errors.New("away")
	if err := ask(func(string) (string, error) { return "", away }); !errors.Is(err, away) {
		t.Errorf("away: %v", err)
	}
	for _, text := range []string{`{"lines":`, "Code: 241. DB::Exception: Memory limit\n"} {
		if err := ask(func(sql string) (string, error) {
			if strings.Contains(sql, "count() AS lines") {
				return text, nil
			}
			return version("26.7")(sql)
		}); err == nil {
			t.Errorf("%q is taken for an answer", text)
		}
		if err := ask(func(sql string) (string, error) {
			if strings.Contains(sql, "FORMAT TSVRaw") { // the latest runs, a line each
				return text, nil
			}
			return version("26.7")(sql)
		}); err == nil {
			t.Errorf("%q is taken for runs", text)
		}
	}
}
