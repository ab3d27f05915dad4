/** String functions of Go's package strings that JavaScript lacks. */

/** Cuts s around the first sep: what stands before it, behind it, and whether it was there. */
export function cut(s: string, sep: string): [string, string, boolean] {
	const at = s.indexOf(sep);
	return at < 0 ? [s, "", false] : [s.slice(0, at), s.slice(at + sep.length), true];
}

/** Removes the characters of set from the front of s. */
export function trimLeft(s: string, set: string): string {
	let at = 0;
	while (at < s.length && set.includes(s.charAt(at))) at++;
	return s.slice(at);
}

/** Removes the characters of set from the end of s. */
export function trimRight(s: string, set: string): string {
	let end = s.length;
	while (end > 0 && set.includes(s.charAt(end - 1))) end--;
	return s.slice(0, end);
}

export { fold } from "./finder.ts";

/** Trims s and makes one blank of several. */
export function squeeze(s: string): string {
	return s.trim().replace(/\s+/g, " ");
}
