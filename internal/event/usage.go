package event

import "strconv"

// Add adds v to u. The model is the last one that is known.
func (u *Usage) Add(v Usage) {
	u.Tokens += v.Tokens
	u.Input += v.Input
	u.Output += v.Output
	u.CacheRead += v.CacheRead
	u.CacheWrite += v.CacheWrite
	u.Cost += v.Cost
	if v.Model != "" {
		u.Model = v.Model
	}
}

// ParseUsage reads a flat JSON object with the keys of usage, as it stands in
// a run's usage file. Keys it does not know are passed over. It is false for
// anything that is not such an object: a torn line, a number that is negative
// or not finite, a nested value under a known key.
func ParseUsage(line []byte) (Usage, bool) {
	p := usageParser{b: line}
	var u Usage
	if !p.next('{') {
		return Usage{}, false
	}
	if p.next('}') {
		return u, p.atEnd()
	}
	for {
		key, ok := p.str()
		if !ok || !p.next(':') || !p.member(key, &u) {
			return Usage{}, false
		}
		if p.next(',') {
			continue
		}
		return u, p.next('}') && p.atEnd()
	}
}

// usageParser reads the little JSON that a usage line needs.
type usageParser struct {
	b []byte
	i int
}

func (p *usageParser) blank() {
	for p.i < len(p.b) && (p.b[p.i] == ' ' || p.b[p.i] == '\t' || p.b[p.i] == '\n' || p.b[p.i] == '\r') {
		p.i++
	}
}

func (p *usageParser) next(c byte) bool {
	p.blank()
	if p.i < len(p.b) && p.b[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *usageParser) atEnd() bool {
	p.blank()
	return p.i == len(p.b)
}

// member reads the value of key into u.
func (p *usageParser) member(key string, u *Usage) bool {
	var n *int64
	switch key {
	case "tokens":
		n = &u.Tokens
	case "input":
		n = &u.Input
	case "output":
		n = &u.Output
	case "cache_read":
		n = &u.CacheRead
	case "cache_write":
		n = &u.CacheWrite
	case "cost":
		f, ok := p.number()
		u.Cost = f
		return ok
	case "model":
		s, ok := p.str()
		u.Model = s
		return ok
	default:
		return p.skip()
	}
	f, ok := p.number()
	if !ok || f >= 1<<53 {
		return false
	}
	*n = int64(f)
	return true
}

// number reads a number that is not negative and finite.
func (p *usageParser) number() (float64, bool) {
	p.blank()
	from := p.i
	for p.i < len(p.b) && (p.b[p.i] >= '0' && p.b[p.i] <= '9' || p.b[p.i] == '.' || p.b[p.i] == 'e' ||
		p.b[p.i] == 'E' || p.b[p.i] == '+' || p.b[p.i] == '-') {
		p.i++
	}
	f, err := strconv.ParseFloat(string(p.b[from:p.i]), 64)
	return f, err == nil && f >= 0
}

// str reads a string; escapes other than \uXXXX, which no model's name needs,
// are resolved.
func (p *usageParser) str() (string, bool) {
	if !p.next('"') {
		return "", false
	}
	var out []byte
	for ; p.i < len(p.b); p.i++ {
		switch c := p.b[p.i]; {
		case c == '"':
			p.i++
			return string(out), true
		case c < ' ':
			return "", false
		case c == '\\':
			p.i++
			if p.i == len(p.b) {
				return "", false
			}
			switch p.b[p.i] {
			case '"', '\\', '/':
				out = append(out, p.b[p.i])
			case 'b', 'f', 'n', 'r', 't':
				out = append(out, ' ')
			case 'u':
				if p.i+4 >= len(p.b) {
					return "", false
				}
				r, err := strconv.ParseUint(string(p.b[p.i+1:p.i+5]), 16, 16)
				if err != nil {
					return "", false
				}
				out = append(out, string(rune(r))...)
				p.i += 4
			default:
				return "", false
			}
		default:
			out = append(out, c)
		}
	}
	return "", false
}

// skip passes over a value of any kind; nesting is followed by counting.
func (p *usageParser) skip() bool {
	p.blank()
	depth, from := 0, p.i
	for p.i < len(p.b) {
		switch c := p.b[p.i]; c {
		case '"':
			if _, ok := p.str(); !ok {
				return false
			}
			if depth == 0 {
				return true
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return p.i > from
			}
			depth--
			if depth == 0 {
				p.i++
				return true
			}
		case ',':
			if depth == 0 {
				return p.i > from
			}
		}
		p.i++
	}
	return false
}
