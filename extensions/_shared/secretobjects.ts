/** Redacts secrets in two ways to write an object: PHP's s:8:"password";s:9:"X"; and a JSON web key. */

import { eachIndex, type Finder, isDigit, isDotted, isToken } from "./finder.ts";
import { quotedEnd } from "./secretcalls.ts";
import { placeholder, random } from "./secretjudge.ts";
import { classify } from "./secretwords.ts";

const isBetween = (c: number): boolean => c === 32 || c === 58 || c === 34;

/** Finds the values that PHP serializes and the private parts of a JSON web key. */
export function findObjects(f: Finder): void {
	const { text } = f;
	eachIndex(text, '";s:', (at) => {
		let from = at;
		while (from > 0 && at - from < 64 && isDotted(text.charCodeAt(from - 1))) from--;
		const value = f.run(at + 4, isDigit) + 2;
		const end = quotedEnd(f, value - 1);
		if (end <= value || text[value - 2] !== ":") return at + 4;
		const promise = classify(text.slice(from, at));
		const v = text.slice(value, end - 1);
		const secret = (promise === "password" && v.length >= 3) || (promise !== "ordinary" && random(v));
		if (secret && !placeholder(v)) f.add(value, end - 1, "key");
		return value;
	});
	if (!text.includes('"kty"')) return;
	for (const name of ['"d"', '"p"', '"q"', '"dp"', '"dq"', '"qi"', '"k"']) {
		const shortest = 16;
		eachIndex(text, name, (at) => {
			const from = f.runMax(at + name.length, 4, isBetween);
			const to = f.run(from, isToken);
			if (to - from >= shortest) f.add(from, to, "key");
			return at + name.length;
		});
	}
}
