package manifest_test

import (
	"fmt"

	"pi-track/internal/manifest"
)

// What install writes, and what a shim finds in it.
func Example() {
	shim := manifest.DefaultShim()
	shim.Name, shim.Kind, shim.TaskArg = "pi-loop", "loop", "--task"
	text := (&manifest.Manifest{Log: "/home/me/events.jsonl", Shims: []manifest.Shim{shim}}).Encode()
	fmt.Printf("%s\n", text)

	read, err := manifest.Decode(text)
	if err != nil {
		fmt.Println(err)
		return
	}
	found, ok := read.Find("pi-loop")
	fmt.Println(ok, found.Kind, found.TaskEnv)
	_, err = manifest.Decode(text[:len(text)-1]) // not whole
	fmt.Println(err)
	// Output:
	// pi-track manifest 1
	// log "/home/me/events.jsonl"
	// shim "pi-loop"
	// kind "loop"
	// scope "auto"
	// capture "auto"
	// session_env "PI_SESSION_ID"
	// task_env "PI_TASK_ID"
	// task_env "PI_JOB_ID"
	// task_arg "--task"
	// end
	//
	// true loop [PI_TASK_ID PI_JOB_ID]
	// broken manifest
}
