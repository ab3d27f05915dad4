package report

// What the sections add to an index. Numbers of names, repos and tasks stay
// right because the dicts are stored with them.

func (g *groups) encode(e *encoder) { g.root.encode(e) }
func (g *groups) decode(d *decoder) { g.root.decode(d, len(g.s.q.By)) }

func (g *group) encode(e *encoder) {
	g.acc.encode(e)
	putString(e, g.value)
	put(e, int64(len(g.in)))
	for h, c := range g.in {
		if put(e, h); e.full {
			return // what follows is dropped
		}
		c.encode(e)
	}
}

// decode takes groups nested at most so deep.
func (g *group) decode(d *decoder, depth int) {
	g.acc.decode(d)
	getString(d, &g.value)
	n := d.count()
	if n > 0 && depth == 0 {
		d.bad = true
	}
	for range n {
		var h uint64
		c := &group{}
		if get(d, &h); d.bad {
			return
		}
		c.decode(d, depth-1)
		if g.in == nil {
			g.in = make(map[uint64]*group, n)
		}
		g.in[h] = c
	}
}

func (t *trend) encode(e *encoder) {
	put(e, int64(len(t.rows)))
	for _, x := range t.rows {
		if put(e, x != nil); x != nil {
			x[0].encode(e)
			x[1].encode(e)
		}
	}
}

func (t *trend) decode(d *decoder) {
	t.rows = make([]*[2]acc, d.count())
	for i := range t.rows {
		var present bool
		if get(d, &present); present {
			t.rows[i] = new([2]acc)
			t.rows[i][0].decode(d)
			t.rows[i][1].decode(d)
		}
	}
}

func (unused) encode(*encoder) {}
func (unused) decode(*decoder) {}

func (p *places) encode(e *encoder) {
	put(e, int64(len(p.of)))
	for key, x := range p.of {
		if put(e, key); e.full {
			return
		}
		x.acc.encode(e)
		putSlice(e, x.outcomes.list)
	}
}

func (p *places) decode(d *decoder) {
	for range d.count() {
		var key place
		x := &placeSum{}
		if get(d, &key); d.bad {
			return
		}
		x.acc.decode(d)
		getSlice(d, &x.outcomes.list)
		p.of[key] = x
	}
}

func (w *why) encode(e *encoder) {
	put(e, int64(len(w.days)))
	for day, a := range w.days {
		put(e, day)
		a.encode(e)
	}
}

func (w *why) decode(d *decoder) {
	for range d.count() {
		var day int32
		a := &acc{}
		if get(d, &day); d.bad {
			return
		}
		a.decode(d)
		w.days[day] = a
	}
}

// unitHead is what of a unit is no list.
type unitHead struct {
	task, complete bool
	repo           uint32
	at             int64
	id, key        uint64
}

func (x *effect) encode(e *encoder) {
	put(e, int64(len(x.units)))
	for key, u := range x.units {
		put(e, unitHead{u.task, u.complete, u.repo, u.at, u.id, key})
		putSlice(e, u.uses)
	}
}

func (x *effect) decode(d *decoder) {
	for range d.count() {
		var h unitHead
		if get(d, &h); d.bad {
			return
		}
		u := &unit{task: h.task, at: h.at, id: h.id, complete: h.complete, repo: h.repo}
		getSlice(d, &u.uses)
		x.units[h.key] = u
	}
}
