package view

import (
	"io"

	"pi-track/internal/report"
)

func renderHTML(w io.Writer, r *report.Report, o Options) error { return nil }
