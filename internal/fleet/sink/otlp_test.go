package sink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pi-track/internal/fleet"
)

func openOTLP(t *testing.T, url string) Sink {
	t.Helper()
	to, err := fleet.ParseAddress("otlp+" + url + "/base/")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(to, fleet.Access{}, Options{Token: canary, Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

const ended = `{"ts":"2026-11-30T14:58:37.454Z","v":1,"id":"01a22cf7-0b0e-79fa-a964-f13a3b02ca76","kind":"script","name":"deploy","status":"failed","duration_ms":412,"exit_code":1}` + "\n"

func TestWhatACollectorSays(t *testing.T) {
	say := func(status int, body string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	some := message(nil, 1, text(number(nil, 1, 3), 2, "three are too old, "+canary))
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		want   string
	}{
		"taken":              {say(200, ""), "<nil>"},
		"taken, nothing off": {say(200, string(message(nil, 1, nil))), "<nil>"},
		"but three":          {say(200, string(some)), "*sink.Partial"},
		"but a warning":      {say(200, string(message(nil, 1, text(nil, 2, "old")))), "*sink.Partial"},
		"a field of later":   {say(200, string(fixed64(number(nil, 9, 1), 10, 7))), "<nil>"},
		"200 of a proxy":     {say(200, "<html>log in</html>"), "*sink.Away"},
		"cut in the message": {say(200, string(some[:len(some)-3])), "*sink.Away"},
		"slow down":          {say(429, ""), "*sink.Away"},
		"500 for an hour":    {say(500, ""), "*sink.Away"},
		"away":               {say(503, ""), "*sink.Away"},
		"gateway":            {say(502, ""), "*sink.Away"},
		"a bad batch":        {say(400, ""), "*sink.Refused"},
		"too large":          {say(413, ""), "*sink.Refused"},
		"no right":           {say(403, canary), "*sink.Denied"},
		"not here":           {say(404, ""), "*sink.Denied"},
		"another encoding":   {say(415, ""), "*sink.Denied"},
		"redirected": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, "*sink.Denied"},
		"cut off": {cutOff, "*sink.Away"},
	} {
		t.Run(name, func(t *testing.T) {
			e := &engine{answer: c.answer}
			srv := httptest.NewServer(e)
			defer srv.Close()
			err := openOTLP(t, srv.URL).Put(context.Background(), Batch{Host: "h", Lines: []byte(ended)})
			if got := fmt.Sprintf("%T", err); got != c.want {
				t.Errorf("%s: %v, want %s", got, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("it says %v", err)
			}
			if p := new(Partial); errors.As(err, &p) && name == "but three" && p.Rejected != 3 {
				t.Errorf("%+v", p)
			}
			r := e.seen()[0]
			if len(e.seen()) != 1 || r.url != "/base/v1/traces" || strings.Contains(r.url+r.body+r.raw, canary) || r.header.Get("Authorization") != "Bearer "+canary {
				t.Errorf("%d requests, %v", len(e.seen()), r)
			}
		})
	}
}

// A run that has only begun is no span yet.
func TestStartsAreNoSpans(t *testing.T) {
	e := &engine{}
	srv := httptest.NewServer(e)
	defer srv.Close()
	s := openOTLP(t, srv.URL)
	started := strings.Replace(ended, `"failed","duration_ms":412,"exit_code":1`, `"started"`, 1)
	if err := s.Put(context.Background(), Batch{Host: "h", Lines: []byte(started)}); err != nil || len(e.seen()) > 0 {
		t.Errorf("%d requests, %v", len(e.seen()), err)
	}
	if err := s.Check(context.Background()); err != nil || len(e.seen()) != 1 || e.seen()[0].body != "" {
		t.Errorf("a question is not empty: %v", err)
	}
}
