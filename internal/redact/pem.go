package redact

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// pem finds private keys, also those whose begin or end was cut off.
func (f *finder) pem() {
	const begin, end = "-- BEGIN ", "-- END "
	text := f.text
	for _, blank := range [...][2]string{{" ", " "}, {"+", " "}, {"%20", " 20"}} { // in an address too
		text = strings.ReplaceAll(text, "-----BEGIN"+blank[0], "---- BEGIN"+blank[1])
		text = strings.ReplaceAll(text, "-----END"+blank[0], "---- END"+blank[1])
	}
	// Behind the last of one kind, each of the other would have the rest
	// searched.
	lastBegin, lastEnd := strings.LastIndex(text, begin), strings.LastIndex(text, end)
	for at := 0; ; {
		i, j := -1, -1
		if at <= lastBegin {
			i = strings.Index(text[at:], begin)
		}
		if at <= lastEnd {
			j = strings.Index(text[at:], end)
		}
		if i < 0 && j < 0 {
			return
		}
		if i < 0 || j >= 0 && j < i { // an end whose begin was cut off
			to := f.lineOfPEM(at + j + len(end))
			if privateKey(f.text[at+j : to]) {
				f.add(f.bodyOfPEM(at, f.dashes(at+j)), to, "pem")
			}
			at = to
			continue
		}
		from := f.dashes(at + i)
		label := f.lineOfPEM(at + i + len(begin))
		if at = label; privateKey(f.text[from:label]) {
			at = len(f.text)
			if k := strings.Index(text[label:], end); k >= 0 {
				at = f.lineOfPEM(label + k + len(end))
			}
			f.add(from, at, "pem")
		}
	}
}

// dashes is where the dashes before i begin.
func (f *finder) dashes(i int) int {
	for i > 0 && f.text[i-1] == '-' {
		i--
	}
	return i
}

func privateKey(label string) bool {
	for _, blank := range [...]string{"\n", "+", "%20"} {
		label = strings.ReplaceAll(label, blank, " ")
	}
	return strings.Contains(label, "PRIVATE KEY") || strings.Contains(label, "OpenVPN Static key") || strings.Contains(label, "OpenVPN tls-crypt-v2")
}

// lineOfPEM returns the end of the marker whose label starts at i.
func (f *finder) lineOfPEM(i int) int {
	rest := f.text[i:]
	if k := strings.Index(rest[:min(len(rest), 64)], "----"); k >= 0 {
		return f.run(i+k, func(c byte) bool { return c == '-' })
	}
	return i
}

// bodyOfPEM returns the start of the base64 that ends at end.
func (f *finder) bodyOfPEM(from, end int) int {
	i := end
	for i > from {
		word := i
		for word > from && isBlank(f.text[word-1]) {
			word--
		}
		first := word
		for first > from && isCredential(f.text[first-1]) {
			first--
		}
		if word-first < 16 && i != end || first == word {
			break
		}
		i = first
	}
	return i
}

// encodedPEM finds private keys in base64, as in a kubeconfig, over several
// lines too.
func (f *finder) encodedPEM() {
	const begin = "LS0tLS1CRUdJTi" // -----BEGIN and a blank
	const label = 60               // characters, of which the label is at the start
	var body stretch
	eachIndex(f.text, begin, func(from int) int {
		to := f.runIn(&body, from, isCredential)
		b, _ := base64.StdEncoding.DecodeString(f.text[from : from+min(to-from, label)/4*4])
		if privateKey(string(b)) {
			f.add(from, f.wrappedBase64(to), "pem")
		}
		return from + len(begin)
	})
}

// wrappedBase64 is the end of base64 that goes on in the lines behind to.
func (f *finder) wrappedBase64(to int) int {
	for to < len(f.text) && f.text[to] == '\n' {
		first := f.run(to+1, func(c byte) bool { return c == ' ' })
		end := f.run(first, isCredential)
		if end-first < 2 || end < len(f.text) && f.text[end] != '\n' {
			break
		}
		to = end
	}
	return to
}

// putty finds the private part of PuTTY's keys: the lines that follow its
// number of them.
func (f *finder) putty() {
	const head = "Private-Lines:"
	eachIndex(f.text, head, func(at int) int {
		from := f.run(at+len(head), func(c byte) bool { return c == ' ' })
		first := f.run(from, isDigit)
		lines, err := strconv.Atoi(f.text[from:first])
		if err != nil {
			return first
		}
		margin := func(i int) int {
			for strings.HasPrefix(f.text[i:], `\r`) || strings.HasPrefix(f.text[i:], `\n`) { // escaped
				i += 2
			}
			return f.run(i, func(c byte) bool { return isBlank(c) || c == '|' || c == '>' })
		}
		first = margin(first)
		to := first
		for range min(lines, 256) {
			word := margin(to)
			end := f.run(word, isCredential)
			if end == word || end-word < 40 && end < len(f.text) && !isBlank(f.text[end]) && !isQuote(f.text[end]) && f.text[end] != '\\' {
				break
			}
			to = end
		}
		f.add(first, to, "pem")
		return max(to, first)
	})
}

// vault finds what ansible-vault has encrypted: lines of hexadecimal digits behind
// their head.
func (f *finder) vault() {
	const head, least = "$ANSIBLE_VAULT;", 16
	eachIndex(f.text, head, func(at int) int {
		first := f.run(at, func(c byte) bool { return !isBlank(c) })
		first = f.runMax(first, 64, isBlank)
		to := first
		for {
			word := f.run(to, isBlank)
			end := f.run(word, isHex)
			if end-word < least && (to == first || end == word || end < len(f.text) && !isBlank(f.text[end])) {
				break
			}
			to = end
		}
		f.add(first, to, "pem")
		return max(to, at+len(head))
	})
}
