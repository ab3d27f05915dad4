package log

import (
	"fmt"
	"testing"
)

func TestUnion(t *testing.T) {
	const a, b, c = "e-1.jsonl", "e-2.jsonl", "e-3.jsonl"
	for _, tc := range [][3][]string{
		{{a, b}, {a, b}, {a, b}},
		{{b + zstdExt, a}, {a, b + zstdExt}, {a, b + zstdExt}},
		{{a, a + zstdExt}, {a, a + zstdExt}, {a}}, // a rotation was interrupted
		{{a, b}, {a + zstdExt, b}, {a + zstdExt, b}},
		{{b}, {a + zstdExt, b}, {a + zstdExt, b}}, // compressed while the directory was read
		{{a, b}, {b, c}, {a, b, c}},               // the second time
		{nil, nil, nil},
	} {
		if got := union(tc[0], tc[1]); fmt.Sprint(got) != fmt.Sprint(tc[2]) {
			t.Errorf("%q and %q: %q, not %q", tc[0], tc[1], got, tc[2])
		}
	}
}
