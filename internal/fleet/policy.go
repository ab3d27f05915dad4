package fleet

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"hash"
	"path"
	"slices"
	"strings"
	"time"

	"pi-track/internal/event"
	"pi-track/internal/log"
	"pi-track/internal/redact"
	"pi-track/internal/report/query"
	"pi-track/internal/report/sum"
)

// Mode says what becomes of a key's value before it leaves.
type Mode string

// The modes.
const (
	Keep  Mode = "keep"
	Hash  Mode = "hash"  // HMAC with the team's key: equal values stay equal
	Drop  Mode = "drop"  // left out
	Base  Mode = "name"  // repo: the last element of the path
	Print Mode = "print" // error_summary: its fingerprint, without names, numbers and quoted text
)

// Field is a key that the policy decides about.
type Field struct {
	Key     string
	Default Mode
	Modes   []Mode // that it may have
}

// Fields are the keys that a policy may set, in the order of a line. The others
// (ts, v, id, kind, status, duration_ms, exit_code, signal, scope, src,
// inferred, stderr, parent_id, root_id) say nothing of people or places and are always kept.
var Fields = []Field{
	{"name", Keep, []Mode{Keep, Hash}},
	{"error_summary", Drop, []Mode{Keep, Print, Drop}},
	{"cwd", Drop, []Mode{Keep, Hash, Drop}},
	{"repo", Base, []Mode{Keep, Base, Hash, Drop}},
	{"session_id", Hash, []Mode{Keep, Hash, Drop}},
	{"task_id", Hash, []Mode{Keep, Hash, Drop}},
	{"host", Hash, []Mode{Keep, Hash, Drop}},
	{"pid", Drop, []Mode{Keep, Drop}},
	{"usage", Keep, []Mode{Keep, Drop}},
	{"rusage", Keep, []Mode{Keep, Drop}},
	{"call_id", Drop, []Mode{Keep, Hash, Drop}},
	{"ext", Keep, []Mode{Keep, Hash, Drop}},
	{"rev", Keep, []Mode{Keep, Drop}},
	{"agent", Keep, []Mode{Keep, Drop}},
	{"model", Keep, []Mode{Keep, Drop}},
	{"experiment", Keep, []Mode{Keep, Hash, Drop}},
	{"writer", Drop, []Mode{Keep, Drop}},
	{"extra", Drop, []Mode{Keep, Drop}},
}

// ErrNoKey says that something is to be hashed and no team key is named.
var ErrNoKey = errors.New("no key_file is named")

// ModeOf is what becomes of a key.
func (s *Sink) ModeOf(key string) Mode {
	if m, ok := s.Fields[key]; ok {
		return m
	}
	for _, f := range Fields {
		if f.Key == key {
			return f.Default
		}
	}
	return Keep
}

// Hashed are the keys that the sink wants hashed.
func (s *Sink) Hashed() []string { return s.with(Hash) }

// Dropped are the keys that the sink leaves out.
func (s *Sink) Dropped() []string { return s.with(Drop) }

