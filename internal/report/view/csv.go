package view

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pi-track/internal/report/section"
	"pi-track/internal/stats"
)

// sheet is one section as machine-readable rows: plain numbers, RFC 3339
// times, fractions and milliseconds.
type sheet struct {
	header []string
	rows   [][]string
}

func renderCSV(w io.Writer, r *section.Report, comma rune, o Options) error {
	s := chosenSheet(r, o)
	c := csv.NewWriter(w)
	c.Comma = comma
	if !o.NoHeader {
		if err := c.Write(s.header); err != nil {
			return err
		}
	}
	for _, row := range s.rows {
		for i := range row {
			row[i] = inert(row[i])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// inert keeps a spreadsheet from taking a text for a formula; some take the
// wide forms of the signs, too.
func inert(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	if s == "" || !strings.ContainsRune("=+-@＝＋－＠", first) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}

// renderTSV writes tab-separated values: no field holds a tab or a newline,
// so none needs quotes.
func renderTSV(w io.Writer, r *section.Report, o Options) error {
	s := chosenSheet(r, o)
	var b strings.Builder
	if !o.NoHeader {
		b.WriteString(strings.Join(s.header, "\t") + "\n")
	}
	for _, row := range s.rows {
		for i := range row {
			row[i] = inert(strings.Map(func(r rune) rune {
				if r == '\t' || r == '\n' || r == '\r' {
					return ' '
				}
				return r
			}, row[i]))
		}
		b.WriteString(strings.Join(row, "\t") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func integer(n int64) string { return strconv.FormatInt(n, 10) }

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func optional(x *float64) string {
	if x == nil {
		return ""
	}
	return number(*x)
}

func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

func interval(i *stats.Interval) []string {
	if i == nil {
		return []string{"", "", ""}
	}
	return []string{number(i.Value), number(i.Low), number(i.High)}
}
