package decode

import (
	"iter"

	"pi-track/internal/event"
)

// members are the members of a valid object. A key that occurs twice makes the line
// bad and comes once.
func (d *decoder) members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		var seen keySet
		for key, value, rest := next(object[1:]); key != nil; key, value, rest = next(rest) {
			name := unquote(key)
			if !seen.add(d, name) && !yield(name, value) {
				return
			}
		}
	}
}

// keySet finds keys that occur twice.
type keySet struct{ keys [][]byte }

// add says whether the key has been there and marks the line bad then.
func (s *keySet) add(d *decoder, key []byte) bool {
	for _, k := range s.keys {
		if string(k) == string(key) {
			d.bad = true
			return true
		}
	}
	s.keys = append(s.keys, key)
	return false
}

// member interprets one member of the line.
func (d *decoder) member(key, value []byte) {
	l := d.l
	if t := l.textOf(key); t != nil {
		d.text(t, value)
		return
	}
	var n int64
	switch string(key) {
	case "ts":
		d.time(value)
	case "v":
		d.version(value)
	case "status":
		var t Text
		d.text(&t, value)
		l.Code = status(l.scratch[t.off : t.off+t.n])
	case "duration_ms":
		d.integer(&l.DurationMS, value, event.MaxInteger)
	case "exit_code":
		if d.integer(&n, value, 255) {
			l.ExitCode = int16(n)
		}
	case "pid":
		d.integer(&l.PID, value, event.MaxInteger)
	case "usage":
		d.usage(value)
	case "rusage":
		d.rusage(value)
	default:
		l.Extra = append(l.Extra, event.Member{Key: string(key), Raw: value})
	}
}

func (d *decoder) time(value []byte) {
	if value[0] == 'n' {
		return
	}
	var t Text
	d.text(&t, value)
	ms, ok := d.l.time(d.l.scratch[t.off : t.off+t.n])
	if !ok {
		d.bad = true
		return
	}
	d.l.TS, d.hasTS = ms, true
}

// version takes any integer of at least 1; the digits beyond Version do not
// matter, however many there are.
func (d *decoder) version(value []byte) {
	for _, c := range value {
		if c < '0' || c > '9' {
			d.bad = d.bad || value[0] != 'n'
			return
		}
	}
	switch {
	case string(value) == "0":
		d.bad = true
	case string(value) == "1":
		d.hasVersion = true
	default:
		d.newer = true
	}
}

func (d *decoder) usage(object []byte) {
	l := d.l
	if !d.isObject(object) {
		return
	}
	l.HasUsage = true
	for key, value := range d.members(object) {
		switch string(key) {
		case "tokens":
			d.integer(&l.Tokens, value, event.MaxInteger)
		case "input":
			d.integer(&l.Input, value, event.MaxInteger)
		case "output":
			d.integer(&l.Output, value, event.MaxInteger)
		case "cache_read":
			d.integer(&l.CacheRead, value, event.MaxInteger)
		case "cache_write":
			d.integer(&l.CacheWrite, value, event.MaxInteger)
		case "cost":
			d.float(&l.Cost, value)
		case "model":
			d.text(&l.Model, value)
		}
	}
}

func (d *decoder) rusage(object []byte) {
	l := d.l
	if !d.isObject(object) {
		return
	}
	l.HasRusage = true
	for key, value := range d.members(object) {
		switch string(key) {
		case "user_ms":
			d.integer(&l.UserMS, value, event.MaxInteger)
		case "sys_ms":
			d.integer(&l.SysMS, value, event.MaxInteger)
		case "max_rss_kb":
			d.integer(&l.MaxRSSKB, value, event.MaxInteger)
		}
	}
}

// isObject says whether a value is an object; null is an absent one, anything
// else is wrong.
func (d *decoder) isObject(value []byte) bool {
	switch value[0] {
	case '{':
		return true
	case 'n':
	default:
		d.bad = true
	}
	return false
}
