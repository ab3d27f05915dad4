package sink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/fleet"
)

// cutOff answers less than it says.
func cutOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	w.WriteHeader(200)
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// The examples of Amazon's S3 API Reference.
func TestSignaturesAreAmazons(t *testing.T) {
	s := signer{id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1"}
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		method, path, query, body string
		header                    map[string]string
		want                      string
	}{
		{"GET", "/test.txt", "", "", map[string]string{"Range": "bytes=0-9"}, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		{"PUT", "/test$file.text", "", "Welcome to Amazon S3.", map[string]string{"Date": "Fri, 24 May 2013 00:00:00 GMT", "X-Amz-Storage-Class": "REDUCED_REDUNDANCY"},
			"98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
		{"GET", "/", "max-keys=2&prefix=J", "", nil, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
	} {
		r, err := http.NewRequest(c.method, "https://examplebucket.s3.amazonaws.com"+escapePath(c.path)+"?"+c.query, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		s.request(r, []byte(c.body), at)
		if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+c.want) {
			t.Errorf("%s %s: %s, want %s", c.method, c.path, got, c.want)
		}
	}
}

const s3Secret = canary + "/with+signs"

func openS3(t *testing.T, address string, a fleet.Access) *S3 {
	t.Helper()
	to, err := fleet.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewS3(to, a, Options{Token: "AKID:" + s3Secret + ":session-" + canary, Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestWhatABucketSays(t *testing.T) {
	say := func(status int, code string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			if code != "" {
				fmt.Fprintf(w, "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>of %s</Message></Error>", code, s3Secret)
			}
		}
	}
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		want   string
		hint   string
	}{
		"taken":             {say(200, ""), "<nil>", ""},
		"200 and an error":  {say(200, "InternalError"), "*sink.Away", ""},
		"slow down":         {say(503, "SlowDown"), "*sink.Away", ""},
		"500 for an hour":   {say(500, ""), "*sink.Away", ""},
		"too slow":          {say(400, "RequestTimeout"), "*sink.Away", ""},
		"damaged on way":    {say(400, "XAmzContentSHA256Mismatch"), "*sink.Away", ""},
		"too many":          {say(429, ""), "*sink.Away", ""},
		"no bucket":         {say(404, "NoSuchBucket"), "*sink.Denied", "make the bucket"},
		"no right":          {say(403, "AccessDenied"), "*sink.Denied", "ACCESS_KEY:SECRET"},
		"wrong secret":      {say(403, "SignatureDoesNotMatch"), "*sink.Denied", "ACCESS_KEY:SECRET"},
		"expired":           {say(400, "ExpiredToken"), "*sink.Denied", ""},
		"another region":    {say(301, "PermanentRedirect"), "*sink.Denied", "region"},
		"region of the key": {say(400, "AuthorizationHeaderMalformed"), "*sink.Denied", "region"},
		"another server":    {say(404, ""), "*sink.Denied", "not that of a bucket"},
		"cannot":            {say(501, "NotImplemented"), "*sink.Denied", "not that of a bucket"},
		"too large":         {say(413, ""), "*sink.Refused", ""},
		"redirected": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, "*sink.Denied", ""},
		"cut off": {cutOff, "*sink.Away", ""},
		"hung up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "*sink.Away", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := &engine{answer: c.answer}
			srv := httptest.NewServer(e)
			defer srv.Close()
			err := openS3(t, "s3+"+srv.URL+"/bucket", fleet.Access{}).Put(context.Background(), batch)
			if got := fmt.Sprintf("%T", err); got != c.want {
				t.Errorf("%s: %v, want %s", got, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("it says %v", err)
			}
			if denied := new(Denied); errors.As(err, &denied) && !strings.Contains(denied.Hint, c.hint) {
				t.Errorf("hint: %s", denied.Hint)
			}
			if len(e.seen()) != 1 {
				t.Errorf("%d requests", len(e.seen()))
			}
		})
	}
}

// The secret signs, and is in no byte that is sent.
func TestTheSecretIsNeverSent(t *testing.T) {
	e := &engine{}
	srv := httptest.NewServer(e)
	defer srv.Close()
	if err := openS3(t, "s3+"+srv.URL+"/bucket/a", fleet.Access{}).Put(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	r := e.seen()[0]
	if strings.Contains(r.url+r.raw+fmt.Sprint(r.header), s3Secret) {
		t.Errorf("%v", r)
	}
	if r.header.Get("X-Amz-Security-Token") != "session-"+canary || strings.Contains(r.url+r.raw, canary) {
		t.Errorf("the session's token is not in its header alone: %v", r)
	}
	if want := "/bucket/a/host%3Dh/2026-11/20261130T145837454Z-20261130T145837454Z-" + batch.Token() + ObjectExt; r.url != want {
		t.Errorf("%s, want %s", r.url, want)
	}
	z, _ := zstd.NewReader(nil)
	defer z.Close()
	if lines, err := z.DecodeAll([]byte(r.raw), nil); err != nil || string(lines) != string(batch.Lines) {
		t.Errorf("sent %q %v", lines, err)
	}
}

// A machine whose clock is wrong by years sends all the same.
func TestAWrongClockIsNoObstacle(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	e := &engine{answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", now.Format(http.TimeFormat))
		at, _ := time.Parse(signTime, r.Header.Get("X-Amz-Date"))
		if at.Sub(now).Abs() > 15*time.Minute {
			w.WriteHeader(403)
			io.WriteString(w, "<Error><Code>RequestTimeTooSkewed</Code></Error>")
		}
	}}
	srv := httptest.NewServer(e)
	defer srv.Close()
	s := openS3(t, "s3+"+srv.URL+"/bucket", fleet.Access{})
	s.now = func() time.Time { return now.AddDate(-30, 0, 0) }
	for range 2 {
		if err := s.Put(context.Background(), batch); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(e.seen()); n != 3 {
		t.Errorf("%d requests: its clock was not remembered", n)
	}
	e.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(403)
		io.WriteString(w, "<Error><Code>RequestTimeTooSkewed</Code></Error>")
	}
	if err := s.Put(context.Background(), batch); err == nil || len(e.seen()) != 5 {
		t.Errorf("a server that never agrees: %v after %d requests", err, len(e.seen()))
	}
}

func TestWhereABucketIs(t *testing.T) {
	for _, c := range []struct {
		address string
		access  fleet.Access
		want    string
	}{
		{"s3://bucket/p", fleet.Access{Region: "eu-central-1"}, "https://bucket.s3.eu-central-1.amazonaws.com/"},
		{"s3://bucket", fleet.Access{}, "https://bucket.s3.us-east-1.amazonaws.com/"},
		{"s3://my.bucket", fleet.Access{}, "https://s3.us-east-1.amazonaws.com/my.bucket/"},
		{"s3+https://h:9000/bucket/p", fleet.Access{}, "https://h:9000/bucket/"},
		{"s3+https://h:9000/bucket/p", fleet.Access{VirtualHost: true}, "https://bucket.h:9000/"},
	} {
		if s := openS3(t, c.address, c.access); s.base.String() != c.want {
			t.Errorf("%s: %s, want %s", c.address, s.base.String(), c.want)
		}
	}
	for _, token := range []string{"x", ":x", "x:"} {
		to, _ := fleet.ParseAddress("s3://bucket")
		if _, err := NewS3(to, fleet.Access{}, Options{Token: token}); err == nil {
			t.Errorf("%q is a token", token)
		}
	}
}

func TestTheBucketAsAHost(t *testing.T) {
	e := &engine{}
	hosts := make(chan string, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hosts <- r.Host; e.ServeHTTP(w, r) }))
	defer srv.Close()
	s := openS3(t, "s3+http://localhost:9/bucket/p", fleet.Access{VirtualHost: true})
	s.http.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
	}
	if err := s.Put(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	if host := <-hosts; host != "bucket.localhost:9" || !strings.HasPrefix(e.seen()[0].url, "/p/host%3Dh/") {
		t.Error(host, e.seen()[0].url)
	}
}

