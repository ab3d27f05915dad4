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
		h := htmlTrial{Title: x.Helper, Note: k.note, Verdict: verdict.text, Class: styleClass(verdict.style), Arms: pageOf("experiment-"+x.ID, "The arms of the experiment of "+x.Helper, armsColumns(x), []section.Arm{x.First, x.Second})}
		for _, l := range k.after {
			h.Lines = append(h.Lines, digestLine{Text: l.text, Class: styleClass(l.style)})
		}
		out = append(out, h)
	}
	return out
}
