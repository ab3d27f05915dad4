// Command bench measures what supervision costs: it runs each peer in turn,
// round after round, and prints the medians, their spread and the ratios to
// the bare program.
//
//	bench [-rounds n] [-stderr | -into file | -file file] NAME=COMMAND...
//
// The first peer is the bare program. COMMAND is split at blanks and started
// as it is. A peer's stderr is inherited, or a pipe that bench reads and
// throws away (-stderr) or writes to a file (-into), or a file (-file).
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

type peer struct {
	name  string
	argv  []string
	times []time.Duration
}

// A sink says where stderr goes.
type sink struct {
	pipe       bool
	into, file string
}

func main() {
	rounds := flag.Int("rounds", 200, "rounds; each runs every peer once")
	var to sink
	flag.BoolVar(&to.pipe, "stderr", false, "read stderr through a pipe")
	flag.StringVar(&to.into, "into", "", "read stderr through a pipe and write it to this file")
	flag.StringVar(&to.file, "file", "", "let stderr be this file")
	flag.Parse()
	var peers []*peer
	for _, arg := range flag.Args() {
		name, command, ok := strings.Cut(arg, "=")
		if !ok {
			fatal("not NAME=COMMAND: " + arg)
		}
		peers = append(peers, &peer{name: name, argv: strings.Fields(command)})
	}
	if len(peers) == 0 {
		fatal("no peers")
	}
	for round := -min(3, *rounds/3); round < *rounds; round++ { // the first warm the caches
		for i := range peers {
			p := peers[(i+max(0, round))%len(peers)]
			if d := run(p.argv, to); round >= 0 {
				p.times = append(p.times, d)
			}
		}
	}
	table(peers)
}

// run starts the peer, waits for it and returns its wall time.
func run(argv []string, to sink) time.Duration {
	files := []uintptr{0, 1, 2}
	reading := to.pipe || to.into != ""
	var r, w *os.File
	switch {
	case reading:
		r, w = must2(os.Pipe())
	case to.file != "":
		w = must(os.Create(to.file))
	}
	if w != nil {
		files[2] = w.Fd()
	}
	start := time.Now()
	pid := must(syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{Env: os.Environ(), Files: files}))
	if w != nil {
		w.Close()
	}
	if reading {
		copyAll(r, to.into)
	}
	var status syscall.WaitStatus
	for {
		if _, err := syscall.Wait4(pid, &status, 0, nil); err != syscall.EINTR {
			break
		}
	}
	d := time.Since(start)
	if status.ExitStatus() != 0 {
		fatal(fmt.Sprintf("%s: status %#x", strings.Join(argv, " "), status))
	}
	return d
}

// copyAll reads r to its end and writes it to the file into, "" for nowhere.
func copyAll(r *os.File, into string) {
	defer r.Close()
	var out *os.File
	if into != "" {
		out = must(os.Create(into))
		defer out.Close()
	}
	for buf := make([]byte, 1<<20); ; {
		n, err := syscall.Read(int(r.Fd()), buf)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return
		}
		if out != nil {
			must(out.Write(buf[:n]))
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		fatal(err.Error())
	}
	return v
}

func must2[T, U any](v T, u U, err error) (T, U) {
	if err != nil {
		fatal(err.Error())
	}
	return v, u
}

func table(peers []*peer) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "peer\tmedian µs\tq1\tq3\t× bare\t")
	bare := quantile(peers[0].times, 0.5)
	for _, p := range peers {
		m := quantile(p.times, 0.5)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.2f\t\n", p.name, m.Microseconds(), quantile(p.times, 0.25).Microseconds(),
			quantile(p.times, 0.75).Microseconds(), float64(m)/float64(bare))
	}
	w.Flush()
}

func quantile(times []time.Duration, q float64) time.Duration {
	slices.Sort(times)
	return times[int(q*float64(len(times)-1))]
}

func fatal(message string) {
	fmt.Fprintln(os.Stderr, "bench: "+message)
	os.Exit(1)
}
