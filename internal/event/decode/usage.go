package decode

// fastUsage decodes the usage object from behind its brace. Its members but
// the first begin with a comma; which one is first depends on what is known.
func (l *Line) fastUsage(b []byte, m Marks, p int) int {
	l.HasUsage = true
	for _, f := range [...]struct {
		key string
		v   *int64
	}{
		{`"tokens":`, &l.Tokens}, {`"input":`, &l.Input}, {`"output":`, &l.Output},
		{`"cache_read":`, &l.CacheRead}, {`"cache_write":`, &l.CacheWrite},
	} {
		if !has(b, p, f.key) {
			continue
		}
		if p = integer(b, p+len(f.key), f.v); p < 0 || b[p] != ',' && b[p] != '}' {
			return -1
		}
		if b[p] == '}' {
			return p + 1
		}
		p++
	}
	return l.fastCost(b, m, p)
}

// fastCost decodes the end of the usage object, where something must come.
func (l *Line) fastCost(b []byte, m Marks, p int) int {
	const cost, model = `"cost":`, `"model":"`
	if has(b, p, cost) {
		if p = decimal(b, p+len(cost), &l.Cost); p < 0 || b[p] != ',' && b[p] != '}' {
			return -1
		}
		if b[p] == '}' {
			return p + 1
		}
		p++
	}
	if !has(b, p, model) {
		return -1
	}
	if p = l.str(b, m, p+len(model), &l.Model); p < 0 || b[p] != '}' {
		return -1
	}
	return p + 1
}

// has says whether key stands at b[p], which is no further than a number can reach into
// the padding.
func has(b []byte, p int, key string) bool {
	return string(b[p:p+len(key)]) == key
}

// decimal reads a number without sign and exponent. With at most 15 digits
// both the digits and the power of ten are exact as float64, so that the one
// division rounds correctly (Clinger 1990).
func decimal(b []byte, p int, v *float64) int {
	var n, scale uint64 = 0, 0
	digits, from := 0, p
	for ; p < len(b)-Padding; p++ {
		c := uint64(b[p] - '0')
		if c > 9 {
			if b[p] != '.' || scale != 0 || digits == 0 {
				break
			}
			scale = 1
			continue
		}
		n, scale = n*10+c, scale*10
		digits++
	}
	if digits == 0 || digits > 15 || b[p-1] == '.' || b[from] == '0' && digits > 1 && b[from+1] != '.' {
		return -1
	}
	*v = float64(n) / float64(max(scale, 1))
	return p
}

// fastRusage decodes the rusage object from inside its first key.
func (l *Line) fastRusage(b []byte, p int) int {
	l.HasRusage = true
	const user, sys, rss = `_ms":`, `,"sys_ms":`, `,"max_rss_kb":`
	if !has(b, p, user) {
		return -1
	}
	if p = integer(b, p+len(user), &l.UserMS); p < 0 || !has(b, p, sys) {
		return -1
	}
	if p = integer(b, p+len(sys), &l.SysMS); p < 0 || !has(b, p, rss) {
		return -1
	}
	if p = integer(b, p+len(rss), &l.MaxRSSKB); p < 0 || b[p] != '}' {
		return -1
	}
	return p + 1
}
