/** Labels in front of messages; the rules are those of Go's package redact (label.go). */

import type { Level, Said } from "./causelog.ts";
import { cut, fold, trimLeft, trimRight } from "./causetext.ts";
import { alarming, aside, errorEnds, errorWords, hasDigit, noteWords, usageTitle, warningEnds } from "./causewords.ts";

/**
 * Finds what a line says itself to be in front of one of its first colons, and
 * the text behind: "make: error: …", "a.c:1:20: error: …",
 * "java.io.IOException: …", "error[E0308]: …", "Fehler: …".
 */
export function labelled(text: string, low: string): Said {
	let start = 0;
	for (let n = 0; n < 6; n++) {
		let colon = low.indexOf(":", start);
		if (colon < 0) break;
		const segment = low.slice(start, colon).trim();
		if (segment.split(" ").length > 9) break;
		const level = labelOf(segment);
		if (level && !low.startsWith("//", colon + 1)) {
			// CMake Error at CMakeLists.txt:3 (message):
			if (segment.includes("error at ")) colon = low.lastIndexOf(":");
			return [level, trimLeft(text.slice(colon + 1), " ")];
		}
		start = colon + 1;
	}
	return unpunctuated(text, low);
}

/** Judges the words in front of a colon by the last one, brackets and codes aside, or by the first. */
function labelOf(whole: string): Level | undefined {
	let segment = whole;
	while (segment.endsWith("]") || segment.endsWith(")")) {
		const open = Math.max(segment.lastIndexOf("["), segment.lastIndexOf("("));
		if (open < 0) break;
		const level = levelOf(segment.slice(open + 1, -1));
		if (level) return level;
		segment = trimRight(segment.slice(0, open), " ");
	}
	const blank = segment.lastIndexOf(" ");
	if (blank < 0) return levelOf(segment);
	const [first, rest] = cut(segment, " ");
	if (["error", "exception", "fatal", "unhandled", "uncaught"].includes(first)) return "error";
	let last = segment.slice(blank + 1);
	if (hasDigit(last)) {
		last = trimRight(segment.slice(0, blank), " ");
		last = last.slice(last.lastIndexOf(" ") + 1);
	}
	if (rest.startsWith("error at ") || rest.startsWith("error in ")) return "error"; // CMake Error at CMakeLists.txt:3
	return levelOf(last);
}

/** Judges one word. */
function levelOf(word: string): Level | undefined {
	const name = word.slice(Math.max(...[".", "`", "'", '"', "/"].map((c) => word.lastIndexOf(c))) + 1);
	if (errorEnds.some((end) => name.endsWith(end)) || errorWords.has(name)) return "error";
	if (warningEnds.some((end) => name.endsWith(end))) return "warning";
	return noteWords.has(name) ? "info" : undefined;
}

const heads: [string, Level][] = [
	["npm warn ", "warning"],
	["warning ", "warning"],
	["warn ", "warning"],
	["uncaught ", "error"],
	["unhandled ", "error"],
	["err_", "error"],
	["conflict (", "error"],
	["konflikt (", "error"],
	["conflit (", "error"],
	["conflicto (", "error"],
	["[rejected]", "error"],
	["[remote rejected]", "error"],
	["not ok ", "error"],
	["(runtimeerror)", "error"],
	["exception in ", "error"],
	["error! ", "error"],
	["what(): ", "error"],
	["caused by", "error"],
];

/** Finds a label that no colon follows. */
function unpunctuated(text: string, low: string): Said {
	for (const [head, level] of heads) {
		if (low.startsWith(head)) return [level, text.slice(head.length)];
	}
	for (const head of ["npm error", "npm err!", "error ", "fatal "]) {
		if (low.startsWith(head)) return bare(trimLeft(text.slice(head.length), " "), head);
	}
	if (text.startsWith("FAILED ") && text.includes(" - ")) return ["error", text.slice("FAILED ".length)];
	if (text.startsWith("(")) {
		const [name, rest, found] = cut(low.slice(1), ")");
		// elixir
		if (found && errorEnds.some((end) => name.endsWith(end))) return ["error", text.slice(low.length - rest.length)];
	}
	if (text.endsWith("Error)") || text.endsWith("Exception)")) return ["error", text];
	const [place, behind] = cut(low, " ");
	if (behind && place.includes(":") && hasDigit(place)) {
		const [word, rest] = cut(behind, " "); // eslint: 1:5 error 'a' is not used
		const level = levelOf(word);
		if (level) return [level, text.slice(low.length - rest.length)];
	}
	return undefined;
}

/**
 * Judges what follows "error" without a colon: of npm's lines those that tell
 * of a failure, of others those that begin like a sentence.
 */
function bare(rest: string, head: string): Said {
	if (head.startsWith("npm")) {
		let low = fold(rest);
		const [word, more] = cut(low, " ");
		if (hasDigit(word) || isCode(word)) low = more;
		if (usageTitle(low) || aside(low) || /^-[^ ]/.test(rest)) return ["info", rest];
		return [alarming(low) ? "error" : "info", rest];
	}
	return /^[A-Z"'`]/.test(rest) ? ["error", rest] : undefined;
}

/** Says that a word is the name of an errno: enoent, eresolve. */
function isCode(word: string): boolean {
	return word.length > 4 && word.startsWith("e") && !["error", "either", "every"].includes(word);
}
