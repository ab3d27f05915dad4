package event

// fastUsage decodes the usage object. Its members but the first begin with a
// comma; which one is first depends on what is known.
func (l *Line) fastUsage(b []byte, p, end int) int {
	const head = `,"usage":{`
	if p+len(head) > end || string(b[p:p+len(head)]) != head {
		return -1
	}
	p += len(head)
	for _, f := range [...]struct {
		key string
		v   *int64
	}{
		{`"tokens":`, &l.Tokens}, {`"input":`, &l.Input}, {`"output":`, &l.Output},
		{`"cache_read":`, &l.CacheRead}, {`"cache_write":`, &l.CacheWrite},
	} {
		if p+len(f.key) < end && string(b[p:p+len(f.key)]) == f.key {
			if p = number(b, p, end, f.key, f.v); p < 0 || b[p] != ',' && b[p] != '}' {
				return -1
			}
			if b[p] == '}' {
				l.HasUsage = true
				return p + 1
			}
			p++
		}
	}
	return l.fastCost(b, p, end)
}

// fastCost decodes the end of the usage object, where something must come.
func (l *Line) fastCost(b []byte, p, end int) int {
	const cost, model = `"cost":`, `"model":"`
	if p+len(cost) < end && string(b[p:p+len(cost)]) == cost {
		if p = decimal(b, p+len(cost), end, &l.Cost); p < 0 || b[p] != ',' && b[p] != '}' {
			return -1
		}
		if b[p] == '}' {
			l.HasUsage = true
			return p + 1
		}
		p++
	}
	if p = member(b, p, end, model, &l.Model); p < 0 || b[p] != '}' {
		return -1
	}
	l.HasUsage = true
	return p + 1
}

// decimal reads a number without sign and exponent. With at most 15 digits
// both the digits and the power of ten are exact as float64, so that the one
// division rounds correctly (Clinger 1990).
func decimal(b []byte, p, end int, v *float64) int {
	var n, scale uint64 = 0, 0
	digits, from := 0, p
	for ; p < end; p++ {
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

func (l *Line) fastRusage(b []byte, p, end int) int {
	if p = number(b, p, end, `,"rusage":{"user_ms":`, &l.UserMS); p < 0 {
		return -1
	}
	if p = number(b, p, end, `,"sys_ms":`, &l.SysMS); p < 0 {
		return -1
	}
	if p = number(b, p, end, `,"max_rss_kb":`, &l.MaxRSSKB); p < 0 || b[p] != '}' {
		return -1
	}
	l.HasRusage = true
	return p + 1
}
