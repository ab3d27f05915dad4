package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/fleet"
	"pi-track/internal/fleet/sink"
)

func openBucket(t *testing.T, url, token string) *sink.S3 {
	t.Helper()
	to, err := fleet.ParseAddress("s3+" + url + "/team-bucket/a prefix/with+signs~é")
	if err != nil {
		t.Fatal(err)
	}
	s, err := sink.NewS3(to, fleet.Access{Region: region}, sink.Options{Token: token, Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestABucketTakesListsAndGives(t *testing.T) {
	srv := httptest.NewServer(bucket(""))
	defer srv.Close()
	s := openBucket(t, srv.URL, accessKey+":"+secretKey)
	if err := s.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 1200 { // more than a page of a list
		b := sink.Batch{Host: fmt.Sprintf("h%d", i%3), Lines: fmt.Appendf(nil, `{"ts":"2026-11-30T14:58:37.454Z","v":1,"n":%d}`+"\n", i), Count: 1}
		for range 1 + i%2 { // the same batch is the same object
			if err := s.Put(context.Background(), b); err != nil {
				t.Fatal(err)
			}
		}
		want = append(want, sink.ObjectName(b))
	}
	got, err := s.List(context.Background())
	slices.Sort(want)
	slices.Sort(got)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%d objects of %d: %v", len(got), len(want), err)
	}
	answer, err := s.Get(context.Background(), want[7])
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Close()
	z, _ := zstd.NewReader(answer)
	defer z.Close()
	if text, err := io.ReadAll(z); err != nil || !bytes.HasPrefix(text, []byte(`{"ts":"2026-`)) {
		t.Errorf("%s %v", text, err)
	}
}

func TestAWrongKeyIsDenied(t *testing.T) {
	srv := httptest.NewServer(bucket(""))
	defer srv.Close()
	for _, token := range []string{accessKey + ":another-secret-value", ""} {
		s := openBucket(t, srv.URL, token)
		err := s.Put(context.Background(), sink.Batch{Host: "h", Lines: []byte("{}\n")})
		if denied := new(sink.Denied); !errors.As(err, &denied) || strings.Contains(err.Error(), "another-secret") {
			t.Errorf("%T %v", err, err)
		}
		if err := s.Check(context.Background()); err == nil {
			t.Error("a wrong key is as good as a right one")
		}
	}
}
