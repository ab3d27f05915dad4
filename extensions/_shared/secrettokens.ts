/** Redacts tokens that announce themselves. */

import { classes, eachIndex, eachMatch, type Finder, isCredential, isDotted, isToken, oneOf } from "./finder.ts";
import { type Shape, shapes, type WellKnown, wellKnown } from "./rulestable.ts";
import { counted, judged, jumbled, random } from "./secretjudge.ts";

/** The families by two bytes, those that their prefix begins with; the longest prefix comes first. */
const byStart: (WellKnown[] | undefined)[] = Array.from({ length: 1 << 16 });
for (const family of wellKnown) {
	const [prefix] = family;
	const first = prefix.charCodeAt(0) << 8;
	const seconds = prefix.length > 1 ? [prefix.charCodeAt(1)] : Array.from({ length: 256 }, (_, c) => c);
	for (const second of seconds) byStart[first | second] = [...(byStart[first | second] ?? []), family];
}

/** The recovery keys of BitLocker: eight groups of six digits. */
const bitLocker = /(?<![A-Za-z0-9_-])[0-9]{6}(?:-[0-9]{6}){7}(?![A-Za-z0-9_-])/g;

/** Finds what announces itself. */
export function findTokens(f: Finder): void {
	eachMatch(f.text, bitLocker, ({ 0: key, index }) => f.add(index, index + key.length, "bitlocker"));
	let start = f.text.charCodeAt(0);
	for (let i = 1; i < f.text.length; i++) {
		start = ((start << 8) | f.text.charCodeAt(i)) & 0xffff;
		const families = byStart[start];
		if (families !== undefined && f.startsWord(i - 1)) findPrefixed(f, families, i - 1);
	}
	for (const shape of shapes) findShaped(f, shape);
	findDiscord(f);
	findDevOps(f);
	findJWTs(f);
}

/** Looks for the prefixes of families at i. */
function findPrefixed(f: Finder, families: WellKnown[], i: number): void {
	for (const [prefix, alphabet, least, most, alone, rule] of families) {
		if (!f.text.startsWith(prefix, i)) continue;
		const body = i + prefix.length;
		let to = f.run(body, classes[alphabet] ?? isToken);
		while (to > body && f.text[to - 1] === ".") to--;
		const n = to - body;
		if (n < least || (most > 0 && n > most) || !holds(f.text.slice(body, to), alone)) continue;
		if (alone && within(f.text, i, to)) continue;
		f.add(i, to, rule);
		return;
	}
}

/**
 * Says that body is no word: it has a digit, or sixteen capitals and nothing else, or changes its case as no words do,
 * or, in a family whose prefix suffices, has both cases.
 */
function holds(body: string, alone: boolean): boolean {
	const n = counted(judged(body));
	if (alone && n.uppers < 2 && body.includes("-")) return false; // words
	if ((n.digits > 0 && n.lowers + n.uppers > 0) || (alone && jumbled(body))) return true;
	if (n.uppers >= 16 && n.uppers === body.length) return true;
	return (!alone && n.lowers > 0 && n.uppers * 5 >= n.lowers) || n.digits >= 10;
}

/** Says that text[from:to] is a part of longer base64, as of an image. */
function within(text: string, from: number, to: number): boolean {
	const around = 300;
	let first = from;
	let last = to;
	while (first > 0 && from - first < around && isCredential(text.charCodeAt(first - 1))) first--;
	while (last < text.length && last - to < around && isCredential(text.charCodeAt(last))) last++;
	const surrounding = text.slice(first, from) + text.slice(to, last);
	return surrounding.length >= around || surrounding.includes("+") || (last > to && text[last - 1] === "=");
}

