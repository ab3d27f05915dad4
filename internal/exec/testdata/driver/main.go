// Command driver runs its arguments under supervision and ends as they did.
// EXEC_CAPTURE is auto, pty or off; EXEC_REPORT names a file that receives
// one line about the result.
package main

import (
	"fmt"
	"os"
	"strings"

	"pi-track/internal/exec"
)

func main() {
	if exec.Drain(os.Args) {
		return
	}
	path := lookup(os.Args[1])
	spec := exec.Spec{Path: path, Argv: os.Args[1:]}
	var report, capture string
	for _, e := range exec.InheritedEnv() {
		switch {
		case strings.HasPrefix(e, "EXEC_REPORT="):
			report = e[len("EXEC_REPORT="):]
		case strings.HasPrefix(e, "EXEC_CAPTURE="):
			capture = e[len("EXEC_CAPTURE="):]
		default:
			spec.Env = append(spec.Env, e)
		}
	}
	switch capture {
	case "pty":
		spec.Capture = exec.CapturePTY
	case "off":
		spec.Capture = exec.CaptureOff
	case "replace":
		err := exec.Replace(spec.Path, spec.Argv, spec.Env)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(126)
	}
	r := exec.Supervise(spec)
	if r.Err != nil {
		fmt.Fprintln(os.Stderr, r.Err)
	}
	if report != "" {
		line := fmt.Sprintf("code=%d signal=%d passed=%#x err=%v tail=%q\n", r.Code, int(r.Signal), r.Passed, r.Err, r.StderrEnd)
		if err := os.WriteFile(report, []byte(line), 0o644); err != nil {
			os.Exit(99)
		}
	}
	r.Exit()
}

// lookup finds name in PATH; what is not there is left for execve to refuse.
func lookup(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	for _, dir := range strings.Split(os.Getenv("PATH"), ":") {
		if st, err := os.Stat(dir + "/" + name); err == nil && st.Mode()&0o111 != 0 {
			return dir + "/" + name
		}
	}
	return name
}
