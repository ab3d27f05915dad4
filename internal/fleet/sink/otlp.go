package sink

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"

	"pi-track/internal/event"
	"pi-track/internal/event/decode"
	"pi-track/internal/fleet"
)

// otlp sends each run that has ended as a span to an OpenTelemetry collector, by OTLP over
// HTTP with protobuf. It is an export for those who have a collector, not a store to
// report from: OTLP has no key by which a repeated batch counts once. The ids of spans
// come from those of runs, so that a back end which knows a span by its id keeps one.
type otlp struct {
	*wire
	url, auth, version string
}

// TracesPath is where a collector takes spans, below its address.
const TracesPath = "/v1/traces"

func newOTLP(to fleet.Address, a fleet.Access, o Options) (*otlp, error) {
	w, err := newWire(a, o)
	if err != nil {
		return nil, err
	}
	return &otlp{wire: w, url: to.Base + to.Path + TracesPath, auth: authorization(o.Token), version: o.Version}, nil
}

// Close drops the connections.
func (c *otlp) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// Check sends nothing, as a request: no spans.
func (c *otlp) Check(ctx context.Context) error { return c.post(ctx, nil) }

// Put sends the spans of the runs that end in the batch. What a collector refuses of it
// it says as a *[Partial]: the others are taken, and none is to be sent again.
func (c *otlp) Put(ctx context.Context, b Batch) error {
	var spans []byte
	for line := range bytes.Lines(b.Lines) {
		var e event.Event
		if decode.Event(bytes.TrimSuffix(line, []byte{'\n'}), &e) == nil && e.Status != event.Started {
			spans = message(spans, 2, span(&e)) // ScopeSpans.spans
		}
	}
	if spans == nil {
		return nil
	}
	return c.post(ctx, c.request(b.Host, spans))
}

// post sends an ExportTraceServiceRequest.
func (c *otlp) post(ctx context.Context, request []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(zipped(request)))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	r.Header.Set("Content-Encoding", "gzip")
	if c.auth != "" {
		r.Header.Set("Authorization", c.auth)
	}
	answer, err := c.send(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := whole(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return c.judge(answer, text)
	}
	rejected, why, err := partial(text)
	switch {
	case err != nil:
		return &Away{Err: fmt.Errorf("the answer is not that of a collector: %s", c.short(text))}
	case rejected > 0 || why != "":
		return &Partial{Rejected: rejected, Err: errors.New(c.short([]byte(why)))}
	}
	return nil
}

// judge says what an answer other than 200 means. Whatever the collector cannot do now
// it may do later; what is wrong with a batch stays wrong.
func (c *otlp) judge(answer *http.Response, text []byte) error {
	err := fmt.Errorf("status %d: %s", answer.StatusCode, c.short(text))
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &Denied{err, "the token is wrong, or its user may not do this: see token_file in shims.toml"}
	case status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge || status == http.StatusUnprocessableEntity:
		return &Refused{err}
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= http.StatusInternalServerError && status != http.StatusNotImplemented:
		return &Away{Err: err, After: retryAfter(answer.Header.Get("Retry-After"))}
	}
	return &Denied{err, "the address is not that of a collector that takes traces by OTLP over HTTP: see 'to' in shims.toml"}
}

// partial reads an ExportTraceServiceResponse: how many spans were refused, and why.
func partial(answer []byte) (rejected int64, why string, err error) {
	inner, err := fields(answer)
	for _, f := range inner {
		if f.number != 1 || err != nil { // partial_success
			continue
		}
		var parts []field
		parts, err = fields(f.bytes)
		for _, p := range parts {
			switch p.number {
			case 1: // rejected_spans
				rejected = int64(p.varint)
			case 2: // error_message
				why = string(p.bytes)
			}
		}
	}
	return rejected, why, err
}

// field is one of a protobuf message.
type field struct {
	number uint64
	varint uint64
	bytes  []byte
}

var errProto = errors.New("this is not a protobuf message")

// fields takes a message apart.
func fields(b []byte) ([]field, error) {
	var all []field
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 || tag>>3 == 0 {
			return nil, errProto
		}
		f := field{number: tag >> 3}
		b = b[n:]
		switch tag & 7 {
		case wireVarint:
			if f.varint, n = binary.Uvarint(b); n <= 0 {
				return nil, errProto
			}
		case wireFixed64:
			n = 8
		case wireFixed32:
			n = 4
		case wireBytes:
			size, m := binary.Uvarint(b)
			if m <= 0 || size > uint64(len(b)-m) {
				return nil, errProto
			}
			f.bytes = b[m : m+int(size)]
			n = m + int(size)
		default:
			return nil, errProto
		}
		if n > len(b) {
			return nil, errProto
		}
		b = b[n:]
		all = append(all, f)
	}
	return all, nil
}
