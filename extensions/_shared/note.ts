/**
 * Notes for `pi-track doctor`: a small file in which whoever could not log
 * says so, one line each: the time, a blank, the text. Go's log.Note writes
 * the same file and keeps it small.
 */

import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The file is not grown beyond this many bytes. Go drops the older half of it earlier. */
const MAX_NOTES = 18 * 1024;

/** The longest text in characters. */
const MAX_TEXT = 400;

const flags =
	constants.O_RDWR |
	constants.O_APPEND |
	constants.O_CREAT |
	constants.O_NONBLOCK |
	(constants.O_NOCTTY ?? 0) |
	(constants.O_NOFOLLOW ?? 0);

/** Appends one line to the notes of home unless it repeats the last one. Never throws. */
export function note(home: string, text: string): void {
	try {
		const fd = openSync(join(home, "notes"), flags, 0o600);
		try {
			const st = fstatSync(fd);
			if (!st.isFile() || st.size > MAX_NOTES) return;
			// biome-ignore lint/suspicious/noControlCharactersInRegex: one line, no control characters
			const line = `${text.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").slice(0, MAX_TEXT)}\n`;
			const old = Buffer.alloc(Math.min(st.size, Buffer.byteLength(line) + 1));
			readSync(fd, old, 0, old.length, st.size - old.length);
			if (old.toString() === ` ${line}`) return;
			writeSync(fd, `${new Date().toISOString()} ${line}`);
		} finally {
			closeSync(fd);
		}
	} catch {
		// No home, no space, no permission: there is no better place to tell.
	}
}