/** Finds the tokens that a mark within gives away. */
function findShaped(f: Finder, [mark, starts, before, least, most, after, min, rule]: Shape): void {
	const isBefore = classes[before] ?? isToken;
	const isAfter = classes[after] ?? isToken;
	eachIndex(f.text, mark, (at) => {
		let from = at;
		while (from > 0 && at - from <= most && isBefore(f.text.charCodeAt(from - 1))) from--;
		const body = at + mark.length;
		const to = f.run(body, isAfter);
		const n = at - from;
		const found = n >= least && n <= most && to - body >= min && f.text.startsWith(starts, from);
		if (found && counted(judged(f.text.slice(from, to))).digits > 0) f.add(from, to, rule);
		return body;
	});
}

const discord = /(?<![\w.-])[MNO][\w-]{22,27}\.[\w-]{6,7}\.([\w.-]{27,40})(?![\w.-])/g;

/** Finds the tokens of Discord's bots: the base64 of a number, six or seven characters, 27 or more. */
function findDiscord(f: Finder): void {
	eachMatch(f.text, discord, (found) => {
		if (random(found[1] ?? "")) f.add(found.index, found.index + found[0].length, "discord");
	});
}

const devops = /(?<![A-Za-z0-9])[a-z2-7]{52}(?![A-Za-z0-9])/g;

/** Finds the older tokens of Azure DevOps: 52 characters of base32 in small letters. Nothing announces them. */
function findDevOps(f: Finder): void {
	eachMatch(f.text, devops, (found) => {
		const { digits } = counted(found[0]);
		if (digits >= 3 && digits < 26) f.add(found.index, found.index + found[0].length, "azure");
	});
}

/** Finds JSON web tokens: base64url of an object, a dot, and more of it, also over several lines. */
function findJWTs(f: Finder): void {
	eachIndex(f.text, "eyJ", (from) => {
		const head = f.run(from, isToken);
		let to = f.run(from, isDotted);
		if (f.startsWord(from) && head - from >= 10) {
			const whole = wrapped(f, from, to);
			const body = f.text.slice(from, whole).indexOf(".");
			if ((body >= 10 && whole - from - body > 10) || f.text.startsWith("eyJhbGciOi", from)) {
				to = whole;
				f.add(from, to, "jwt");
			}
		}
		return Math.max(to, from + 3);
	});
}

/** How many bytes a token may have on the lines behind its first. */
const WRAPPED_MAX = 4096;

const isJoint = oneOf("\"'`\\+ ,|");
const isMargin = oneOf(" |>\"'`");

/**
 * Returns where what stands before from in its line, such as a moment or the name of a service, ends in the line at i,
 * its digits being others; i if that begins otherwise.
 */
function likeBefore(text: string, from: number, i: number): number {
	const before = /[^\n]*$/.exec(text.slice(Math.max(from - 48, 0), from))?.[0] ?? "";
	const behind = text.slice(i, i + before.length);
	return before.replace(/[0-9]/g, "0") === behind.replace(/[0-9]/g, "0") ? i + before.length : i;
}

/**
 * Returns the end of the token text[from:to] when it goes on in the lines that
 * follow: each is one word of such characters.
 */
function wrapped(f: Finder, from: number, end: number): number {
	let to = end;
	let dots = dotsIn(f.text.slice(from, to));
	for (const limit = to + WRAPPED_MAX; to < f.text.length && to < limit; ) {
		let newline = f.runMax(to, 4, isJoint);
		if (newline > to && f.text.startsWith("r\\n", newline)) newline += 2; // escaped
		if (f.text[newline] !== "\n" && (f.text[newline] !== "n" || f.text[newline - 1] !== "\\")) return to;
		const first = f.run(likeBefore(f.text, from, newline + 1), isMargin);
		const last = f.run(first, isDotted);
		const word = f.text.slice(first, last);
		const behind = last === f.text.length || "\n\\\"'`,;+| ".includes(f.text[last] ?? "-");
		const n = counted(judged(word));
		if (word === "" || word.length > WRAPPED_MAX) return to;
		if (!behind && !(dots < 2 && word.length >= 16)) return to;
		if (dots >= 2 && ((n.digits === 0 && n.uppers === 0) || word.includes("."))) return to;
		dots += dotsIn(word);
		to = last;
	}
	return to;
}

const dotsIn = (s: string): number => s.split(".").length - 1;
