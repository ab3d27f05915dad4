package sink

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/fleet"
)

// S3 keeps each batch as an object of a bucket, under the names that a directory
// has. It needs three requests of what such servers know: put, list and get.
type S3 struct {
	*wire
	base   url.URL // where keys begin, the bucket included
	prefix string  // of every key, "" or ending in a slash
	sign   signer
	now    func() time.Time
	skew   time.Duration // how far the server's clock is ahead of ours
	zip    *zstd.Encoder
}

// NewS3 makes the client of a bucket. It asks nothing. The token is
// ACCESS_KEY:SECRET or ACCESS_KEY:SECRET:SESSION_TOKEN; none asks as nobody.
func NewS3(to fleet.Address, a fleet.Access, o Options) (*S3, error) {
	w, err := newWire(a, o)
	if err != nil {
		return nil, err
	}
	s := &S3{wire: w, now: time.Now, sign: signer{region: a.Region}}
	if s.sign.region == "" {
		s.sign.region = "us-east-1"
	}
	if o.Token != "" {
		id, rest, ok := strings.Cut(o.Token, ":")
		if !ok || id == "" || rest == "" {
			return nil, &Denied{fmt.Errorf("the token is not ACCESS_KEY:SECRET"), "write both keys into token_file, with a colon between"}
		}
		s.sign.id = id
		s.sign.secret, s.sign.session, _ = strings.Cut(rest, ":")
		w.secrets = []string{s.sign.secret}
		if s.sign.session != "" {
			w.secrets = append(w.secrets, s.sign.session)
		}
	}
	if err := s.locate(to, a.VirtualHost); err != nil {
		return nil, err
	}
	if to.Path != "" {
		s.prefix = to.Path + "/"
	}
	s.zip, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	return s, err
}

// locate finds where the bucket is. Amazon wants its name in front of the host's,
// but for one with a dot, which no certificate covers.
func (s *S3) locate(to fleet.Address, virtual bool) error {
	base := to.Base
	if base == "" {
		base = "https://s3." + s.sign.region + ".amazonaws.com"
		virtual = !strings.Contains(to.Bucket, ".")
	}
	u, err := url.Parse(base)
	if err != nil {
		return err
	}
	s.base = *u
	if virtual {
		s.base.Host = to.Bucket + "." + s.base.Host
		s.base.Path = "/"
	} else {
		s.base.Path = "/" + to.Bucket + "/"
	}
	return nil
}

// Close drops the connections.
func (s *S3) Close() error {
	s.http.CloseIdleConnections()
	return s.zip.Close()
}

// Put stores the batch. It counts as taken when the status is 200 and the answer was
// read to its end. The same batch is the same object.
func (s *S3) Put(ctx context.Context, b Batch) error {
	answer, err := s.do(ctx, http.MethodPut, s.prefix+ObjectName(b), nil, s.zip.EncodeAll(b.Lines, nil))
	if err != nil {
		return err
	}
	defer answer.Close()
	text, err := whole(answer)
	if err == nil && bytes.Contains(text, []byte("<Error")) {
		err = &Away{Err: fmt.Errorf("the answer says: %s", s.short(text))}
	}
	return err
}

// Check asks for a list of one object. A sender that may only write is refused that
// by name, which says that its key is right.
func (s *S3) Check(ctx context.Context) error {
	answer, err := s.do(ctx, http.MethodGet, "", url.Values{"list-type": {"2"}, "max-keys": {"1"}, "prefix": {s.prefix}}, nil)
	if err != nil {
		if denied, ok := err.(*Denied); ok && s.sign.id != "" && strings.Contains(denied.Err.Error(), "AccessDenied") {
			return nil
		}
		return err
	}
	return answer.Close()
}

// listing is an answer to a list.
type listing struct {
	Truncated bool   `xml:"IsTruncated"`
	Next      string `xml:"NextContinuationToken"`
	Encoding  string `xml:"EncodingType"` // url, where the server knows it
	Objects   []struct {
		Key string `xml:"Key"`
	} `xml:"Contents"`
}

