package sink

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"pi-track/internal/fleet"
)

// ClickHouse speaks to the HTTP interface of a ClickHouse server. Credentials go in
// the Authorization header, never into an address; a redirection is not followed, so that
// they go nowhere else.
type ClickHouse struct {
	*wire
	base, database string
	auth           string
	old            bool // before 24.8: gzip, no token
	zip            *zstd.Encoder
}

// NewClickHouse makes the client. It asks nothing.
func NewClickHouse(to fleet.Address, a fleet.Access, o Options) (*ClickHouse, error) {
	w, err := newWire(a, o)
	if err != nil {
		return nil, err
	}
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return &ClickHouse{wire: w, base: to.Base, database: to.Database, auth: authorization(o.Token), old: a.Compatible, zip: zip}, nil
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
		body, encoding = zipped(b.Lines), "gzip"
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
	text, err := whole(answer)
	if err != nil {
		return err
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
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("Accept-Encoding", "zstd")
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	if c.auth != "" {
		r.Header.Set("Authorization", c.auth)
	}
	answer, err := c.send(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusOK {
		return answer.Body, nil
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
	return nil, c.judge(answer, text)
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
