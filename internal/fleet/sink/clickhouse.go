package sink

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/fleet"
)

// ClickHouse speaks to the HTTP interface of a ClickHouse server. Credentials go in
// the Authorization header, never into an address; a redirection is not followed, so that
// they go nowhere else.
type ClickHouse struct {
	base, database string
	auth, agent    string
	secrets        []string // that no error may quote
	old            bool     // before 24.8: gzip, no token
	http           *http.Client
	zip            *zstd.Encoder
}

// answerLimit is how much of an answer to an insert is read: a good one is empty.
const answerLimit = 64 << 10

// stallWait is how long a server may say nothing.
const stallWait = 2 * time.Minute

// NewClickHouse makes the client. It asks nothing.
func NewClickHouse(to fleet.Address, a fleet.Access, o Options) (*ClickHouse, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.CAFile != "" {
		pem, err := os.ReadFile(a.CAFile)
		if err != nil {
			return nil, &Denied{fmt.Errorf("ca_file: %w", err), "name a file with the authority's certificate"}
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, &Denied{fmt.Errorf("ca_file: %s has no certificate in PEM", a.CAFile), "name a file with the authority's certificate"}
		}
	}
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return &ClickHouse{
		base: to.Base, database: to.Database, auth: authorization(o.Token), secrets: secretsOf(o.Token), agent: "pi-track/" + o.Version, old: a.Compatible, zip: zip,
		http: &http.Client{
			Transport: &http.Transport{
				Proxy: http.ProxyFromEnvironment, TLSClientConfig: config, DisableCompression: true, ForceAttemptHTTP2: false,
				DialContext:           (&net.Dialer{Timeout: 15 * time.Second}).DialContext,
				TLSHandshakeTimeout:   15 * time.Second,
				ResponseHeaderTimeout: stallWait, IdleConnTimeout: time.Minute,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// authorization is the header's value: user:password as Basic, any other token as Bearer.
func authorization(token string) string {
	switch {
	case token == "":
		return ""
	case strings.Contains(token, ":"):
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(token))
	}
	return "Bearer " + token
}

// secretsOf are the forms in which a server could send a token back.
func secretsOf(token string) []string {
	if token == "" {
		return nil
	}
	_, value, _ := strings.Cut(authorization(token), " ")
	all := []string{token, value}
	if _, password, ok := strings.Cut(token, ":"); ok && len(password) > 3 {
		all = append(all, password)
	}
	return all
}

// Close drops the connections.
func (c *ClickHouse) Close() error {
	c.http.CloseIdleConnections()
	return c.zip.Close()
}

// Put inserts the batch. Its token is its content, so that a repeated batch adds no
// row. It counts as taken when the status is 200 and the answer, read to its end, is
// empty: a server may find out late that it cannot.
func (c *ClickHouse) Put(ctx context.Context, b Batch) error {
	q := url.Values{
		"query":                            {"INSERT INTO " + c.database + ".lines FORMAT JSONEachRow"},
		"input_format_skip_unknown_fields": {"1"},
	}
	body, encoding := []byte(nil), "zstd"
	if c.old {
		encoding = "gzip"
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(b.Lines) // memory takes all
		_ = w.Close()
		body = z.Bytes()
	} else {
		body = c.zip.EncodeAll(b.Lines, nil)
		q.Set("insert_deduplication_token", "pt1-"+b.Token())
		q.Set("wait_end_of_query", "1")
		q.Set("date_time_input_format", "best_effort")
		q.Set("precise_float_parsing", "1")
		q.Set("throw_on_max_partitions_per_insert_block", "0")
	}
	answer, err := c.do(ctx, q, body, encoding)
	if err != nil {
		return err
	}
	defer answer.Close()
	text, err := io.ReadAll(io.LimitReader(answer, answerLimit))
	if err != nil {
		return &Away{Err: fmt.Errorf("the answer was cut off: %w", clean(err))}
	}
	if text = bytes.TrimSpace(text); len(text) > 0 {
		return &Away{Err: fmt.Errorf("the answer says: %s", c.short(text))}
	}
	return nil
}

// Check inserts nothing, which needs the table and the right to insert.
func (c *ClickHouse) Check(ctx context.Context) error {
	answer, err := c.do(ctx, url.Values{"query": {"INSERT INTO " + c.database + ".lines FORMAT JSONEachRow"}}, nil, "")
	if err == nil {
		return answer.Close()
	}
	if strings.Contains(err.Error(), "NO_DATA_TO_INSERT") || strings.Contains(err.Error(), "code: 108") {
		return nil
	}
	return err
}

// Database is the name of the database, letters, digits and _ alone.
func (c *ClickHouse) Database() string { return c.database }

// Select carries out a query that changes nothing. The answer may be compressed with zstd;
// an engine that fails late cuts it off. Texts in JSON come as they are, with plain slashes.
func (c *ClickHouse) Select(ctx context.Context, query string) (io.ReadCloser, error) {
	return c.do(ctx, url.Values{"enable_http_compression": {"1"}, "output_format_json_escape_forward_slashes": {"0"}}, []byte(query), "")
}

// do sends a request. The answer, with status 200, is to be closed.
func (c *ClickHouse) do(ctx context.Context, q url.Values, body []byte, encoding string) (io.ReadCloser, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/?"+q.Encode(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", c.agent)
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("Accept-Encoding", "zstd")
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	if c.auth != "" {
		r.Header.Set("Authorization", c.auth)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, unreachable(err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer.Body, nil
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
	return nil, c.judge(answer, text)
}

// unreachable is an error of the connection, without the address, which has the query in it.
func unreachable(err error) error {
	var cert *tls.CertificateVerificationError
	if errors.As(err, &cert) {
		return &Denied{fmt.Errorf("its certificate is not trusted: %w", cert.Err), "ca_file names the certificate of a private authority"}
	}
	return &Away{Err: clean(err)}
}

// clean is err without the address that net/http puts in front.
func clean(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// What ClickHouse says by X-ClickHouse-Exception-Code.
var (
	ofBatch = map[int]bool{ // something in this batch
		6: true, 26: true, 27: true, 32: true, 33: true, 38: true, 41: true, 53: true, 69: true, 70: true, 72: true,
		117: true, 131: true, 349: true, 376: true, 441: true, 469: true, 636: true, 691: true,
	}
	ofTables = map[int]bool{16: true, 60: true, 81: true, 10: true}                // the tables are others
	ofRights = map[int]bool{192: true, 193: true, 194: true, 497: true, 516: true} // users and grants
)

// judge says what an answer other than 200 means.
func (c *ClickHouse) judge(answer *http.Response, text []byte) error {
	code, err := strconv.Atoi(answer.Header.Get("X-ClickHouse-Exception-Code"))
	if err != nil { // old servers say it in the text alone
		_, _ = fmt.Sscanf(string(text), "Code: %d", &code)
	}
	err = fmt.Errorf("status %d: %s", answer.StatusCode, c.short(text))
	const rights = "the token is wrong, or its user may not do this: see token_file in shims.toml and 'pi-track ship schema clickhouse'"
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden || ofRights[code]:
		return &Denied{err, rights}
	case ofTables[code]:
		return &Denied{err, "make or change the tables: pi-track ship schema clickhouse"}
	case code == 115 || code == 89: // an unknown setting; zstd
		return &Denied{err, "this ClickHouse is older than 24.8: update it, or set compatible = true"}
	case status == http.StatusNotFound || status >= 300 && status < 400 || status == http.StatusMethodNotAllowed:
		return &Denied{err, "the address is not that of a ClickHouse with these tables: see 'to' in shims.toml"}
	case ofBatch[code], status == http.StatusRequestEntityTooLarge, status == http.StatusBadRequest && code == 0:
		return &Refused{err}
	}
	return &Away{Err: err, After: retryAfter(answer.Header.Get("Retry-After"))}
}

func retryAfter(text string) time.Duration {
	s, err := strconv.Atoi(text)
	if err != nil || s < 0 || s > 3600 {
		return 0
	}
	return time.Duration(s) * time.Second
}

// short is the beginning of what a server says, on one line.
func (c *ClickHouse) short(text []byte) string {
	const most = 300
	s := strings.ToValidUTF8(strings.Join(strings.Fields(string(text)), " "), "?")
	for _, secret := range c.secrets {
		s = strings.ReplaceAll(s, secret, "[token]")
	}
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	if s == "" {
		return "nothing"
	}
	return s
}