func (s *Sink) with(m Mode) []string {
	var keys []string
	for _, f := range Fields {
		if s.ModeOf(f.Key) == m {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// Policy decides which lines leave and what of them. It is used by one
// goroutine.
type Policy struct {
	sink  *Sink
	modes map[string]Mode
	hash  *Hasher
	mask  sum.Masker
	since int64
	known map[string]bool // helpers and work trees, whether they are taken
}

// NewPolicy reads the team's key if anything is to be hashed. Without one the
// error is [ErrNoKey].
func NewPolicy(s *Sink) (*Policy, error) {
	p := Selection(s)
	for _, f := range Fields {
		p.modes[f.Key] = s.ModeOf(f.Key)
	}
	if hashed := s.Hashed(); len(hashed) > 0 {
		if s.KeyFile == "" {
			return nil, fmt.Errorf("%w, and %s would be hashed with it", ErrNoKey, strings.Join(hashed, ", "))
		}
		key, err := ReadKey(s.KeyFile)
		if err != nil {
			return nil, err
		}
		p.hash = NewHasher(key)
	}
	return p, nil
}

// Selection is a policy that only [Policy.Takes]: it needs no key.
func Selection(s *Sink) *Policy {
	p := &Policy{sink: s, modes: map[string]Mode{}, known: map[string]bool{}}
	if !s.Since.IsZero() {
		p.since = s.Since.UnixMilli()
	}
	return p
}

// Host is the name that this policy gives to the installation id.
func (p *Policy) Host(id string) string {
	if id = p.text("host", id); id == "" {
		return "none"
	}
	return id
}

// Takes says whether the line leaves at all: by its time, helper and work tree.
func (p *Policy) Takes(e *event.Event) bool {
	if p.since != 0 && e.TS.Before(time.UnixMilli(p.since)) {
		return false
	}
	return p.remember("n"+e.Name, func() bool { return matchNames(p.sink.Names, e.Name) }) &&
		p.remember("r"+e.Repo, func() bool { return matchRepos(p.sink.Repos, e.Repo) })
}

func (p *Policy) remember(key string, f func() bool) bool {
	ok, found := p.known[key]
	if !found {
		if len(p.known) > 1<<14 {
			clear(p.known)
		}
		ok = f()
		p.known[key] = ok
	}
	return ok
}

// matchNames: a name is taken when a glob takes it, or there is none without !,
// and no glob with ! does.
func matchNames(globs []string, name string) bool {
	taken, positive := false, false
	for _, g := range globs {
		out, not := strings.CutPrefix(g, "!")
		ok, _ := query.Match(out, name)
		if not && ok {
			return false
		}
		positive = positive || !not
		taken = taken || ok && !not
	}
	return taken || !positive
}

func matchRepos(globs []string, repo string) bool {
	if len(globs) == 0 {
		return true
	}
	return repo != "" && slices.ContainsFunc(globs, func(g string) bool {
		ok, _ := query.MatchRepo(g, repo)
		return ok
	})
}

// Apply makes of e what may leave: redacted again, then by the mode of each key.
func (p *Policy) Apply(e event.Event) event.Event {
	e = log.Clean(e)
	called := e.CallID != ""
	if e.Error != "" {
		e.Error = redact.Text(e.Error)
	}
	switch p.modes["error_summary"] {
	case Drop:
		e.Error = ""
	case Print:
		e.Error = string(p.mask.Mask([]byte(e.Error)))
	}
	for _, f := range [...]struct {
		key string
		to  *string
	}{
		{"name", &e.Name}, {"cwd", &e.CWD}, {"repo", &e.Repo}, {"session_id", &e.SessionID}, {"task_id", &e.TaskID},
		{"host", &e.Host}, {"call_id", &e.CallID}, {"ext", &e.Ext}, {"rev", &e.Rev}, {"agent", &e.Agent},
		{"model", &e.Model}, {"experiment", &e.Trial.Experiment}, {"writer", &e.Writer},
	} {
		*f.to = p.text(f.key, *f.to)
	}
	if e.Trial.Experiment == "" {
		e.Trial.Arm = ""
	}
	if called && e.CallID == "" && e.Trial.Arm != "" {
		e.CallID = "-" // without any it would be a tool that was offered, and not called
	}
	if p.modes["pid"] == Drop {
		e.PID = 0
	}
	if p.modes["usage"] == Drop {
		e.Usage = nil
	}
	if p.modes["rusage"] == Drop {
		e.Rusage = nil
	}
	if p.modes["extra"] == Drop {
		e.Extra = nil
	}
	return e
}

// text is a value after its key's mode. What is empty stays so: a hash of
// nothing would look like a value.
func (p *Policy) text(key, value string) string {
	if value == "" {
		return ""
	}
	switch p.modes[key] {
	case Drop:
		return ""
	case Hash:
		return p.hash.Of(key, value)
	case Base:
		return path.Base(value)
	}
	return value
}

// Hasher turns values into pseudonyms.
type Hasher struct {
	mac   hash.Hash
	known map[string]string
}

// NewHasher is one with the team's key.
func NewHasher(key []byte) *Hasher {
	return &Hasher{mac: hmac.New(sha256.New, key), known: map[string]string{}}
}

// pseudonym begins every hashed value.
const pseudonym = "h-"

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Of is the first 16 bytes of HMAC-SHA-256(key, field ‖ 0 ‖ value), in base32.
func (h *Hasher) Of(field, value string) string {
	message := field + "\x00" + value
	if v, ok := h.known[message]; ok {
		return v
	}
	h.mac.Reset()
	h.mac.Write([]byte(message))
	v := pseudonym + base32Lower.EncodeToString(h.mac.Sum(nil)[:16])
	if len(h.known) > 1<<15 {
		clear(h.known)
	}
	h.known[message] = v
	return v
}
