package view

import "pi-track/internal/report/section"

// htmlTrial is one experiment: the words of the terminal, and its arms as a
// table that sorts.
type htmlTrial struct {
	Title, Note, Verdict, Class string
	Arms                        *htmlTable
	Lines                       []digestLine
}

func (w *writer) htmlTrials(t *section.Trials) []htmlTrial {
	var out []htmlTrial
	for i := range t.Rows {
		x := &t.Rows[i]
		k, verdict := w.trial(x), trialVerdict(x)
		h := htmlTrial{Title: x.Helper, Note: k.note, Verdict: verdict.text, Class: styleClass(verdict.style), Arms: armsTable(x)}
		for _, l := range k.after {
			h.Lines = append(h.Lines, digestLine{Text: l.text, Class: styleClass(l.style)})
		}
		out = append(out, h)
	}
	return out
}

func armsTable(x *section.TrialResult) *htmlTable {
	t := &htmlTable{ID: "experiment-" + x.ID, Caption: "The arms of the experiment of " + x.Helper, Columns: []htmlColumn{
		{Title: "arm"}, {Title: x.Unit + "s", Number: true}, {Title: "completed", Number: true}, {Title: "n", Number: true},
		{Title: "95 %", Number: true}, {Title: "calls", Number: true}, {Title: "runs ok", Number: true},
		{Title: "time, median", Number: true}, {Title: "cost", Number: true}, {Title: "tokens", Number: true},
	}}
	for _, a := range []*section.Arm{&x.First, &x.Second} {
		t.Rows = append(t.Rows, []htmlCell{
			{Text: a.Name, Head: true}, num(count(a.Units), float64(a.Units)), taskRate(a.Success),
			num(count(a.Success.N), float64(a.Success.N)), num(bounds(a.Success), a.Success.Low), num(count(a.Calls), float64(a.Calls)),
			rateCell(a.Runs), num(span(a.WallMS), a.WallMS), num(money(a.Cost), a.Cost), num(zero(int64(a.Tokens)), a.Tokens),
		})
	}
	return t
}
