/**
 * Makes short, harmless text of what programs and tools say, by the rules of
 * Go's package redact: terminal escapes and control characters go, secrets
 * become [redacted:rule]. Both are tested with the same table of cases,
 * internal/redact/testdata/cases.json.
 */

import { choose } from "./cause.ts";
import { squeeze } from "./causetext.ts";
import { Finder, MARKER, replaceSpans } from "./finder.ts";
import { findCalls } from "./secretcalls.ts";
import { findEnvValues, type SecretValue, secretValues } from "./secretenv.ts";
import { findFlags } from "./secretflags.ts";
import { random } from "./secretjudge.ts";
import { findAccounts, findEncodedPEM, findPEM, findPuTTY, findVault } from "./secretkeys.ts";
import { findLinks } from "./secretlinks.ts";
import { findMessages, findRefused, findRepeated } from "./secretmessages.ts";
import { findObjects } from "./secretobjects.ts";
import { findPairs } from "./secretpairs.ts";
import { findHereStrings, findPiped, findPrograms, findSubstitutions } from "./secretprograms.ts";
import { findProtocol } from "./secretprotocol.ts";
import { findSpacedPairs } from "./secretspaced.ts";
import { findTokens } from "./secrettokens.ts";
import { findElements, findSchemes, findURLs, findWebhooks } from "./secreturls.ts";
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
	findPuTTY,
	findVault,
	findTokens,
	findAccounts,
	findURLs,
	findWebhooks,
	findLinks,
	findSchemes,
	findCalls,
	findObjects,
	findElements,
	findPairs,
	findSpacedPairs,
	findFlags,
	findPrograms,
	findPiped,
	findHereStrings,
	findSubstitutions,
	findProtocol,
	findMessages,
	findRefused,
	findRepeated,
];

/** Replaces the values and what the rules find in s. */
function secrets(s: string, values: SecretValue[]): string {
	return replace(s, (f) => {
		findEnvValues(f, values);
		for (const rule of rules) rule(f);
	});
}

/** Replaces what find finds in s. */
function replace(s: string, find: (f: Finder) => void): string {
	// One character per byte, as in Go, so that every length and offset agrees.
	const f = new Finder(Buffer.from(s, "utf8").toString("latin1"));
	find(f);
	return f.spans.length === 0 ? s : Buffer.from(replaceSpans(f), "latin1").toString("utf8");
}

/**
 * Makes s, a name, an id or a directory, fit to be written: terminal escapes
 * and control characters are removed, tokens that announce themselves become
 * [redacted:rule]. Key words and the values of variables are not looked for:
 * that would split what belongs together. Doing it twice changes nothing.
 */
export function field(s: string): string {
	let known = fields.get(s);
	if (known === undefined) {
		known = replace(strip(s).replaceAll("\n", " "), findTokens);
		if (fields.size >= MAX_FIELDS) fields.clear();
		fields.set(s, known);
	}
	return known;
}

/** Answers of field: the lines of a session repeat most of their names, ids and directories. */
const fields = new Map<string, string>();
const MAX_FIELDS = 256;

/** Makes s fit to be shown on one line. Doing it twice changes nothing. */
export function text(s: string): string {
	// First with its lines: a token may be wrapped.
	return secrets(secrets(strip(s), []).replaceAll("\n", " ").trim(), []);
}

/**
 * Makes the short error text of a failed run of what it wrote to stderr: at
 * most 200 characters on one line, redacted. Of a long text only the end
 * counts. It is the line that names the cause, then the place if a line of its
 * own tells it, then what follows, while there is room. "" when there is
 * nothing to say.
 */
export function summary(tail: string, env: Env): string {
	const end = tail.slice(-MAX_TAIL);
	const values = valuesOf(env);
	const whole = secrets(strip(end), values);
	// What has been cut goes last: it may announce the secret behind it.
	const lines = choose(Buffer.byteLength(end) >= RING_SIZE ? dropPartial(whole) : whole);
	return cutAt(secrets(join(lines), values)); // again: a value that JSON escapes is plain now
}

/**
 * Makes the short error text of what an error or the result of a tool says: it
 * is written for people, and its first line is the message. Of a long text
 * only the beginning counts. Length and redaction are those of summary. What
 * Pi's bash tool says is the output of a command, and is taken for one.
 */
export function message(said: string, env: Env): string {
	if (/\n(Command exited with code .*|Command timed out after .*|Command aborted)$/.test(said))
		return summary(said, env);
	const whole = secrets(strip(said.slice(0, MAX_TAIL)), valuesOf(env));
	return cutAt(join(whole.split("\n").map(squeeze).filter(Boolean)));
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

/** Puts the first line and those behind it that fit on one line. One that takes half the room or more stands alone. */
function join(lines: string[]): string {
	let joined = lines[0] ?? "";
	let room = MAX_SUMMARY - size(joined);
	if (room <= MAX_SUMMARY / 2) return joined;
	for (const line of lines.slice(1)) {
		room -= BETWEEN.length + size(line);
		if (room < 0) break;
		joined += BETWEEN + line;
	}
	return joined;
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
