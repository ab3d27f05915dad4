package event

// The optional keys, in the order of the layout. Each is found by its first
// eight bytes; what follows of it is compared next.

// The rest of the keys that are longer than eight bytes.
const (
	tailDuration = uint64('i') | 'o'<<8 | 'n'<<16 | '_'<<24 | 'm'<<32 | 's'<<40 | '"'<<48 | ':'<<56 // from byte 8
	tailExit     = uint64('i') | 't'<<8 | '_'<<16 | 'c'<<24 | 'o'<<32 | 'd'<<40 | 'e'<<48 | '"'<<56 // from byte 4
	tailSignal   = uint64('i') | 'g'<<8 | 'n'<<16 | 'a'<<24 | 'l'<<32 | '"'<<40 | ':'<<48 | '"'<<56 // from byte 3
	tailError    = uint64('s') | 'u'<<8 | 'm'<<16 | 'm'<<24 | 'a'<<32 | 'r'<<40 | 'y'<<48 | '"'<<56 // from byte 8
	tailSession  = uint64('i') | 'o'<<8 | 'n'<<16 | '_'<<24 | 'i'<<32 | 'd'<<40 | '"'<<48 | ':'<<56 // from byte 6
	tailTask     = uint64('s') | 'k'<<8 | '_'<<16 | 'i'<<24 | 'd'<<32 | '"'<<40 | ':'<<48 | '"'<<56 // from byte 4
	tailParent   = uint64('e') | 'n'<<8 | 't'<<16 | '_'<<24 | 'i'<<32 | 'd'<<40 | '"'<<48 | ':'<<56 // from byte 5
	tailRoot     = uint64('o') | 't'<<8 | '_'<<16 | 'i'<<24 | 'd'<<32 | '"'<<40 | ':'<<48 | '"'<<56 // from byte 4
	tailRusage   = uint64('"') | ':'<<8 | '{'<<16 | '"'<<24 | 'u'<<32 | 's'<<40 | 'e'<<48 | 'r'<<56 // from byte 8
	tailTrial    = uint64('i') | 'm'<<8 | 'e'<<16 | 'n'<<24 | 't'<<32 | '"'<<40 | ':'<<48 | '"'<<56 // from byte 7
	colonQuote   = uint16(':') | '"'<<8
)

// fastEnd decodes what only end lines have.
func (l *Line) fastEnd(b []byte, m Marks, p int) int {
	w := load(b, p)
	if w == keyDuration {
		if load(b, p+7) != tailDuration {
			return -1
		}
		if p = integer(b, p+15, &l.DurationMS); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyExit {
		var code int64
		if load(b, p+4) != tailExit || b[p+12] != ':' {
			return -1
		}
		if p = integer(b, p+13, &code); p < 0 || code > 255 {
			return -1
		}
		l.ExitCode = int16(code)
		w = load(b, p)
	}
	if w == keySignal {
		if load(b, p+3) != tailSignal {
			return -1
		}
		if p = l.str(b, m, p+11, &l.Signal); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyError {
		if load(b, p+8) != tailError || two(b, p+16) != colonQuote {
			return -1
		}
		return l.str(b, m, p+18, &l.Error)
	}
	return p
}

// fastWhere decodes where a run took place.
func (l *Line) fastWhere(b []byte, m Marks, p int) int {
	w := load(b, p)
	if w == keyCWD {
		if p = l.str(b, m, p+8, &l.CWD); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyScope {
		if two(b, p+8) != colonQuote {
			return -1
		}
		if p = l.str(b, m, p+10, &l.Scope); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyRepo {
		if b[p+8] != '"' {
			return -1
		}
		if p = l.str(b, m, p+9, &l.Repo); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keySession {
		if load(b, p+6) != tailSession || b[p+14] != '"' {
			return -1
		}
		if p = l.str(b, m, p+15, &l.Session); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyTask {
		if load(b, p+4) != tailTask {
			return -1
		}
		return l.str(b, m, p+12, &l.Task)
	}
	return p
}

// fastTail decodes the rest, up to the closing brace.
func (l *Line) fastTail(b []byte, m Marks, p int) int {
	w := load(b, p)
	if w == keyParent {
		if load(b, p+5) != tailParent || b[p+13] != '"' {
			return -1
		}
		if p = l.str(b, m, p+14, &l.Parent); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyRoot {
		if load(b, p+4) != tailRoot {
			return -1
		}
		if p = l.str(b, m, p+12, &l.Root); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyHost {
		if b[p+8] != '"' {
			return -1
		}
		if p = l.str(b, m, p+9, &l.Host); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w&(1<<56-1) == keyPID {
		if p = integer(b, p+7, &l.PID); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keySrc {
		if p = l.str(b, m, p+8, &l.Src); p < 0 {
			return -1
		}
	}
	if b[p] == '}' {
		return p
	}
	return l.fastSpent(b, m, p)
}

// fastSpent decodes what a run spent, and what only tools have.
func (l *Line) fastSpent(b []byte, m Marks, p int) int {
	w := load(b, p)
	if w == keyUsage {
		if two(b, p+8) != ':'|'{'<<8 {
			return -1
		}
		if p = l.fastUsage(b, m, p+10); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyRusage {
		if load(b, p+8) != tailRusage {
			return -1
		}
		if p = l.fastRusage(b, p+16); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyCall {
		if load(b, p+8) != 'd'|'"'<<8|':'<<16|'"'<<24|load(b, p+8)&^(1<<32-1) {
			return -1
		}
		if p = l.str(b, m, p+12, &l.CallID); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyExt {
		if p = l.str(b, m, p+8, &l.Ext); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if b[p] == '}' {
		return p
	}
	return l.fastWith(b, m, p)
}

// fastWith decodes what a run ran with.
func (l *Line) fastWith(b []byte, m Marks, p int) int {
	for _, f := range [...]struct {
		key  uint64
		to   *Text
		long bool // :" follows
	}{{keyRev, &l.Rev, false}, {keyAgent, &l.Agent, true}, {keyModel, &l.AgentModel, true}} {
		if load(b, p) != f.key {
			continue
		}
		p += 8
		if f.long {
			if two(b, p) != colonQuote {
				return -1
			}
			p += 2
		}
		if p = l.str(b, m, p, f.to); p < 0 {
			return -1
		}
	}
	w := load(b, p)
	if w == keyTrial {
		if load(b, p+7) != tailTrial {
			return -1
		}
		if p = l.str(b, m, p+15, &l.Experiment); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyArm {
		if p = l.str(b, m, p+8, &l.Arm); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyWriter {
		if b[p+8] != '"' || two(b, p+9) != colonQuote {
			return -1
		}
		if p = l.str(b, m, p+11, &l.Writer); p < 0 {
			return -1
		}
		w = load(b, p)
	}
	if w == keyInferred {
		if two(b, p+8) != uint16('e')|'d'<<8 || b[p+10] != '"' || two(b, p+11) != colonQuote {
			return -1
		}
		return l.str(b, m, p+13, &l.Inferred)
	}
	return p
}
