package log

import (
	"testing"

	"pi-track/internal/log/logtest"
)

var contents = logtest.Contents

func TestMain(m *testing.M) { logtest.Main(m) }
