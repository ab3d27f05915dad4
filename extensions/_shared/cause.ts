/**
 * Finds the line of an output that names why a program failed, by the rules of
 * Go's package redact (cause.go, line.go). Both are tested with the same
 * table, internal/redact/testdata/errors.jsonl.
 */

import { labelled } from "./causelabel.ts";
import {
	frame,
	isLocation,
	located,
	npmUsage,
	option,
	queued,
	quoted,
	undecorate,
	unwrapped,
	wordy,
} from "./causeline.ts";
import { type Level, labelFirst, logged } from "./causelog.ts";
import { cut, fold, squeeze, trimLeft } from "./causetext.ts";
import { alarming, aside, consequence, counted, ended, hasDigit, usageTitle } from "./causewords.ts";

/** How much a line tells of why a program failed; see Go's rank. */
const NOISE = 0;
const INFO = 1;
const OUTCOME = 2;
const WARNING = 3;
const PLAIN = 4;
const ALARM = 5;
const DECLARED = 6;

const ranks: Record<Level, number> = { error: DECLARED, warning: WARNING, info: INFO };

/** One line of an output; the fields are those of Go's line. */
interface Line {
	text: string;
	rank: number;
	raw: string;
	indent: boolean;
	location: boolean;
	head: boolean;
	parts: boolean;
	where: string;
}

function newLine(text: string, raw = ""): Line {
	return { text, raw, rank: NOISE, indent: raw.startsWith(" "), location: false, head: false, parts: false, where: "" };
}

/**
 * Picks the lines of a summary of text: the cause, its place, then what comes
 * behind. The cause is the first line of the highest rank in the last group of
 * such lines; of plain lines and those below it is the last.
 */
export function choose(text: string): string[] {
	const reader = new Reader();
	for (const raw of text.split("\n")) reader.add(raw);
	const lines = reader.lines;
	let best = lines[0];
	if (!best) return [];
	let at = 0;
	let apart = false;
	lines.forEach((l, i) => {
		if (i === 0 || !best) return;
		if (l.rank > best.rank || (l.rank === best.rank && (apart || l.rank <= PLAIN || l.parts))) {
			best = l;
			at = i;
			apart = false;
		} else if (l.rank < best.rank) {
			apart ||= l.parts || (l.rank === PLAIN && !l.indent);
		}
	});
	if (best.rank === NOISE && best.text === "") return [];
	const texts = [best.text];
	const rest = lines.slice(at + 1);
	if (best.where) texts.push(best.where);
	else if (rest[0]?.location) texts.push(rest[0].text);
	for (const l of rest) {
		if (l.rank >= PLAIN || (best.rank <= PLAIN && l.rank === OUTCOME)) texts.push(l.text);
	}
	return texts;
}

const TRACEBACK = "Traceback (most recent call last):";

/** Ranks one line after the other; the fields are those of Go's reader. */
class Reader {
	readonly lines: Line[] = [];
	#usage = false;
	#trace = false;
	#stack = false;
	#warned = false;
	#frame = "";
	#code = "";

