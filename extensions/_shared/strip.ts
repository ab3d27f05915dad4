/**
 * Removes what drives a terminal, by the rules of Go's redact.Strip: escape
 * sequences, control characters, characters that are not seen or change the
 * direction. Tabs become blanks, a backspace takes the character before it,
 * CR, CR LF and the Unicode line separators become a newline.
 */

const ESC = 0x1b;
const ST = 0x9c;

/** Returns s without anything that a terminal would act on. */
export function strip(s: string): string {
	if (/^[ -~\n]*$/.test(s)) return s;
	const chars = Array.from(s.toWellFormed());
	const code = (i: number): number => chars[i]?.codePointAt(0) ?? -1;
	const out: string[] = [];
	for (let i = 0; i < chars.length; ) {
		const c = code(i);
		i++;
		if (c === ESC || (c >= 0x80 && c < 0xa0)) {
			i = escapeEnd(code, chars.length, i, c);
		} else if (c === 10 || c === 0x2028 || c === 0x2029 || (c === 13 && code(i) !== 10)) {
			out.push("\n");
		} else if (c === 9) {
			out.push(" ");
		} else if (c === 8) {
			if (out.length > 0 && out.at(-1) !== "\n") out.pop();
		} else if (c >= 32 && c !== 0x7f && !unseen(c)) {
			out.push(chars[i - 1] ?? "");
		}
	}
	return out.join("");
}

/** Returns the end of the sequence whose first character, ESC or a C1 control, ends at i. */
function escapeEnd(code: (i: number) => number, length: number, i: number, first: number): number {
	let kind = first;
	if (kind === ESC) {
		const next = code(i);
		if (next < 0x20 || next >= 0x7f) return i;
		if (next < 0x30) {
			// ESC, intermediates, one final byte: a character set.
			while (code(i) >= 0x20 && code(i) < 0x30) i++;
			return code(i) >= 0x30 && code(i) < 0x7f ? i + 1 : i;
		}
		kind = next + 0x40; // ESC [ is 0x9b, and so on
		i++;
	}
	if (kind === 0x9b) {
		// CSI: parameters, intermediates, one final byte.
		while (code(i) >= 0x20 && code(i) < 0x40) i++;
		return code(i) >= 0x40 && code(i) < 0x7f ? i + 1 : i;
	}
	// DCS, SOS, OSC, PM, APC: up to BEL or ST.
	return [0x90, 0x98, 0x9d, 0x9e, 0x9f].includes(kind) ? stringEnd(code, length, i) : i;
}

/** Returns the end of a control string. One that is not closed ends with its line. */
function stringEnd(code: (i: number) => number, length: number, start: number): number {
	for (let i = start; i < length; i++) {
		const c = code(i);
		if (c === 7 || c === ST) return i + 1;
		if (c === ESC && code(i + 1) === 0x5c) return i + 2;
		if (c === 10) return i;
	}
	return length;
}

/**
 * Says that c is not seen, or only changes the direction of what is: Unicode's
 * Default_Ignorable_Code_Point, the annotation characters, and the blanks that
 * no font shows.
 */
function unseen(c: number): boolean {
	return c >= 0xad && hidden.test(String.fromCodePoint(c));
}

const hidden = /[\p{Default_Ignorable_Code_Point}\u{fff0}-\u{fffb}\u{13430}-\u{1343f}]/u;
