package synth

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"pi-track/internal/event"
)

// end is the end of a run that e started.
func (g *generator) end(e event.Event, h *Helper) event.Event {
	ms := int64(h.Median * math.Exp(0.9*g.rng.NormFloat64()))
	ms = min(ms, 20*60*1000)
	e.DurationMS, e.TS = ms, e.TS.Add(time.Duration(ms)*time.Millisecond)
	if e.Src == "shim" {
		e.Rusage = &event.Rusage{UserMS: ms / 3, SysMS: ms / 9, MaxRSSKB: int64(8000 + g.rng.IntN(90000))}
	}
	if h.Kind == event.ExtensionTool || h.Kind == event.Loop {
		in, out := int64(g.rng.IntN(20000)), int64(g.rng.IntN(3000))
		e.Usage = &event.Usage{
			Tokens: in + out, Input: in, Output: out, Cost: float64(in*3+out*15) / 1e6,
			Model: fmt.Sprintf("model-%c", 'a'+rune(g.rng.IntN(3))),
		}
	}
	switch {
	case g.fails(&e, h):
		g.fail(&e)
	case g.rng.IntN(300) == 0: // killed with its supervisor, found later
		e.Status, e.Src, e.Rusage, e.Usage = event.Cancelled, "reaped", nil, nil
		e.Error = "supervisor was killed"
		e.TS = e.TS.Add(time.Duration(g.rng.IntN(90)) * time.Second)
	case g.rng.IntN(60) == 0:
		e.Status, e.Signal = event.Cancelled, "INT"
	default:
		e.Status = event.Succeeded
		if h.Kind != event.ExtensionTool {
			zero := 0
			e.ExitCode = &zero
		}
	}
	return e
}

// fails decides whether a run fails: by the helper's rate or its trouble.
func (g *generator) fails(e *event.Event, h *Helper) bool {
	left := g.Runs - g.n
	x := g.rng.Float64()
	switch h.Trouble {
	case "broken":
		return true
	case "flaky":
		if e.Repo == "/home/dev/src/repo-000" {
			return x < 0.5
		}
	case "context-bound":
		return e.Repo == "/home/dev/src/repo-001"
	case "outage": // in the last runs of all, so that verdicts see it
		return left > 4000 && left < 8000
	case "broken since":
		return left < 3000
	}
	return x < h.FailRate
}

func (g *generator) fail(e *event.Event) {
	e.Status = event.Failed
	texts := []string{
		"error: cannot open '/tmp/build-%d/out.log': no such file or directory",
		"fatal: connection to 10.0.%d.7:5432 refused",
		"panic: runtime error: index out of range [%d] with length 4",
		"Error: request %x timed out after 30s",
		"npm ERR! code E%d",
	}
	i := g.rng.IntN(len(texts) + 1)
	if i == len(texts) {
		e.Signal = "KILL"
		return
	}
	code := 1 + i
	e.ExitCode = &code
	e.Error = fmt.Sprintf(texts[i], g.rng.IntN(250))
}

// dirt is what happens to lines on their way into the file.
type dirt struct {
	w     io.Writer
	rng   *rand.Rand
	per   int
	buf   []byte
	late  []lateLine
	lines int64
	err   error
}

type lateLine struct {
	after int // lines
	text  []byte
}

func (d *dirt) event(e *event.Event) {
	d.buf = e.Append(d.buf[:0])
	for i := 0; i < len(d.late); i++ {
		if d.late[i].after--; d.late[i].after <= 0 {
			d.put(d.late[i].text)
			d.late = append(d.late[:i], d.late[i+1:]...)
			i--
		}
	}
	if d.per > 0 && d.rng.IntN(20000) < 13*d.per {
		d.soil(d.buf)
		return
	}
	d.put(d.buf)
}

func (d *dirt) soil(line []byte) {
	switch n := d.rng.IntN(13); n {
	case 0: // a killed writer
		d.put(append(append([]byte(nil), line[:1+d.rng.IntN(len(line)-1)]...), '\n'))
	case 1:
		d.put(line)
		d.put([]byte("Nov 20 12:00:00 host app[17]: not one of ours\n"))
	case 2:
		d.put(line)
		d.put(line)
	default:
		d.late = append(d.late, lateLine{1 + d.rng.IntN(5), append([]byte(nil), line...)})
	}
}

func (d *dirt) put(line []byte) {
	if d.err == nil {
		_, d.err = d.w.Write(line)
		d.lines++
	}
}

// end writes the lines that are still late.
func (d *dirt) end() {
	for _, l := range d.late {
		d.put(l.text)
	}
}
