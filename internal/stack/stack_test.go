package stack

import (
	"runtime"
	"sync"
	"testing"
)

// TestGrow counts what the stacks of goroutines take that have called grow.
func TestGrow(t *testing.T) {
	const goroutines = 200
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var grown, read sync.WaitGroup
	read.Add(1)
	for range goroutines {
		grown.Add(1)
		go func() {
			grow()
			grown.Done()
			read.Wait()
		}()
	}
	grown.Wait()
	runtime.ReadMemStats(&after)
	read.Done()
	if each := (after.StackInuse - before.StackInuse) / goroutines; each < inUse {
		t.Errorf("a stack takes %d bytes", each)
	}
}
