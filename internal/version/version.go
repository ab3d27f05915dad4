// Package version holds the version of this pi-track, in one place.
package version

// Number is the version without a leading v, such as 0.1.0. `make dist
// VERSION=…` sets it for packages that are not of this tree's release.
var Number = "0.1.0"
