/** Redacts the tokens in the paths of addresses that are sent to one person or program. */

import { type Finder, fold, isToken } from "./finder.ts";
import { linkWords } from "./rulestable.ts";
import { counted, dashedWords, JUDGED_MAX } from "./secretjudge.ts";
import { endsWords } from "./secretspaced.ts";

const words = new Set(linkWords);

/** Finds /reset/X, /invite/X, /webhook/X and their kind. */
export function findLinks(f: Finder): void {
	const { text } = f;
	for (let slash = text.indexOf("/"); slash >= 0; ) {
		const from = slash + 1;
		const end = f.runMax(from, 40, isToken);
		const known = end > from && text[end] === "/" && words.has(fold(text.slice(from, end)));
		slash = text.indexOf("/", known ? findLinkToken(f, end + 1) : from);
	}
}

/** Judges the parts of a path from start on, the first two, and returns where to go on. */
function findLinkToken(f: Finder, start: number): number {
	const shortest = 20;
	const { text } = f;
	let i = start;
	for (let part = 0; part < 2; part++) {
		const to = f.runMax(i, JUDGED_MAX, isToken);
		const v = text.slice(i, to);
		const n = counted(v);
		const next = text[to];
		const ends = next === undefined || " \n\"'`?#&/,;:)]}>|".includes(next) || (next === "." && endsWords(f, to));
		const odd = n.digits > 3 || (n.digits > 0 && n.uppers > 2 && n.lowers > 2);
		if (v.length >= shortest && n.lowers + n.uppers > 0 && ends && odd && !dashedWords(v)) {
			f.add(i, to, "url");
			return to;
		}
		if (next !== "/" || v === "") return i;
		i = to + 1;
	}
	return i;
}
