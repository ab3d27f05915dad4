package event

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// NewID returns a UUIDv7 (RFC 9562, section 5.7) as 36 lower-case characters:
// now in milliseconds, then the fraction of the millisecond in 12 bits
// (method 3 of section 6.2), then 62 random bits from the generator of the
// runtime, which the kernel seeds. Ids of one machine sort by time.
func NewID(now time.Time) string {
	const hex = "0123456789abcdef"
	ms := uint64(now.UnixMilli())
	fraction := uint64(now.Nanosecond()%1e6) << 12 / 1e6
	words := [2]uint64{
		ms<<16 | 7<<12 | fraction,
		1<<63 | rand.Uint64()>>2,
	}
	var id [36]byte
	digit := 0
	for i := range id {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			id[i] = '-'
			continue
		}
		id[i] = hex[words[digit/16]>>(60-digit%16*4)&15]
		digit++
	}
	return string(id[:])
}

// IDTime is when the run began whose id, or the beginning of whose id, this is, or a bit
// earlier: a UUIDv7 starts with its
// milliseconds, and the first eight digits tell them to a minute. For anything
// else it is the zero time.
func IDTime(id string) time.Time {
	if len(id) > 14 && id[14] != '7' {
		return time.Time{}
	}
	digits := strings.ReplaceAll(id[:min(len(id), 13)], "-", "")
	if len(digits) < 8 {
		return time.Time{}
	}
	ms, err := strconv.ParseInt((digits + "0000")[:12], 16, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
