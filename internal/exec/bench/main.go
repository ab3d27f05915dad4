// Command bench measures what supervision costs: it runs each peer in turn,
// round after round, and prints the medians, their spread and the ratios to
// the bare program.
//
//	bench [-rounds n] [-stderr] NAME=COMMAND...
//
// The first peer is the bare program. COMMAND is split at blanks and started
// as it is. With -stderr a peer's stderr is a pipe that bench reads.
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
	rssKB int64
}

func main() {
	rounds := flag.Int("rounds", 200, "rounds; each runs every peer once")
	pipe := flag.Bool("stderr", false, "read stderr through a pipe")
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
	for round := -3; round < *rounds; round++ { // the first three warm the caches
		for i := range peers {
			p := peers[(i+max(0, round))%len(peers)]
			d, rss := run(p.argv, *pipe)
			if round >= 0 {
				p.times = append(p.times, d)
				p.rssKB = max(p.rssKB, rss)
			}
		}
	}
	table(peers)
}

// run starts the peer, waits for it and returns its wall time and peak RSS.
func run(argv []string, pipe bool) (time.Duration, int64) {
	files := []uintptr{0, 1, 2}
	var p [2]int
	if pipe {
		if err := syscall.Pipe2(p[:], syscall.O_CLOEXEC); err != nil {
			fatal(err.Error())
		}
		files[2] = uintptr(p[1])
	}
	start := time.Now()
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{Env: os.Environ(), Files: files})
	if err != nil {
		fatal(argv[0] + ": " + err.Error())
	}
	if pipe {
		syscall.Close(p[1])
		for buf := make([]byte, 1<<20); ; {
			n, err := syscall.Read(p[0], buf)
			if err != syscall.EINTR && n <= 0 {
				break
			}
		}
		syscall.Close(p[0])
	}
	var status syscall.WaitStatus
	var usage syscall.Rusage
	for {
		if _, err := syscall.Wait4(pid, &status, 0, &usage); err != syscall.EINTR {
			break
		}
	}
	d := time.Since(start)
	if status.ExitStatus() != 0 {
		fatal(fmt.Sprintf("%s: status %#x", strings.Join(argv, " "), status))
	}
	return d, int64(usage.Maxrss)
}

func table(peers []*peer) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "peer\tmedian µs\tq1\tq3\t× bare\tRSS KB\t")
	bare := quantile(peers[0].times, 0.5)
	for _, p := range peers {
		m := quantile(p.times, 0.5)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.2f\t%d\t\n", p.name, m.Microseconds(), quantile(p.times, 0.25).Microseconds(),
			quantile(p.times, 0.75).Microseconds(), float64(m)/float64(bare), p.rssKB)
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
