/**
 * The words by which the lines of an output are ranked. Tables and rules are
 * those of Go's package redact (words.go); both are tested with the same
 * table, internal/redact/testdata/errors.jsonl. "low" is a text in lower case
 * (ASCII).
 */

import { cut, trimLeft, trimRight } from "./causetext.ts";
import * as table from "./rulestable.ts";

export { errorEnds, warningEnds } from "./rulestable.ts";

export const errorWords = new Set(table.errorWords);
export const noteWords = new Set(table.noteWords);
const { alarms } = table;

/** Says that a line tells of a failure. What it denies ("0 errors"), options and parts of paths do not count. */
export function alarming(low: string): boolean {
	let before = 32;
	for (let i = 0; i < low.length; i++) {
		const c = low.charCodeAt(i);
		if (((c >= 97 && c <= 122) || c >= 128) && before < 128 && !joined[before] && alarmAt(low, i, c)) return true;
		before = c;
	}
	return false;
}

/** The ASCII characters that make one name of what stands before and behind them: letters, digits, -/._=$. */
const joined = Array.from({ length: 128 }, (_, c) => /[a-zA-Z0-9\-/._=$]/.test(String.fromCharCode(c)));

function alarmAt(low: string, i: number, c: number): boolean {
	for (const word of alarms[c <= 122 ? c - 97 : 26] ?? []) {
		const whole = word.endsWith(" ") && low.length - i === word.length - 1 && low.startsWith(word.slice(0, -1), i);
		if (whole || low.startsWith(word, i)) return !denied(low, i);
	}
	return false;
}

/** Says that the word at i is counted as none: "0 errors", "errors: 0", "failures=0", "no errors". */
function denied(low: string, i: number): boolean {
	const word = /^[a-z()]*/.exec(low.slice(i, i + 24))?.[0] ?? "";
	const behind = low.slice(i + word.length, i + word.length + 32);
	if (/^[:=] ?0([^a-zA-Z0-9.]|$)/.test(behind)) return true;
	if (!/^(error|fail|conflict)/.test(word)) {
		const next = /^ *(error|fail|problem|warning|conflict|issue)/;
		return (word === "no" || word === "not") && next.test(behind);
	}
	const head = trimRight(low.slice(Math.max(i - 32, 0), i), " ");
	const number = trimRight(head, "0123456789");
	return (
		(number !== head && trimLeft(head.slice(number.length), "0") === "" && !/[a-zA-Z0-9]$/.test(number)) ||
		head.endsWith("without") ||
		head === "no" ||
		head.endsWith(" no")
	);
}

const consequences = [
	"aborting due to",
	"could not compile",
	"ld returned",
	"ld gab",
	"ld a retourn",
	"ld devolvi",
	"linker command failed",
	"warnings being treated as errors",
	"errors generated",
	"error generated",
	"returned non-zero",
	"returned a non-zero",
	"not recoverable",
	"previous error",
	"build failed",
	"compilation failed",
	"compilation terminated",
	"compilation aborted",
	"compilation errors",
	"build stopped",
	"subcommand failed",
	"failed to push some refs",
	"program will exit",
	"could not create the java",
	"errors found",
	"error(s) found",
	"fatal exception has occurred",
	"test failed",
	"tests failed",
	"*** [",
	"waiting for unfinished",
	"remade because of errors",
	"lifecycle script",
	"debugger mode",
	"decrypt_message",
	"failed with code",
	"aborted!",
	"rsync error: ",
	"connection unexpectedly closed",
	"process completed with",
	"due to previous errors",
	"empuje de algunas",
	"versenden einiger referenzen",
	"pousser des références",
	"command failed with",
	"error: command failed:",
	"could not read from remote repository",
	"compilation failure",
	"there are test failures",
	"did not complete successfully: exit code",
	"error executing command",
	"aborted due to parsing errors",
	"errors were emitted",
	"error splitting the argument list",
	"conversion failed!",
	" hunk ignored",
	" hunks ignored",
	" hunk failed --",
	" hunks failed --",
];

/** Says that a line tells only that something before it failed. */
export function consequence(low: string): boolean {
	return consequences.some((phrase) => low.includes(phrase));
}

/** Says that a line tells no more than the exit status. */
export function ended(low: string): boolean {
	for (const phrase of ["exit status", "exit code", "exited with", "exiting with", "exited code"]) {
		const [before, , found] = cut(low, phrase);
		if (!found) continue;
		const [head, rest, several] = cut(before, ": ");
		return !alarming(several && head === "error" ? rest : before);
	}
	return (
		low === "fail" ||
		low === "aborted" ||
		low === "aborted (core dumped)" ||
		(low.startsWith("fail ") && !low.includes(" > "))
	);
}