// A sender that may only write cannot list; one with a wrong key is another thing.
func TestWhoMayOnlyWriteIsReady(t *testing.T) {
	for code, ready := range map[string]bool{"AccessDenied": true, "InvalidAccessKeyId": false, "SignatureDoesNotMatch": false} {
		e := &engine{answer: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(403)
			fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
		}}
		srv := httptest.NewServer(e)
		if err := openS3(t, "s3+"+srv.URL+"/bucket", fleet.Access{}).Check(context.Background()); (err == nil) != ready {
			t.Errorf("%s: %v", code, err)
		}
		srv.Close()
	}
}

func TestListsGoOnAndAreWhole(t *testing.T) {
	page := 0
	e := &engine{answer: func(w http.ResponseWriter, r *http.Request) {
		page++
		fmt.Fprintf(w, "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>%v</IsTruncated><NextContinuationToken>t%d</NextContinuationToken>"+
			"<Contents><Key>p/host%%3Dh/a%%2Bb%%00c+%d</Key></Contents><Contents><Key>elsewhere</Key></Contents></ListBucketResult>", page < 3, page, page)
	}}
	srv := httptest.NewServer(e)
	defer srv.Close()
	s := openS3(t, "s3+"+srv.URL+"/bucket/p", fleet.Access{})
	names, err := s.List(context.Background())
	if err != nil || strings.Join(names, "|") != "host=h/a+b\x00c 1|host=h/a+b\x00c 2|host=h/a+b\x00c 3" {
		t.Errorf("%q %v", names, err)
	}
	e.answer = func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "<ListBucketResult><Contents><Key>p/x")
	}
	if names, err := s.List(context.Background()); err == nil {
		t.Errorf("half a list is one: %q", names)
	}
}
