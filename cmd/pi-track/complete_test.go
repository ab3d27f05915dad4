//go:build linux || darwin

package main

import (
	"strings"
	"testing"
)

// Every value that Tab offers for a flag has a description.
func TestFixedValuesAreDescribed(t *testing.T) {
	for flag, values := range fixedValues() {
		offered := values("")
		if len(offered) == 0 {
			t.Errorf("--%s: nothing", flag)
		}
		for _, line := range offered {
			if value, means, _ := strings.Cut(line, "\t"); value == "" || means == "" {
				t.Errorf("--%s %s has no description", flag, value)
			}
		}
	}
}
