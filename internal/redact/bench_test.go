package redact

import "testing"

func BenchmarkSummary(b *testing.B) {
	tails := make([][]byte, len(secretKinds))
	for i, kind := range secretKinds {
		m := maker{newSource(int64(i))}
		text, _ := kind.make(m)
		tails[i] = plant(m, text)
	}
	env := []string{"A_TOKEN=0123456789abcdef", "HOME=/home/someone"}
	for i := 0; b.Loop(); i++ {
		Summary(tails[i%len(tails)], env)
	}
}

func BenchmarkText(b *testing.B) {
	const line = "error: no space left on device: /home/someone/project/file.txt | exit status 1"
	for b.Loop() {
		Text(line)
	}
}

// BenchmarkCause is the choice alone, on what failed programs wrote.
func BenchmarkCause(b *testing.B) {
	all := outputs(b)
	for i := 0; b.Loop(); i++ {
		choose(ranked(all[i%len(all)].Stderr))
	}
}
