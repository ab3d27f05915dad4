//go:build linux || darwin || freebsd || openbsd

//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// Command pi-track-shim is the program behind every shim. It links as little
// as possible: each linked package is initialised on every call.
package main

import (
	"pi-track/internal/launch"
	_ "pi-track/internal/stack" // grows it
)

func main() {
	launch.Main()
}
