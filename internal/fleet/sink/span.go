package sink

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"time"

	"pi-track/internal/event"
)

// The field numbers are those of opentelemetry/proto: collector/trace/v1, trace/v1,
// common/v1 and resource/v1. test/fleet/peers decodes with the official library what is
// written here.

// Protobuf's wire types.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

// request is an ExportTraceServiceRequest of spans of one host.
func (c *otlp) request(host string, spans []byte) []byte {
	resource := attribute(nil, 1, "service.name", "pi-track")
	resource = attribute(resource, 1, "service.version", c.version)
	resource = attribute(resource, 1, "host.id", host)
	scope := text(text(nil, 1, "pi-track"), 2, c.version)
	of := message(nil, 1, resource)
	of = message(of, 2, append(message(nil, 1, scope), spans...))
	return message(nil, 1, of)
}

// span is the Span of a run that has ended.
func span(e *event.Event) []byte {
	id := bytesOfID(e.ID)
	trace := id
	if e.RootID != "" {
		trace = bytesOfID(e.RootID)
	}
	b := message(nil, 1, trace[:])
	b = message(b, 2, id[8:])
	if e.ParentID != "" {
		parent := bytesOfID(e.ParentID)
		b = message(b, 4, parent[8:])
	}
	b = text(b, 5, e.Name)
	const internal = 1
	b = number(b, 6, internal)
	b = fixed64(b, 7, nanos(began(e)))
	b = fixed64(b, 8, nanos(e.TS))
	b = attributes(b, e)
	var status []byte
	switch e.Status {
	case event.Succeeded:
		status = number(status, 3, 1)
	case event.Failed:
		status = number(text(status, 2, e.Error), 3, 2)
	}
	return message(b, 15, status)
}

// attributes are named as OpenTelemetry's conventions name them, where they do.
func attributes(b []byte, e *event.Event) []byte {
	for _, a := range [...]struct{ key, value string }{
		{"pi_track.id", e.ID}, {"pi_track.kind", string(e.Kind)}, {"pi_track.status", string(e.Status)}, {"pi_track.src", e.Src},
		{"pi_track.scope", e.Scope}, {"pi_track.repo", e.Repo}, {"pi_track.task_id", e.TaskID}, {"session.id", e.SessionID},
		{"pi_track.host", e.Host}, {"process.working_directory", e.CWD}, {"pi_track.signal", e.Signal}, {"pi_track.call_id", e.CallID},
		{"pi_track.ext", e.Ext}, {"pi_track.rev", e.Rev}, {"pi_track.agent", e.Agent}, {"pi_track.model", e.Model},
		{"pi_track.experiment", e.Trial.Experiment}, {"pi_track.arm", e.Trial.Arm}, {"pi_track.inferred", e.Inferred},
	} {
		b = attribute(b, 9, a.key, a.value)
	}
	if e.ExitCode != nil {
		b = intAttribute(b, 9, "process.exit.code", int64(*e.ExitCode))
	}
	if e.PID != 0 {
		b = intAttribute(b, 9, "process.pid", int64(e.PID))
	}
	if r := e.Rusage; r != nil {
		b = intAttribute(b, 9, "pi_track.rusage.user_ms", r.UserMS)
		b = intAttribute(b, 9, "pi_track.rusage.sys_ms", r.SysMS)
		b = intAttribute(b, 9, "pi_track.rusage.max_rss_kb", r.MaxRSSKB)
	}
	if u := e.Usage; u != nil {
		b = intAttribute(b, 9, "pi_track.usage.tokens", u.Tokens)
		b = intAttribute(b, 9, "gen_ai.usage.input_tokens", u.Input)
		b = intAttribute(b, 9, "gen_ai.usage.output_tokens", u.Output)
		b = intAttribute(b, 9, "pi_track.usage.cache_read", u.CacheRead)
		b = intAttribute(b, 9, "pi_track.usage.cache_write", u.CacheWrite)
		b = message(b, 9, message(text(nil, 1, "pi_track.usage.cost_usd"), 2, fixed64(nil, 4, math.Float64bits(u.Cost))))
		b = attribute(b, 9, "gen_ai.request.model", u.Model)
	}
	return b
}

// began is when a run began: a reaped or imported line was written when it was found.
func began(e *event.Event) time.Time {
	if e.Src == "reaped" || e.Src == "import" {
		if at := event.IDTime(e.ID); !at.IsZero() && !at.After(e.TS) {
			return at
		}
	}
	return e.TS.Add(-time.Duration(e.DurationMS) * time.Millisecond)
}

// nanos is a time as OTLP has it: none is before 1970 or after 2262.
func nanos(t time.Time) uint64 {
	const last = math.MaxInt64 / int64(time.Second) // in 2262
	switch {
	case t.Unix() < 0:
		return 0
	case t.Unix() >= last:
		return math.MaxInt64
	}
	return uint64(t.UnixNano())
}

// bytesOfID are the 16 bytes of a UUID, or of a hash of what is none. A span's id is
// the second half, which is random.
func bytesOfID(id string) (b [16]byte) {
	if _, err := hex.Decode(b[:], []byte(strings.ReplaceAll(id, "-", ""))); err != nil || len(id) != len("00000000-0000-0000-0000-000000000000") {
		sum := sha256.Sum256([]byte(id))
		copy(b[:], sum[:])
	}
	return b
}

func message(b []byte, field int, inner []byte) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3|wireBytes)
	b = binary.AppendUvarint(b, uint64(len(inner)))
	return append(b, inner...)
}

// text leaves an empty text out.
func text(b []byte, field int, value string) []byte {
	if value == "" {
		return b
	}
	return message(b, field, []byte(value))
}

func number(b []byte, field int, value uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(field)<<3|wireVarint), value)
}

func fixed64(b []byte, field int, value uint64) []byte {
	return binary.LittleEndian.AppendUint64(binary.AppendUvarint(b, uint64(field)<<3|wireFixed64), value)
}

// attribute is a KeyValue; one without a value is left out.
func attribute(b []byte, field int, key, value string) []byte {
	if value == "" {
		return b
	}
	return message(b, field, message(text(nil, 1, key), 2, text(nil, 1, value)))
}

func intAttribute(b []byte, field int, key string, value int64) []byte {
	return message(b, field, message(text(nil, 1, key), 2, number(nil, 3, uint64(value))))
}
