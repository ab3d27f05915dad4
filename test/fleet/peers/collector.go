package main

import (
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes spans as OpenTelemetry's own library decodes them. GET /spans tells of
// each that it has seen: the run's id and status, the span's times.
type collector struct {
	mu    sync.Mutex
	seen  map[string]bool
	spans []*trace.Span
	last  *collectortrace.ExportTraceServiceRequest
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		c.mu.Lock()
		defer c.mu.Unlock()
		for span := range c.seen {
			fmt.Fprintln(w, span)
		}
		return
	}
	if err := c.take(r); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintln(w, err)
		return
	}
	answer, err := proto.Marshal(&collectortrace.ExportTraceServiceResponse{PartialSuccess: &collectortrace.ExportTracePartialSuccess{}})
	if err == nil {
		w.Header().Set("Content-Type", "application/x-protobuf")
		_, _ = w.Write(answer)
	}
}

func (c *collector) take(r *http.Request) error {
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	request := &collectortrace.ExportTraceServiceRequest{}
	if err := proto.Unmarshal(body, request); err != nil {
		return err
	}
	if unknown := len(request.ProtoReflect().GetUnknown()); unknown > 0 {
		return fmt.Errorf("%d bytes of fields that do not exist", unknown)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = request
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, span := range scope.Spans {
				if err := check(span); err != nil {
					return err
				}
				c.spans = append(c.spans, span)
				c.seen[describe(span)] = true
			}
		}
	}
	return nil
}

// check says what the specification forbids of a span.
func check(s *trace.Span) error {
	switch {
	case len(s.TraceId) != 16 || len(s.SpanId) != 8 || len(s.ParentSpanId) != 0 && len(s.ParentSpanId) != 8:
		return fmt.Errorf("ids of %d, %d and %d bytes", len(s.TraceId), len(s.SpanId), len(s.ParentSpanId))
	case s.Name == "" || s.Status == nil || s.StartTimeUnixNano > s.EndTimeUnixNano:
		return fmt.Errorf("span %v", s)
	case len(s.ProtoReflect().GetUnknown()) > 0:
		return fmt.Errorf("fields that do not exist in %v", s)
	}
	var keys []string
	for _, a := range s.Attributes {
		if a.Key == "" || a.Value.GetValue() == nil || slices.Contains(keys, a.Key) {
			return fmt.Errorf("attribute %v", a)
		}
		keys = append(keys, a.Key)
	}
	return nil
}

func describe(s *trace.Span) string {
	return strings.Join([]string{value(s, "pi_track.id"), value(s, "pi_track.status"), hex.EncodeToString(s.SpanId), fmt.Sprint(s.EndTimeUnixNano)}, " ")
}

func value(s *trace.Span, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.GetStringValue()
		}
	}
	return ""
}
