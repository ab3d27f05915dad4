/**
 * Makes short, harmless text of what programs and tools say, by the rules of
 * Go's package redact: terminal escapes and control characters go, secrets
 * become [redacted:rule]. Both are tested with the same table of cases,
 * internal/redact/testdata/cases.json.
 */

import { type Finder, MARKER, newFinder, random, replaceSpans } from "./finder.ts";
import { findEnvValues, type SecretValue, secretValues } from "./secretenv.ts";
import { findFlags, findPairs } from "./secretpairs.ts";
import { findEncodedPEM, findPEM, findSchemes, findURLs, findWebhooks } from "./secretrules.ts";
import { findJWTs, findTokens } from "./secrettokens.ts";
import { strip } from "./strip.ts";

type Env = Record<string, string | undefined>;

/** The size of a tail in bytes from which on its first line is taken for a partial one. */
const RING_SIZE = 4096;

/** How much of a text is looked at, in UTF-16 units from its end: Pi waits meanwhile. */
const MAX_TAIL = 1 << 16;

/** The longest summary in characters. */
const MAX_SUMMARY = 200;

/** What separates the lines in a summary. */
const BETWEEN = " | ";

const rules: ((f: Finder) => void)[] = [
	findPEM,
	findEncodedPEM,
	findTokens,
	findJWTs,
	findURLs,
	findWebhooks,
	findSchemes,
	findPairs,
	findFlags,
];

/** Replaces the values and what the rules find in s. */
function secrets(s: string, values: SecretValue[]): string {
	// One character per byte, as in Go, so that every length and offset agrees.
	const f = newFinder(Buffer.from(s, "utf8").toString("latin1"));
	findEnvValues(f, values);
	for (const rule of rules) rule(f);
	return f.spans.length === 0 ? s : Buffer.from(replaceSpans(f), "latin1").toString("utf8");
}

/** Makes s fit to be shown on one line. Doing it twice changes nothing. */
export function text(s: string): string {
	return secrets(strip(s).replaceAll("\n", " ").trim(), []);
}

/**
 * Makes the short error text of a failed run: at most 200 characters on one
 * line, redacted. Of a long text only the end counts. It is the last line that
 * sounds like an error, or else the last line; lines before it that sound so
 * too, then lines after it, are added while there is room. "" when there is
 * nothing to say.
 */
export function summary(tail: string, env: Env): string {
	const end = tail.slice(-MAX_TAIL);
	const whole = secrets(strip(end), valuesOf(env));
	// What has been cut goes last: it may announce the secret behind it.
	const lines = (Buffer.byteLength(end) >= RING_SIZE ? dropPartial(whole) : whole)
		.split("\n")
		.map((line) => line.trim().replace(/\s+/g, " "))
		.filter(Boolean);
	return lines.length === 0 ? "" : cutAt(choose(lines).join(BETWEEN));
}

/** How long the values of an environment are remembered, in milliseconds: reading all of it takes a while. */
const REMEMBER = 1000;

let remembered: { env: Env; until: number; values: SecretValue[] } | undefined;

function valuesOf(env: Env): SecretValue[] {
	const now = performance.now();
	if (remembered?.env !== env || now > remembered.until) {
		remembered = { env, until: now + REMEMBER, values: secretValues(env) };
	}
	return remembered.values;
}

/**
 * Removes the first line, which the ring has cut, or, when it is the only one,
 * its first word, and the next if that may be a secret that the first one
 * announced.
 */
function dropPartial(s: string): string {
	const line = s.indexOf("\n");
	if (line >= 0 && s.slice(line).trim() !== "") return s.slice(line + 1);
	const rest = afterBlank(s).replace(/^ +/, "");
	return random(rest.split(" ", 1)[0] ?? "") ? afterBlank(rest) : rest;
}

/** Returns what stands behind the first blank. */
function afterBlank(s: string): string {
	const blank = s.indexOf(" ");
	return blank < 0 ? "" : s.slice(blank + 1);
}

/** Counts characters, not UTF-16 units. */
function size(s: string): number {
	let n = s.length;
	for (let i = 0; i < s.length; i++) if ((s.charCodeAt(i) & 0xfc00) === 0xdc00) n--;
	return n;
}

/** Picks the lines of a summary. */
function choose(lines: string[]): string[] {
	const line = (i: number): string => lines[i] ?? "";
	let first = lines.length - 1;
	for (let i = first; i >= 0; i--) {
		if (alarming(line(i))) {
			first = i;
			break;
		}
	}
	let room = MAX_SUMMARY - size(line(first));
	const fits = (s: string): boolean => {
		const need = BETWEEN.length + size(s);
		if (need > room) return false;
		room -= need;
		return true;
	};
	let from = first;
	let to = first + 1;
	while (from > 0 && alarming(line(from - 1)) && fits(line(from - 1))) from--;
	while (to < lines.length && fits(line(to))) to++;
	return lines.slice(from, to);
}

const alarms =
	/error|fatal|panic|exception|fail|denied|refused|not found|no such|cannot|can't|could not|unable|invalid|timed out|timeout|killed|abort|unexpected|missing|segmentation/i;

/** Says that a line sounds like an error. */
function alarming(line: string): boolean {
	return alarms.test(line);
}

/** Cuts s to MAX_SUMMARY characters, the last one then being an ellipsis. A marker is never cut in two. */
function cutAt(s: string): string {
	if (size(s) <= MAX_SUMMARY) return s;
	let cut = Array.from(s)
		.slice(0, MAX_SUMMARY - 1)
		.join("");
	const open = cut.lastIndexOf("[");
	const rest = cut.slice(open);
	if (open >= 0 && (MARKER.startsWith(rest) || (rest.startsWith(MARKER) && !rest.includes("]"))))
		cut = cut.slice(0, open);
	return `${cut.replace(/[ |]+$/, "")}…`;
}
