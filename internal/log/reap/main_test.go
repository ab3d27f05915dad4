package reap

import (
	"testing"

	"pi-track/internal/log/logtest"
)

var (
	children = logtest.Children
	command  = logtest.Command
	check    = logtest.Check
	uid      = logtest.UID
	line     = logtest.Line
	contents = logtest.Contents
	events   = logtest.Events
)

func TestMain(m *testing.M) { logtest.Main(m) }
