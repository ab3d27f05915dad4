/**
 * What the rules of redaction share: the text with the spans found so far,
 * and classes of characters. Texts hold one character per byte of UTF-8.
 */

/** What every replacement begins with. */
export const MARKER = "[redacted:";

/** A part of a text that is to be replaced. */
interface Span {
	from: number;
	to: number;
	rule: string;
}

export interface Finder {
	readonly text: string;
	readonly spans: Span[];
	/** Marks text[from:to], unless it has been replaced already. */
	add(from: number, to: number, rule: string): void;
	/** Returns the end of the longest stretch from i on whose characters are all of the class. */
	run(i: number, of: CharClass): number;
	/** Says that no letter or digit stands before i. */
	startsWord(i: number): boolean;
}

/** Returns a finder with nothing found. */
export function newFinder(text: string): Finder {
	const spans: Span[] = [];
	// Where the characters of one class stand together, as last looked for:
	// many calls that each read to the end of the text would take quadratic time.
	let last: { of?: CharClass; from: number; to: number } = { from: 0, to: 0 };
	return {
		text,
		spans,
		add(from, to, rule): void {
			if (from < to && !text.startsWith(MARKER, from)) spans.push({ from, to, rule });
		},
		run(i, of): number {
			if (of === last.of && i >= last.from && i < last.to) return last.to;
			let to = i;
			while (to < text.length && of(text.charCodeAt(to))) to++;
			last = { of, from: i, to };
			return to;
		},
		startsWord: (i) => i === 0 || !isAlnum(text.charCodeAt(i - 1)),
	};
}

/** Puts the markers in. Spans that overlap become one, named by the one that starts first. */
export function replaceSpans(f: Finder): string {
	const spans = f.spans.toSorted((a, b) => a.from - b.from);
	let out = "";
	let at = 0;
	for (let i = 0; i < spans.length; ) {
		const span = { ...(spans[i] as Span) };
		for (i++; i < spans.length && (spans[i] as Span).from < span.to; i++) {
			span.to = Math.max(span.to, (spans[i] as Span).to);
		}
		out += `${f.text.slice(at, span.from)}${MARKER}${span.rule}]`;
		at = span.to;
	}
	return out + f.text.slice(at);
}

/** Calls found with each place of part in text; found returns where to go on. */
export function eachPlace(text: string, part: string, found: (at: number) => number): void {
	for (let i = text.indexOf(part); i >= 0; i = text.indexOf(part, found(i)));
}

/** Says whether a character, given by its code, is of a class. */
export type CharClass = (c: number) => boolean;

export const isDigit: CharClass = (c) => c >= 48 && c <= 57;
export const isLower: CharClass = (c) => c >= 97 && c <= 122;
export const isUpper: CharClass = (c) => c >= 65 && c <= 90;
export const isAlnum: CharClass = (c) => isLower(c) || isUpper(c) || isDigit(c);
export const isUpperDigit: CharClass = (c) => isUpper(c) || isDigit(c);
export const isHex: CharClass = (c) => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
/** Blank or newline. */
export const isBlank: CharClass = (c) => c === 32 || c === 10;
/** ", ' or `. */
export const isQuote: CharClass = (c) => c === 34 || c === 39 || c === 96;
/** Letters, digits, _ and -: the alphabet of base64url. */
export const isToken: CharClass = (c) => isAlnum(c) || c === 95 || c === 45;
/** isToken and the dot. */
export const isDotted: CharClass = (c) => isToken(c) || c === 46;
/** What a bearer token or base64 may consist of. */
export const isCredential: CharClass = (c) => isDotted(c) || c === 126 || c === 43 || c === 47 || c === 61;

/** Folds ASCII letters to lower case and leaves every offset as it is. */
export function fold(s: string): string {
	return s.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Says that s consists of digits, or is empty. */
export function allDigits(s: string): boolean {
	return /^[0-9]*$/.test(s);
}

/** How much of a value is looked at, in bytes: it bounds the time that a text takes. */
const JUDGED_MAX = 512;

/**
 * Says that s does not look like a word or a name: it has 8 characters or
 * more, letters and digits; or 16 or more, in both cases; or a character that
 * only passwords have.
 */
export function random(s: string): boolean {
	const start = s.slice(0, JUDGED_MAX);
	const digit = /[0-9]/.test(start);
	const lower = /[a-z]/.test(start);
	const upper = /[A-Z]/.test(start);
	const odd = /[!@#$%^*+~?]/.test(start);
	const letter = lower || upper;
	return (s.length >= 8 && letter && digit) || (s.length >= 16 && lower && upper) || (s.length >= 6 && letter && odd);
}

const placeholders = new Set(
	(
		"true false null none nil undefined string required password secret token " +
		"redacted hidden sensitive value empty missing invalid changed unchanged"
	).split(" "),
);

/** Says that s stands for a secret and is none. */
export function placeholder(s: string): boolean {
	// The bullet is three bytes of UTF-8.
	if (/^[A-Z][A-Z_]*_[A-Z_]*$/.test(s)) return true;
	return /^(?:[*x.X]|\u00e2\u0080\u00a2)*$/.test(s) || /^[$<{[(%]/.test(s) || placeholders.has(fold(s));
}

/** Says that s is base64 of user:password. */
export function isUserAndPassword(s: string): boolean {
	const bare = s.slice(0, JUDGED_MAX).replace(/=+$/, "");
	if (bare.length < 6) return false;
	const whole = bare.slice(0, bare.length - (bare.length % 4));
	if (!/^[A-Za-z0-9+/]*$/.test(whole)) return false;
	return /^[ -~]*:[ -~]*$/.test(Buffer.from(whole, "base64").toString("latin1"));
}
