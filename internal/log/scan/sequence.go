package scan

import "sync"

// maxAhead is how many chunks may wait for an earlier one.
const maxAhead = 32

// sequencer hands finished chunks on in order. The worker that brings the next
// chunk hands it on, and what waits behind it, while the others go on.
type sequencer struct {
	scan    *Scan
	result  *Result
	mu      sync.Mutex
	moved   sync.Cond // next has grown, or stopped is set
	next    int64
	busy    bool // a worker hands chunks on
	stopped bool // a chunk may be missing: there is nothing to wait for
	waiting [maxAhead]*Chunk
	free    []*Chunk
	rows    []int64 // lines so far in each part
	bytes   int64
}

func (r *sequencer) chunk(b block) *Chunk {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := &Chunk{}
	if n := len(r.free); n > 0 {
		c, r.free = r.free[n-1], r.free[:n-1]
	}
	*c = Chunk{Seq: b.seq, Part: b.part, Data: c.Data}
	return c
}

func (r *sequencer) put(c *Chunk) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c.Seq-r.next >= maxAhead && !r.stopped {
		r.moved.Wait()
	}
	if r.stopped {
		return
	}
	r.waiting[c.Seq%maxAhead] = c
	if r.busy {
		return
	}
	r.busy = true
	for {
		c := r.waiting[r.next%maxAhead]
		if c == nil {
			break
		}
		r.mu.Unlock()
		r.done(c)
		r.mu.Lock()
		r.waiting[r.next%maxAhead] = nil
		r.next++
		r.free = append(r.free, c)
		r.moved.Broadcast()
	}
	r.busy = false
}

// stop lets nobody wait any more.
func (r *sequencer) stop() {
	r.mu.Lock()
	r.stopped = true
	r.mu.Unlock()
	r.moved.Broadcast()
}

// done takes the chunk whose turn it is; it is never called twice at a time.
func (r *sequencer) done(c *Chunk) {
	r.count(c)
	if r.scan.Done != nil {
		r.scan.Done(c)
	}
	if r.scan.Progress != nil && c.Seq%16 == 15 {
		r.scan.Progress(r.bytes)
	}
}

// count adds a chunk to its part.
func (r *sequencer) count(c *Chunk) {
	p := &r.result.Parts[c.Part]
	for b := range c.Bad {
		if p.Bad[b] == 0 && c.Bad[b] > 0 {
			p.First[b], p.FirstN[b] = c.First[b], r.rows[c.Part]+c.FirstN[b]
		}
		p.Bad[b] += c.Bad[b]
	}
	if c.Bad[Unfinished] > 0 {
		r.result.Ends[c.Part] = c.end
	}
	p.Lines += c.Lines
	p.Bytes += c.Bytes
	r.bytes += c.Bytes
	r.rows[c.Part] += c.rows
}
