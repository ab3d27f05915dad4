package view

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"pi-track/internal/report/section"
	"pi-track/internal/report/sum"
)

// renderProm writes metrics in the Prometheus text format, for the textfile
// collector of node_exporter. They describe the period of the report, so all
// are gauges: a run that leaves the period leaves the count.
func renderProm(w io.Writer, r *section.Report) error {
	m := &metrics{b: bufio.NewWriter(w)}
	m.family("pi_track_generated_timestamp_seconds", "When the report was made.")
	m.sample(nil, float64(r.GeneratedAt.UnixMilli())/1000)
	if o := r.Overview; o != nil {
		m.overview(o)
	}
	if h := r.Helpers; h != nil {
		m.helpers(distinct(h.Rows))
	}
	return m.b.Flush()
}

// distinct is rows with one for each name and kind. Names that were alike once control
// characters and secrets were taken out would be one series twice, for which
// node_exporter drops all: their runs are added up, the rest is that of the row
// with most runs.
func distinct(rows []section.Helper) []section.Helper {
	var out []section.Helper
	at := map[string]int{}
	for _, x := range rows {
		key := x.Name + "\x00" + x.Kind
		i, ok := at[key]
		if !ok {
			at[key] = len(out)
			out = append(out, x)
			continue
		}
		a, b := out[i].Counts, x.Counts
		if b.Runs > a.Runs {
			out[i] = x
		}
		out[i].Counts = sum.Counts{
			Runs: a.Runs + b.Runs, Succeeded: a.Succeeded + b.Succeeded, Failed: a.Failed + b.Failed,
			Cancelled: a.Cancelled + b.Cancelled, Open: a.Open + b.Open, Used: a.Used + b.Used,
		}
	}
	return out
}

// metrics writes families of samples.
type metrics struct {
	b    *bufio.Writer
	name string
}

func (m *metrics) family(name, help string) {
	m.name = name
	fmt.Fprintf(m.b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
}

// sample writes one line; labels are pairs of name and value.
func (m *metrics) sample(labels []string, value float64) {
	m.b.WriteString(m.name)
	for i := 0; i < len(labels); i += 2 {
		if i == 0 {
			m.b.WriteByte('{')
		} else {
			m.b.WriteByte(',')
		}
		m.b.WriteString(labels[i] + `="` + labelEscaper.Replace(labels[i+1]) + `"`)
	}
	if len(labels) > 0 {
		m.b.WriteByte('}')
	}
	m.b.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

var labelEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func (m *metrics) overview(o *section.Overview) {
	m.family("pi_track_running", "Runs that are known to be running now.")
	m.sample(nil, float64(o.Running))
	m.family("pi_track_log_lines", "Lines of the log.")
	m.sample(nil, float64(o.Lines))
	m.family("pi_track_log_bad_lines", "Lines of the log that were not taken.")
	m.sample(nil, float64(o.BadLines))
	m.family("pi_track_log_bytes", "Size of the log.")
	m.sample(nil, float64(o.Bytes))
}

func (m *metrics) helpers(rows []section.Helper) {
	m.family("pi_track_runs", "Runs in the period by helper and status.")
	for i := range rows {
		x := &rows[i]
		for _, s := range []struct {
			status string
			n      int64
		}{{"succeeded", x.Succeeded}, {"failed", x.Failed}, {"cancelled", x.Cancelled}, {"open", x.Open}, {"used", x.Used}} {
			if (s.status == "used") == (x.Used > 0) {
				m.sample([]string{"helper", x.Name, "kind", x.Kind, "status", s.status}, float64(s.n))
			}
		}
	}
	m.family("pi_track_run_duration_seconds", "Durations of succeeded runs in the period.")
	for i := range rows {
		d := rows[i].Duration
		if d.N == 0 {
			continue
		}
		for _, q := range []struct {
			quantile string
			ms       float64
		}{{"0.5", d.P50}, {"0.95", d.P95}, {"0.99", d.P99}} {
			m.sample([]string{"helper", rows[i].Name, "kind", rows[i].Kind, "quantile", q.quantile}, q.ms/1000)
		}
	}
	m.family("pi_track_verdict", "1 for the verdict on a helper.")
	for i := range rows {
		m.sample([]string{"helper", rows[i].Name, "kind", rows[i].Kind, "verdict", string(rows[i].Verdict.Class)}, 1)
	}
	m.family("pi_track_last_run_timestamp_seconds", "When the helper last started.")
	for i := range rows {
		if t := rows[i].LastRun; t != nil {
			m.sample([]string{"helper", rows[i].Name, "kind", rows[i].Kind}, float64(t.UnixMilli())/1000)
		}
	}
}
