package report

import "pi-track/internal/event"

// encode writes all that the pass added up and has to remember; the filter's
// pages are kept apart.
func (st *state) encode(e *encoder, openText map[uint64][]byte) {
	c, s := st.c, st.seq
	for _, d := range []*dict{&c.names, &c.repos, &c.tasks} {
		putSlice(e, d.index.keys)
		putSlice(e, d.index.values)
		put(e, int64(d.index.n))
		putSlice(e, d.arena)
		putSlice(e, d.ends)
	}
	for _, x := range []*set{&c.sessions, &c.hosts} {
		putSlice(e, x.keys)
		put(e, int64(x.n))
	}
	putSlice(e, c.usedRepos)
	putSlice(e, c.usedTasks)
	put(e, [2]int64{c.first, c.last})
	put(e, int64(len(c.helpers)))
	for _, h := range c.helpers {
		put(e, h != nil)
		if h != nil {
			h.encode(e)
		}
	}
	c.failures.encode(e)
	for _, x := range c.sections {
		x.encode(e)
	}
	if c.effect != nil {
		c.effect.encode(e)
	}
	put(e, s.maxTS)
	put(e, int64(len(s.open)))
	for id, x := range s.open {
		put(e, [2]uint64{id, uint64(x.ts)})
		put(e, x.made)
		putSlice(e, openText[id])
	}
	orphans := make([]uint64, 0, len(s.orphans))
	for id := range s.orphans {
		orphans = append(orphans, id)
	}
	putSlice(e, orphans)
	putSlice(e, s.last)
	put(e, int64(len(s.ended.pages)))
	put(e, int64(s.ended.shift))
}

func (st *state) decode(d *decoder) {
	c, s := st.c, st.seq
	for _, x := range []*dict{&c.names, &c.repos, &c.tasks} {
		getSlice(d, &x.index.keys)
		getSlice(d, &x.index.values)
		var n int64
		get(d, &n)
		x.index.n = int(n)
		getSlice(d, &x.arena)
		getSlice(d, &x.ends)
	}
	for _, x := range []*set{&c.sessions, &c.hosts} {
		getSlice(d, &x.keys)
		var n int64
		get(d, &n)
		x.n = int(n)
	}
	getSlice(d, (*[]uint64)(&c.usedRepos))
	getSlice(d, (*[]uint64)(&c.usedTasks))
	var bounds [2]int64
	get(d, &bounds)
	c.first, c.last = bounds[0], bounds[1]
	c.helpers = make([]*helper, d.count())
	for i := range c.helpers {
		var present bool
		if get(d, &present); present {
			c.helpers[i] = newHelper()
			c.helpers[i].decode(d)
		}
	}
	c.failures.decode(d)
	for _, x := range c.sections {
		x.decode(d)
	}
	if c.effect != nil {
		c.effect.decode(d)
	}
	get(d, &s.maxTS)
	for range d.count() {
		var head [2]uint64
		x := startLine{}
		get(d, &head)
		get(d, &x.made)
		getSlice(d, &x.text)
		x.id, x.ts = head[0], int64(head[1])
		s.open[x.id] = x
	}
	var orphans []uint64
	getSlice(d, &orphans)
	for _, id := range orphans {
		s.addOrphan(id)
	}
	getSlice(d, &s.last)
	var n int64
	if get(d, &n); n > 0 && n <= maxBloom && n&(n-1) == 0 {
		s.ended.pages = make([]*bloomPage, n)
	} else {
		d.bad = true
	}
	get(d, &n)
	s.ended.shift = uint(n)
}

// sums are what of an acc has no pointers.
type sums struct {
	counts                                            [5]int64
	lastRun, lastFailure, current, previous, costNano int64
	n, sum, min, max, zeros                           int64
	buckets                                           [54]uint32
	hasUsage, hasRusage                               bool
	usage                                             Usage
	rusage                                            rusageSum
}

func (a *acc) encode(e *encoder) {
	d := &a.durations
	d.sort()
	x := sums{
		counts: a.counts, lastRun: a.lastRun, lastFailure: a.lastFailure, current: a.current, previous: a.previous,
		costNano: a.costNano, n: d.n, sum: d.sum, min: d.min, max: d.max, zeros: d.sketch.zeros, buckets: d.buckets,
	}
	if x.hasUsage = a.usage != nil; x.hasUsage {
		x.usage = *a.usage
	}
	if x.hasRusage = a.rusage != nil; x.hasRusage {
		x.rusage = *a.rusage
	}
	put(e, x)
	putSlice(e, d.values)
	putSlice(e, d.large)
	putSlice(e, d.sketch.counts)
}

func (a *acc) decode(d *decoder) {
	var x sums
	get(d, &x)
	a.counts, a.lastRun, a.lastFailure, a.current, a.previous, a.costNano = x.counts, x.lastRun, x.lastFailure, x.current, x.previous, x.costNano
	t := &a.durations
	t.n, t.sum, t.min, t.max, t.sketch.zeros, t.buckets = x.n, x.sum, x.min, x.max, x.zeros, x.buckets
	if x.hasUsage {
		a.usage = &x.usage
	}
	if x.hasRusage {
		a.rusage = &x.rusage
	}
	getSlice(d, &t.values)
	t.sorted = len(t.values)
	getSlice(d, &t.large)
	getSlice(d, &t.sketch.counts)
}

func (h *helper) encode(e *encoder) {
	h.acc.encode(e)
	putString(e, h.kind)
	putSlice(e, h.days)
	putSlice(e, h.outcomes.list)
}

func (h *helper) decode(d *decoder) {
	h.acc.decode(d)
	getString(d, &h.kind)
	getSlice(d, (*[]dayCounts)(&h.days))
	getSlice(d, &h.outcomes.list)
}

func (f *failures) encode(e *encoder) {
	put(e, int64(len(f.byPrint)))
	for key, x := range f.byPrint {
		put(e, key)
		put(e, [3]int64{x.count, x.first, x.last})
		put(e, x.id)
		put(e, [2]uint32{x.repo, x.task})
		put(e, x.exitCode)
		for _, s := range []string{x.kind, x.signal, string(x.text), string(x.rawID), x.print} {
			putString(e, s)
		}
	}
}

func (f *failures) decode(d *decoder) {
	for range d.count() {
		var key failureKey
		var n [3]int64
		var places [2]uint32
		x := &failure{}
		get(d, &key)
		get(d, &n)
		get(d, &x.id)
		get(d, &places)
		get(d, &x.exitCode)
		getString(d, &x.kind)
		getString(d, &x.signal)
		getSlice(d, &x.text)
		getSlice(d, &x.rawID)
		getString(d, &x.print)
		x.count, x.first, x.last, x.repo, x.task = n[0], n[1], n[2], places[0], places[1]
		f.byPrint[key] = x
	}
}

// openTexts are the lines of the open runs, which an index keeps because
// finding them again in a compressed segment takes long.
func openTexts(open map[uint64]startLine, texts map[uint64][]byte, l *event.Line) {
	id := hash(l.Bytes(l.ID))
	if _, ok := open[id]; ok {
		texts[id] = append([]byte(nil), l.Raw()...)
	}
}
