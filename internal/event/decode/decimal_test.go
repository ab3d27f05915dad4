package decode

import (
	"math/rand"
	"strconv"
	"strings"
	"testing"
)

// A cost of any length is read as strconv does, however it is decoded: with
// more than 15 digits neither the digits nor the power of ten are exact.
func TestDecimals(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	texts := []string{"0", "0.1", "1.5", "0.30000000000000004", "9007199254740993", "123456789012345678", "0.123456789012345678"}
	for range 3000 {
		digits := strconv.FormatInt(1+r.Int63n(9), 10)
		for range r.Intn(19) {
			digits += strconv.Itoa(r.Intn(10))
		}
		at := 1 + r.Intn(len(digits))
		texts = append(texts, strings.TrimSuffix(digits[:at]+"."+digits[at:], "."))
	}
	fast := 0
	for _, text := range texts {
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		var v float64
		b := append([]byte(text+"}"), padding[:]...)
		if p := decimal(b, 0, &v); p >= 0 {
			if fast++; v != want || p != len(text) {
				t.Errorf("%s is %v, not %v", text, v, want)
			}
		}
		var l Line
		if err := l.Decode([]byte(strings.Replace(goodLine, `"cost":0.0123`, `"cost":`+text, 1))); err != nil || l.Cost != want {
			t.Errorf("%s: %v, %v", text, l.Cost, err)
		}
	}
	if fast < 1000 {
		t.Errorf("only %d of %d the fast way", fast, len(texts))
	}
}