// List returns the names of all objects, without the prefix of the address. It asks for
// escaped names: one that XML cannot hold would make the whole list unreadable.
func (s *S3) List(ctx context.Context) ([]string, error) {
	var names []string
	for q := (url.Values{"list-type": {"2"}, "prefix": {s.prefix}, "encoding-type": {"url"}}); ; {
		answer, err := s.do(ctx, http.MethodGet, "", q, nil)
		if err != nil {
			return nil, err
		}
		var l listing
		err = xml.NewDecoder(answer).Decode(&l)
		answer.Close()
		if err != nil {
			return nil, &Away{Err: fmt.Errorf("the list was cut off, or is not a list: %w", clean(err))}
		}
		for _, o := range l.Objects {
			key := o.Key
			if l.Encoding == "url" {
				key, _ = url.QueryUnescape(key)
			}
			if strings.HasPrefix(key, s.prefix) {
				names = append(names, key[len(s.prefix):])
			}
		}
		if !l.Truncated || l.Next == "" || l.Next == q.Get("continuation-token") {
			return names, nil
		}
		q.Set("continuation-token", l.Next)
	}
}

// Get opens an object by its name without the prefix.
func (s *S3) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	return s.do(ctx, http.MethodGet, s.prefix+name, nil, nil)
}

// do sends a request. The answer, with status 200, is to be closed. Where the server
// finds our clock wrong, its own is taken.
func (s *S3) do(ctx context.Context, method, key string, q url.Values, body []byte) (io.ReadCloser, error) {
	for again := false; ; again = true {
		answer, err := s.ask(ctx, method, key, q, body)
		if err != nil {
			return nil, err
		}
		if answer.StatusCode == http.StatusOK {
			return answer.Body, nil
		}
		text, _ := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
		answer.Body.Close()
		if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil && !again && bytes.Contains(text, []byte("RequestTimeTooSkewed")) {
			s.skew = date.Sub(s.now())
			continue
		}
		return nil, s.judge(answer, text)
	}
}

func (s *S3) ask(ctx context.Context, method, key string, q url.Values, body []byte) (*http.Response, error) {
	at := s.base
	at.RawPath = escapePath(at.Path + key)
	at.Path += key
	at.RawQuery = escapeQuery(q)
	r, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPut {
		r.Header.Set("Content-Type", "application/zstd")
	}
	s.sign.request(r, body, s.now().Add(s.skew))
	return s.send(r)
}

// s3Error is what a server says of a request that it did not carry out.
type s3Error struct {
	Code    string `xml:"Code"`
	Message string `xml:"Message"`
}

// judge says what an answer other than 200 means. No batch is refused for its lines,
// which the server does not look at.
func (s *S3) judge(answer *http.Response, text []byte) error {
	var e s3Error
	what := string(text)
	if xml.Unmarshal(text, &e) == nil && e.Code != "" {
		what = e.Code + ": " + e.Message
	}
	err := fmt.Errorf("status %d: %s", answer.StatusCode, s.short([]byte(what)))
	switch e.Code {
	case "RequestTimeout", "IncompleteBody", "BadDigest", "XAmzContentSHA256Mismatch", "SlowDown", "OperationAborted", "RequestTimeTooSkewed":
		return &Away{Err: err, After: retryAfter(answer.Header.Get("Retry-After"))}
	case "NoSuchBucket":
		return &Denied{err, "make the bucket, or correct 'to' in shims.toml"}
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException":
		return &Denied{err, "region = \"...\" in shims.toml names where the bucket is"}
	case "EntityTooLarge":
		return &Refused{err}
	}
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &Denied{err, "token_file holds ACCESS_KEY:SECRET of one who may put objects there; see docs/fleet.md"}
	case status == http.StatusRequestEntityTooLarge:
		return &Refused{err}
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == http.StatusConflict:
		return &Away{Err: err, After: retryAfter(answer.Header.Get("Retry-After"))}
	case status < http.StatusInternalServerError || status == http.StatusNotImplemented:
		return &Denied{err, "the address is not that of a bucket: see 'to', 'region' and 'virtual_host' in docs/configuration.md"}
	}
	return &Away{Err: err, After: retryAfter(answer.Header.Get("Retry-After"))}
}
