/** Redacts the values of options whose names promise a secret. */

import { escapeBefore, type Finder, isBare, isBlank, isDotted, isQuote, MARKER, oneOf } from "./finder.ts";
import {
	allDigits,
	counted,
	identifier,
	isPath,
	isUsageWord,
	JUDGED_MAX,
	judged,
	mixed,
	named,
	placeholder,
	random,
	sentence,
} from "./secretjudge.ts";
import { isPin } from "./secretothers.ts";
import { nextArgument } from "./secretprograms.ts";
import { isUserPassword } from "./secretvalues.ts";
import { classify } from "./secretwords.ts";

/** Finds --token X, --password X and their kind, and the user:password of -u and --user. */
export function findFlags(f: Finder): void {
	const { text } = f;
	for (let dash = text.indexOf("-"); dash >= 0; ) {
		const end = f.run(dash, isDotted);
		const name = text.slice(dash, end);
		const starts = dash === 0 || !isBare(text.charCodeAt(dash - 1)) || escapeBefore(text, dash);
		if (starts && name.length === 2) findBesideUser(f, dash, end);
		if (starts && ((isUserFlag(name) && text[end] === "=") || endsFlag(text, end))) findFlagValue(f, name, end);
		dash = text.indexOf("-", Math.max(end, dash + 1));
	}
}

const userBefore = / (?:-u|-U|--user|--username|-user|-username) | [-/]u:| --user(?:name)?=/;
const elsewhere = /docker |podman |nerdctl |ssh /;

/**
 * Judges the value of -p, which is a password where the same command has a -u before: -u bob -p X, and /u:bob -p:X of
 * Windows.
 */
function findBesideUser(f: Finder, dash: number, end: number): void {
	const { text } = f;
	if (!"pPw".includes(text[dash + 1] ?? "-") || !" :".includes(text[end] ?? "-")) return;
	const before = /[^\n|;&]*$/.exec(text.slice(Math.max(dash - JUDGED_MAX, 0), dash))?.[0] ?? "";
	if (!userBefore.test(before) || elsewhere.test(before)) return;
	const argument = nextArgument(text, end + 1, Math.min(end + JUDGED_MAX, text.length));
	if (argument === undefined) return;
	const v = text.slice(argument.from, argument.to);
	if (!mixed(v) && (v.length < 6 || counted(v).odd === 0)) return;
	if (/[/:]/.test(v) || v[0] === "-" || placeholder(v) || v.split(".").length > 2 || v.startsWith(MARKER)) return;
	f.add(argument.from, argument.to, "flag");
}

const isUserFlag = (name: string): boolean => name === "-u" || name === "--user" || name === "--proxy-user";

/** Says that at i an option ends whose value follows: in a command line or in a list of arguments. */
function endsFlag(text: string, i: number): boolean {
	if (text[i] === " ") return true;
	if (!isQuote(text.charCodeAt(i))) return false;
	return text[i + 1] === "," || (text[i + 1] === " " && isQuote(text.charCodeAt(i + 2)));
}

const isBetween = oneOf(" ,=\"'`");

/** Judges the value of the option name, which ends at end. */
function findFlagValue(f: Finder, name: string, end: number): void {
	const { text } = f;
	let from = f.run(end, isBetween);
	if (text.startsWith("\\\n", from)) from = f.run(from + 2, isBlank);
	let to = f.run(from, isBare);
	const quote = text.charCodeAt(from - 1);
	if (from < text.length && isQuote(quote) && (from - end === 2 || from - end === 1)) {
		const close = f.run(from, (c) => c !== quote && c !== 10);
		if (close < text.length && text[close] !== "\n") to = close;
	}
	const v = text.slice(from, to);
	if (placeholder(v) || /^\(?-/.test(v) || v.startsWith(MARKER)) return;
	const colon = v.indexOf(":");
	const user = v.slice(0, Math.max(colon, 0));
	const secret = v.slice(colon + 1);
	if (isUserFlag(name)) {
		if (colon > 0 && isUserPassword(user, secret)) f.add(from + colon + 1, to, "flag");
		else if (colon >= 20 && colon === v.length - 1 && random(user)) f.add(from, from + colon, "flag"); // curl -u TOKEN:
		return;
	}
	const row = text.startsWith("  ", end) || /-., $/s.test(text.slice(0, end - name.length).slice(-4));
	if (row && !mixed(v) && counted(judged(v)).odd === 0) return; // of a help text: -W, --password  force a prompt
	if (name.length < 4 || isPath(v)) return;
	if (named(v) && (classify(name.replace(/^-+/, "")) !== "password" || /[._[]/.test(v))) return;
	const equals = v.indexOf("=");
	if (name === "--secret" && equals > 0 && identifier(v.slice(0, equals))) return; // docker's --secret id=X
	if (name === "--secret-id" && v.length !== 36) return; // the name of a secret of AWS
	const long = name.startsWith("--");
	const promise = classify(name.replace(/^-+/, ""));
	const blank = v.includes(" ");
	const password = promise === "password" && v.length >= (long ? 4 : 3) && !isUsageWord(v) && (!blank || !sentence(v));
	const login = long && colon > 0 && isUserPassword(user, secret) && !v.includes("://") && !blank;
	if (
		password ||
		(promise !== "ordinary" && random(v)) ||
		(promise === "token" && long && (mixed(v) || login)) ||
		(long && /^[0-9]{4,8}$/.test(v) && isPin(name)) ||
		(name === "-pwd" && (mixed(v) || (v.length >= 6 && counted(v).odd > 0))) ||
		(name === "--pass" && v.length >= 4 && !isUsageWord(v) && !allDigits(v))
	)
		f.add(from, to, "flag");
}
