package redact

// pin finds a number of four to eight digits at i, which belongs to a key such as
// pin or otp.
func (f *finder) pin(i int) {
	from := f.skipToValue(i)
	quoted := from < len(f.text) && isQuote(f.text[from])
	if quoted {
		from++
	}
	to := f.run(from, isDigit)
	if n := to - from; n < 4 || n > 8 || to < len(f.text) && (isKey(f.text[to]) && f.text[to] != '.' || f.text[to] == ':') || to+1 < len(f.text) && f.text[to] == '.' && isKey(f.text[to+1]) {
		return
	}
	f.add(from, to, "key")
}