	/** Ranks a line. One that is empty or belongs to the line before it adds none. */
	add(raw: string): void {
		const l = newLine(squeeze(raw), raw);
		if (l.text === "") return;
		const last = this.lines.at(-1);
		if (/[\^~]/.test(l.text) && /^[\^~\-| ┬─╰│0-9]*$/.test(l.text)) {
			// It points into the line before, which is source code then.
			if (last && last.rank < DECLARED) last.rank = NOISE;
			return;
		}
		if (this.#tracing(l)) return;
		if (last?.head && l.text.startsWith("{") && l.text.endsWith(">:")) return; // the rest of a thread's name, sbcl
		this.#classify(l);
		if (last && overruled(last, l)) {
			last.rank = INFO;
			l.rank = DECLARED;
			l.where = last.where;
		}
		if (last?.head && (l.rank >= WARNING || (l.rank === INFO && l.indent)) && !l.head) {
			// The message of the line before, which becomes its place.
			last.head = false;
			last.rank = NOISE;
			l.rank = DECLARED;
			l.where = last.text.replace(/:$/, "");
			l.parts ||= l.where.includes(".php line "); // the next exception is what caused this one
		}
		this.lines.push(l);
	}

	/** Takes the lines of a traceback of Python. The first one that is not indented is the message. */
	#tracing(l: Line): boolean {
		const bar = trimLeft(l.raw, " ");
		if (this.#trace && bar.startsWith("| ")) {
			l.text = trimLeft(l.text.slice(1), " "); // an exception group
			l.indent = bar[2] === " ";
		}
		if (l.text.endsWith(TRACEBACK)) {
			this.#trace = true;
			this.#frame = "";
			this.#code = "";
			// A log's ERROR goes on with its traceback.
			this.lines.push({ ...newLine(l.text), parts: this.lines.at(-1)?.rank !== DECLARED });
		} else if (!this.#trace) {
			return false;
		} else if (l.text.startsWith('File "')) {
			this.#frame = frame(l.text);
			this.#code = "";
		} else if (l.indent) {
			this.#code ||= l.text;
		} else {
			this.#trace = false;
			l.rank = DECLARED;
			l.where = this.#frame;
			const low = fold(l.text);
			if (consequence(low) || ended(low)) l.rank = OUTCOME;
			else if (!l.text.includes(":") && this.#code) l.where += ` | ${this.#code}`;
			this.lines.push(l);
		}
		return true;
	}

	/** Ranks a line by what it says. */
	#classify(l: Line): void {
		const boxed = l.text.startsWith("│");
		this.#warned &&= boxed;
		const [text, mark] = undecorate(unwrapped(l.text), l.raw);
		l.text = text;
		const low = fold(text);
		if (!wordy(text) || quoted(text, low) || this.#framed(l, low)) return;
		if (isLocation(text)) {
			l.location = true;
			return;
		}
		if (usageTitle(low) || npmUsage(low)) {
			this.#usage = true;
			return;
		}
		if (this.#usage && low.startsWith("npm err")) return;
		if (mark === "✓") {
			l.rank = INFO;
			return;
		}
		label(l, text, low, mark);
		this.#warned ||= boxed && l.rank === WARNING;
		const more = this.#warned || (l.indent && this.lines.at(-1)?.rank === WARNING);
		if (more && l.rank < DECLARED && l.rank !== WARNING) l.rank = INFO;
		if (this.#usage && l.rank < DECLARED && (l.indent || l.rank < ALARM || option(text))) l.rank = NOISE;
		if ((l.rank >= ALARM && consequence(low)) || (l.rank > OUTCOME && (ended(low) || counted(low)))) {
			l.rank = OUTCOME;
			l.head ||= low.endsWith("occurred:");
		}
	}

	/** Says that a line belongs to a list of frames. */
	#framed(l: Line, low: string): boolean {
		if (stackTitles.test(low)) {
			this.#stack = true;
			return true;
		}
		if (this.#stack && !low.startsWith("[cause]") && (l.indent || /^([0-9#"]|- )/.test(low))) return true;
		this.#stack = false;
		if (l.text.startsWith("at ")) {
			this.#stack = low.endsWith("{"); // Node's members of the error
			return this.#stack || low.endsWith(")") || hasDigit(low);
		}
		if (l.text.startsWith("from ")) return l.indent && low.includes(":in ");
		if (/^(File "|#0 |created by |\.\.\. )/.test(l.text)) return true;
		// Go: main.f(...), testing.tRunner.func1.2({0x55a740, 0x6caea0})
		const [name, args, found] = cut(l.text, "(");
		if (found && args.endsWith(")") && name.includes(".") && !name.includes(" ")) {
			if (args === ")" || args === "...)" || args.includes("0x")) return true;
		}
		return l.indent && low.includes(" +0x");
	}
}

/**
 * Says that l, rather than the line before it, is the message of a test of Go
 * that failed: what a test logs before its error looks alike.
 */
function overruled(last: Line, l: Line): boolean {
	const low = fold(last.text);
	const told = alarming(low) || low.includes("got") || low.includes("want");
	return last.where.startsWith("--- FAIL: ") && !told && l.indent && located(fold(l.text));
}

const stackTitles =
	/^(stack backtrace:|stack traceback:|stack trace:|backtrace:|require stack:|backtrace for|while executing|invoked from within)/;

/** Ranks a line by its level, its label or its words. */
function label(l: Line, text: string, low: string, mark: string): void {
	if (queued.test(text)) {
		l.rank = ALARM;
		return;
	}
	let said = logged(text);
	if (said) {
		level(l, said[0], said[1]);
		l.parts = said[0] === "info";
		if (wordy(said[1]) && !labelFirst(low)) l.text = said[1];
		return;
	}
	said = labelled(text, low);
	if (said) {
		level(l, said[0], said[1]);
		l.head ||= low.startsWith("unhandled ") && low.includes(" in thread #<"); // sbcl
		return;
	}
	l.rank = mark === "✖" ? DECLARED : wording(low, l.indent);
	if (mark === "✖" && !alarming(low) && !l.raw.startsWith("E ")) l.rank = ALARM; // the name of what failed
	l.head = announces(text, low);
}

/** Takes what a log or a label says of the line. rest is the text behind. */
function level(l: Line, said: Level, rest: string): void {
	l.rank = ranks[said];
	if (said !== "error") return;
	const low = fold(rest);
	const place = /^(at|in) /.test(low) && (low.endsWith(":") || low.split(" ").length < 4);
	if (rest === "" || place) {
		l.rank = OUTCOME;
		l.head = true;
	} else if (aside(low) && !alarming(low)) {
		l.rank = INFO;
	} else if (!rest.includes(" ") && /[./]/.test(rest)) {
		l.rank = OUTCOME; // "ERROR test_a.py"
	}
}

/** Ranks a line that has no label. */
function wording(low: string, indent: boolean): number {
	if (aside(low)) return INFO;
	if (alarming(low) && !low.startsWith("total")) return ALARM;
	if (low.endsWith(":") || low.startsWith("- ")) return INFO;
	if (located(low) && low.includes(" ")) return ALARM;
	return indent ? INFO : PLAIN;
}

/** Says that a line is followed by the message that it announces. */
function announces(text: string, low: string): boolean {
	return (
		low === "error" ||
		low.startsWith("terminate called ") ||
		(low.startsWith("thread '") && low.includes(" panicked at ") && low.endsWith(":")) ||
		text.startsWith("--- FAIL: ") ||
		(text.startsWith("FAIL") && text.includes(" > ")) ||
		/^[0-9]+\) (?!.*: ).*::/.test(text) || // PHPUnit: 1) ATest::testB
		(low.startsWith("in ") && low.includes(".php line ") && low.endsWith(":")) ||
		low.endsWith("aborted!")
	);
}
