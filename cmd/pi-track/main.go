// Command pi-track records which helpers a coding agent's user runs, how often
// they fail and where, in one local file, and reports on it.
package main

import "os"

func main() {
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
