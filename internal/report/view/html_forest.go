package view

import (
	"fmt"
	"math"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// forest is a forest plot: the effect of each helper on task completion, the
// difference over all and the one within repos.
type forest struct {
	Units, Few, Chance, Caveat string
	Width, Height              float64
	Zero, Bottom               float64
	Ticks                      []mark
	Rows                       []forestRow
	Turned                     *htmlTable
}

type forestRow struct {
	Name, Arms, Verdict, Class, Tip string
	Y                               float64
	Naive, Stratified               *whisker
}

// whisker is an interval of the plot with its text.
type whisker struct {
	Y, Low, At, High float64
	Text             string
}

const (
	forestLeft   = 330
	forestRight  = 720
	forestHeight = 46
)

func newForest(w *writer, e *section.Effect) *forest {
	f := &forest{Units: w.effectUnits(e), Chance: htmlEffectNote(e), Caveat: e.Caveat, Width: 960}
	shown, few := enoughOfEffect(e)
	reach := .1
	for i := range shown {
		for _, i := range []*stats.Interval{shown[i].Diff, shown[i].Stratified} {
			if i != nil {
				reach = max(reach, -i.Low, i.High)
			}
		}
	}
	f.Few = strings.Join(few, ", ")
	reach = math.Ceil(reach*10) / 10
	at := func(d float64) float64 {
		return round1((forestLeft+forestRight)/2 + d/reach*(forestRight-forestLeft)/2)
	}
	for i := range shown {
		f.Rows = append(f.Rows, forestOf(&shown[i], float64(i*forestHeight), at))
	}
	f.Zero, f.Bottom = at(0), float64(len(shown)*forestHeight)
	f.Height = f.Bottom + 26
	for _, d := range []float64{-reach, -reach / 2, 0, reach / 2, reach} {
		f.Ticks = append(f.Ticks, mark{X: at(d), Y: f.Bottom + 18, Text: tickPoints(d)})
	}
	f.Turned = w.htmlTurned(e)
	return f
}

// tickPoints is a difference in percentage points on the axis.
func tickPoints(d float64) string {
	if d == 0 {
		return "0"
	}
	return fmt.Sprintf("%+.0f", 100*d)
}

func forestOf(x *section.EffectRow, y float64, at func(float64) float64) forestRow {
	v := effectVerdict(x)
	if turns(x) {
		v.text += ", sign turns"
	}
	row := forestRow{
		Name: middle(x.Label(x.Helper), 22), Y: y + 20, Verdict: v.text, Class: styleClass(v.style),
		Arms: fmt.Sprintf("with %s of %d, without %s of %d", rate(x.With), x.With.N, rate(x.Without), x.Without.N),
		Tip: fmt.Sprintf("%s: with %d of %d, without %d of %d; difference %s, within repos %s",
			x.Label(x.Helper), x.With.K, x.With.N, x.Without.K, x.Without.N, pointsInterval(x.Diff), pointsInterval(x.Stratified)),
	}
	draw := func(i *stats.Interval, y float64) *whisker {
		if i == nil {
			return nil
		}
		return &whisker{Y: y, Low: at(i.Low), At: at(i.Value), High: at(i.High), Text: pointsInterval(i)}
	}
	row.Naive, row.Stratified = draw(x.Diff, y+14), draw(x.Stratified, y+32)
	return row
}

// taskRate is a rateCell without the colours, which judge runs and not tasks.
func taskRate(r stats.Rate) htmlCell {
	c := rateCell(r)
	c.Class = ""
	return c
}

// htmlEffectNote is what stands below the plot.
func htmlEffectNote(e *section.Effect) string {
	var parts []string
	if e.Compared > 0 {
		parts = append(parts, effectNote(e))
	}
	if note := decidersNote(e.Deciders); note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, " · ")
}
