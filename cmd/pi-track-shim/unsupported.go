//go:build !linux && !darwin && !freebsd && !openbsd

package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	fmt.Fprintf(os.Stderr, "pi-track: error: %s is not supported\n", runtime.GOOS)
	fmt.Fprintln(os.Stderr, "pi-track: hint: pi-track runs on Linux and macOS, and builds on FreeBSD and OpenBSD; on Windows use it inside WSL")
	os.Exit(1)
}
