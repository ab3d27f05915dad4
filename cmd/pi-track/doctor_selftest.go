//go:build linux || darwin || freebsd || openbsd

package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"pi-track/internal/doctor"
)

// selfTest tries the shims' promises on this machine and prints what to report.
func (a *app) selfTest(asJSON bool) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	findings, err := doctor.SelfTest(program)
	if err != nil {
		return withHint(exitFailed, err, "set TMPDIR to a directory where files can be written and run")
	}
	if asJSON {
		err = a.printFindingsJSON(findings)
	} else if err = a.printFindings(findings, false); err == nil {
		_, err = fmt.Fprintf(a.stdout, "\n%s\nsystem %s\nreport these lines where you got pi-track, even if all is well, when nobody has tried it on this system\n",
			versionText(), systemText())
	}
	if err != nil {
		return err
	}
	if doctor.Worst(findings) != doctor.OK {
		return errSilent
	}
	return nil
}

// systemText is the system's name, release, version and machine, without the name
// of the host.
func systemText() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown"
	}
	return fmt.Sprintf("%s %s %s %s", unix.ByteSliceToString(u.Sysname[:]), unix.ByteSliceToString(u.Release[:]),
		unix.ByteSliceToString(u.Version[:]), unix.ByteSliceToString(u.Machine[:]))
}
