package piimport

import (
	"crypto/sha1"
	"encoding/hex"
)

// namespace is the UUIDv5 namespace of imported runs.
var namespace = [16]byte{0x4c, 0x8e, 0x3f, 0x02, 0x9d, 0x1a, 0x4b, 0x77, 0xa2, 0x6e, 0x51, 0xc0, 0x7d, 0x38, 0x9b, 0xe4}

// runID is the UUIDv5 (RFC 9562, section 5.5) of a session's id and the id of
// a call within it.
func runID(session, call string) string {
	h := sha1.New()
	h.Write(namespace[:])
	h.Write([]byte(session + "\x00" + call))
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x50
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