const sums = /^(found |failed \(|tests:|tests |test suites:|test files |snapshots:|total|result|summary)/;
const counts =
	/^[0-9]+ ((test|tests|compile|fatal|type|syntax|lint|suite|suites|file|files) )?(error|problem|failure|failed|failing|warning|issue|passing|passed|skipped)/;

/** Says that a line is a sum: "2 errors", "3 problems (3 errors)", "FAILED (failures=1)", "Tests: 1 failed". */
export function counted(low: string): boolean {
	if (sums.test(low) && hasDigit(low)) return true;
	const [name, rest, found] = cut(low, ": "); // "jq: 1 compile error"
	return counts.test(found && !name.includes(" ") ? rest : low);
}

/** How advice, progress and clean-up begin. */
const asides = [
	"try ",
	"see ",
	"run ",
	"use ",
	"use: ",
	"please ",
	"consider ",
	"check ",
	"make sure",
	"ensure ",
	"visit ",
	"read ",
	"did you mean",
	"perhaps ",
	"maybe ",
	"you can ",
	"you may ",
	"to see ",
	"to get ",
	"to fix",
	"to initialize",
	"to clone",
	"for more",
	"for help",
	"more info",
	"as a reminder",
	"learn more",
	"documentation",
	"a complete log",
	"full log",
	"log saved",
	"specify ",
	"add ",
	"install ",
	"set ",
	"note that",
	"updates were rejected",
	"is the server running",
	"the most similar",
	"similar ",
	"available ",
	"valid ",
	"some errors have",
	"and then",
	"or ",
	"done",
	"bye",
	"goodbye",
	"clean",
	"removing",
	"removed",
	"deleting",
	"deleted",
	"shutting down",
	"shutdown",
	"stopping",
	"stopped",
	"closing",
	"exiting",
	"finished",
	"finishing",
	"rolling back",
	"rolled back",
	"restoring",
	"restored",
	"terminating",
	"waiting",
	"elapsed",
	"duration",
	"time:",
	"took ",
	"ran ",
	"ok ",
	"pass ",
	"passed",
	"skipp",
	"summary",
	"(use ",
	"(see ",
	"(try ",
	"(run ",
	"saving",
	"saved",
	"created by ",
	"some details are",
	"required by ",
	"location searched",
	"rufen sie",
	"versuchen sie",
	"siehe ",
	"verwenden sie",
	"geben sie",
	"fertig",
	"essayez",
	"saisissez",
	"utilisez",
	"voir ",
	"pruebe",
	"utilice",
	"läuft der server",
	"le serveur est",
	"¿",
	"unpacking",
	"dload",
	"pseudo-terminal",
	"crash dump",
	"entering directory",
	"leaving directory",
	"what went wrong",
];

/** Says that a line advises, tells of progress or of clean-up, and of no failure. */
export function aside(low: string): boolean {
	const [name, rest, found] = cut(low, ": "); // "curl: try 'curl --help'"
	return asideHead(low) || (found && !name.includes(" ") && !rest.includes(": ") && asideHead(rest));
}

function asideHead(low: string): boolean {
	if (low === "ok" || low.endsWith("...") || low.endsWith("…")) return true;
	const head = asides.find((each) => low.startsWith(each));
	if (head === undefined) return false;
	const rest = low.slice(head.length);
	return !(
		/^(failed|error|of |timed out)/.test(rest) ||
		rest.endsWith(" failed") ||
		rest.includes(" failed: ") ||
		rest.includes("error:")
	);
}

/** The titles that begin a usage text. */
const sections = [
	"usage",
	"options",
	"flags",
	"global flags",
	"commands",
	"available commands",
	"arguments",
	"examples",
	"example",
	"synopsis",
	"aliases",
	"subcommands",
	"positional arguments",
	"optional arguments",
	"global options",
	"management commands",
	"args",
	"aufruf",
	"verwendung",
	"benutzung",
	"optionen",
	"utilisation",
	"uso",
	"modo de empleo",
	"opciones",
	"commandes",
];

/** Says that a line begins a usage text. */
export function usageTitle(low: string): boolean {
	return sections.some((title) => {
		if (!low.startsWith(title)) return false;
		const rest = trimLeft(low.slice(title.length), " ");
		return rest.startsWith(":") || (title === "usage" && rest.startsWith("of /"));
	});
}

export function hasDigit(s: string): boolean {
	return /[0-9]/.test(s);
}
