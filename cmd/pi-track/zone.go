//go:build linux || darwin || freebsd || openbsd

package main

import (
	"os"
	"strings"
	"time"
)

// localZone is the local time zone under its own name where that can be found:
// Europe/Berlin says more than Local.
func localZone() *time.Location {
	name, set := os.LookupEnv("TZ")
	if !set {
		target, err := os.Readlink("/etc/localtime")
		if err != nil {
			return time.Local
		}
		_, name, _ = strings.Cut(target, "zoneinfo/")
	}
	name = strings.TrimPrefix(name, ":")
	if name == "" || strings.HasPrefix(name, "/") {
		return time.Local
	}
	if loc, err := time.LoadLocation(name); err == nil {
		return loc
	}
	return time.Local
}
