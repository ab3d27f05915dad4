package testbin

import (
	"fmt"
	"os"
	"os/exec"
)

// Other builds the programs into dir as a release does, for another architecture
// ("": this machine's) or with build tags (or "").
func Other(dir, arch, tags string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-tags", tags, "-o", dir+"/", "./cmd/...")
	cmd.Dir = Root()
	cmd.Env = append(os.Environ(), "GOARCH="+arch, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}
