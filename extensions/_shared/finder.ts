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

/** A text and what has been found in it. */
export class Finder {
	readonly text: string;
	readonly spans: Span[] = [];
	// Where the characters of one class stand together, as last looked for:
	// many calls that each read to the end of the text would take quadratic time.
	#of: CharClass | undefined;
	#from = 0;
	#to = 0;

	constructor(text: string) {
		this.text = text;
	}

	/** Marks text[from:to], unless it has been replaced already. */
	add(from: number, to: number, rule: string): void {
		if (from < to && !replaced(this.text, from)) this.spans.push({ from, to, rule });
	}

	/** Returns the end of the longest stretch from i on whose characters are all of the class. */
	run(i: number, of: CharClass): number {
		if (of === this.#of && i >= this.#from && i < this.#to) return this.#to;
		const to = this.runMax(i, this.text.length, of);
		this.#of = of;
		this.#from = i;
		this.#to = to;
		return to;
	}

	/** As run, over at most n characters. */
	runMax(i: number, n: number, of: CharClass): number {
		const { text } = this;
		const end = Math.min(i + n, text.length);
		let to = i;
		while (to < end && of(text.charCodeAt(to))) to++;
		return to;
	}

	/** Says that no letter or digit stands before i, but for an escape. */
	startsWord(i: number): boolean {
		return i === 0 || !isAlnum(this.text.charCodeAt(i - 1)) || escapeBefore(this.text, i);
	}

	/** Says that only what quotes or lists a line stands before i in it. */
	atLineStart(i: number): boolean {
		let at = i;
		let numbered = false;
		while (at > 0 && " -+>|#*\"'`".includes(this.text[at - 1] ?? "")) {
			at--;
			numbered ||= this.text[at] === "|";
		}
		while (numbered && at > 0 && "0123456789 >".includes(this.text[at - 1] ?? "-")) at--; // 12 | text
		return at === 0 || this.text[at - 1] === "\n";
	}

	/** Says that nothing but a comment follows in the line from i on. */
	endsLine(i: number): boolean {
		const at = this.run(i, isGap);
		return at === this.text.length || this.text[at] === "\n" || (this.text[at] === "#" && this.text[at - 1] === " ");
	}
}

const isGap: CharClass = (c) => c === 32 || c === 44 || c === 59;

/** Says that i lies in a marker. */
function replaced(text: string, i: number): boolean {
	const longest = MARKER.length + 16;
	const before = text.slice(Math.max(i - longest, 0), i + MARKER.length);
	const k = before.lastIndexOf(MARKER);
	return k >= 0 && !before.slice(k, Math.max(k, before.length - MARKER.length)).includes("]");
}

/** Says that an escape ends at i: \n, \t, \u0022, %20. */
export function escapeBefore(text: string, i: number): boolean {
	if (i > 1 && text[i - 2] === "\\" && "nrt".includes(text[i - 1] ?? "-")) return true;
	if (i > 2 && text[i - 3] === "%" && /^[0-9A-Fa-f]{2}$/.test(text.slice(i - 2, i))) return true;
	return i > 5 && /^\\u[0-9A-Fa-f]{4}$/.test(text.slice(i - 6, i));
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
export function eachIndex(text: string, part: string, found: (at: number) => number): void {
	for (let i = text.indexOf(part); i >= 0; i = text.indexOf(part, found(i)));
}

/** Calls found with each match of a global pattern; matchAll would copy the pattern first. */
export function eachMatch(text: string, pattern: RegExp, found: (match: RegExpExecArray) => void): void {
	pattern.lastIndex = 0;
	for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) found(match);
}

/** Says whether a character, given by its code, is of a class. */
export type CharClass = (c: number) => boolean;

export const isDigit: CharClass = (c) => c >= 48 && c <= 57;
export const isLower: CharClass = (c) => c >= 97 && c <= 122;
export const isUpper: CharClass = (c) => c >= 65 && c <= 90;
export const isAlnum: CharClass = (c) => isLower(c) || isUpper(c) || isDigit(c);
export const isUpperDigit: CharClass = (c) => isUpper(c) || isDigit(c);
export const isUpperDigitDash: CharClass = (c) => isUpperDigit(c) || c === 45;
export const isLowerDigit: CharClass = (c) => isLower(c) || isDigit(c);
export const isUpperHex: CharClass = (c) => isDigit(c) || (c >= 65 && c <= 70);
export const isHex: CharClass = (c) => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
export const isSpace: CharClass = (c) => c === 32;
/** Blank or newline. */
export const isBlank: CharClass = (c) => c === 32 || c === 10;
/** ", ' or `. */
export const isQuote: CharClass = (c) => c === 34 || c === 39 || c === 96;
export const isBackslash: CharClass = (c) => c === 92;
/** Letters, digits, _ and -: the alphabet of base64url. */
export const isToken: CharClass = (c) => isAlnum(c) || c === 95 || c === 45;
/** isToken and the dot. */
export const isDotted: CharClass = (c) => isToken(c) || c === 46;
/** What a bearer token or base64 may consist of. */
export const isCredential: CharClass = (c) => isDotted(c) || c === 126 || c === 43 || c === 47 || c === 61;
export const isCredentialPercent: CharClass = (c) => isCredential(c) || c === 37;
/** The alphabet of Azure's client secrets. */
export const isAzuread: CharClass = (c) => isDotted(c) || c === 126;
/** What a hashed password may consist of. */
export const isCrypt: CharClass = (c) => isCredential(c) || c === 36 || c === 44 || c === 58;
/** Neither blank nor quote. */
export const isBare: CharClass = (c) => !isBlank(c) && !isQuote(c);
export const isLine: CharClass = (c) => c !== 10;

/** The classes by the names that the table gives them. */
export const classes: Record<string, CharClass> = {
	isDigit,
	isAlnum,
	isUpperDigit,
	isUpperDigitDash,
	isLowerDigit,
	isUpperHex,
	isHex,
	isToken,
	isDotted,
	isCredential,
	isCredentialPercent,
	isAzuread,
	isCrypt,
};

/** Returns the class of the characters of chars. */
export function oneOf(chars: string): CharClass {
	const codes = new Set(Array.from(chars, (c) => c.charCodeAt(0)));
	return (c) => codes.has(c);
}

/** Folds ASCII letters to lower case and leaves every offset as it is. */
export function fold(s: string): string {
	if (!/[A-Z]/.test(s)) return s;
	return /[\x80-\uffff]/.test(s) ? s.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : s.toLowerCase();
}
