/**
 * Appends lines to a file: open, one write, close, all synchronous. A write
 * with O_APPEND of a whole line is never torn by another writer. It never
 * throws and never blocks: O_NONBLOCK opens a fifo that nobody reads without
 * waiting, and what is no regular file is refused.
 */

import {
	closeSync,
	constants,
	fchownSync,
	fstatSync,
	mkdirSync,
	openSync,
	readSync,
	statSync,
	writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { note } from "./note.ts";

/** After this many failures in a row the file is left alone for a while. */
const PATIENCE = 5;

/** How long it is left alone, in milliseconds. */
const PAUSE = 30_000;

/** An append that takes longer than this, in milliseconds, counts as a failure: the file system hangs. */
const SLOW = 200;

interface Health {
	failures: number;
	/** On the clock of performance.now. */
	retryAt: number;
	/** Where our last line ended: as long as that is the end of the file, it ends in a newline. */
	end?: { ino: number; size: number };
}

const files = new Map<string, Health>();

/**
 * Appends line (with its newline) to the file at path, which is made when
 * missing, and says whether all of it was written. After repeated failures it
 * gives up at once, without a system call, for half a minute at a time and
 * leaves a note in home that `pi-track doctor` shows.
 */
export function appendLine(path: string, line: string, home: string): boolean {
	if (path === "/dev/null") return true;
	let health = files.get(path);
	if (!health) {
		health = { failures: 0, retryAt: 0 };
		files.set(path, health);
	}
	const begin = performance.now();
	if (health.failures >= PATIENCE && begin < health.retryAt) return false;
	let trouble = "";
	try {
		write(path, line, health);
	} catch (err) {
		trouble = err instanceof Error ? err.message : String(err);
	}
	const end = performance.now();
	if (trouble === "" && end - begin > SLOW) trouble = `appending took ${Math.round(end - begin)} ms`;
	if (trouble === "") {
		health.failures = 0;
		return true;
	}
	health.failures++;
	health.retryAt = end + PAUSE;
	if (health.failures === PATIENCE) note(home, `extension: cannot append to ${path}: ${trouble}`);
	return false;
}

/** How often a file that is removed while it is written to is opened again. */
const REOPEN_MAX = 8;

/**
 * Writes the line, once more when the file has no name any more afterwards: it
 * was rotated away and compressed or pruned after it had been opened.
 */
function write(path: string, line: string, health: Health): void {
	for (let i = 0; i < REOPEN_MAX; i++) if (writeOnce(path, line, health)) return;
	throw new Error("removed again and again");
}

/** Says whether the file still had a name after the line had been written. */
function writeOnce(path: string, line: string, health: Health): boolean {
	const fd = open(path);
	try {
		const st = fstatSync(fd);
		if (!st.isFile()) throw new Error("not a regular file");
		const uid = process.geteuid?.();
		if (uid !== undefined && uid !== 0 && st.uid !== uid) throw new Error("the file belongs to someone else");
		if (st.size === 0 && uid === 0) giveToOwner(fd, path);
		const known = health.end?.ino === st.ino && health.end.size === st.size;
		const data = known || endsLine(fd, st.size) ? line : `\n${line}`;
		const written = writeSync(fd, data);
		if (written !== Buffer.byteLength(data)) throw new Error("short write");
		health.end = { ino: st.ino, size: st.size + written };
		return fstatSync(fd).nlink > 0;
	} finally {
		closeSync(fd);
	}
}

const flags =
	constants.O_RDWR |
	constants.O_APPEND |
	constants.O_CREAT |
	constants.O_NONBLOCK |
	(constants.O_NOCTTY ?? 0) |
	(constants.O_NOFOLLOW ?? 0);

function open(path: string): number {
	try {
		return openSync(path, flags, 0o600);
	} catch (err) {
		if ((err as NodeJS.ErrnoException).code !== "ENOENT") throw err;
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		return openSync(path, flags, 0o600);
	}
}

const last = Buffer.alloc(1);

/** Says whether the last byte is a newline; a torn line must not swallow the next one. */
function endsLine(fd: number, size: number): boolean {
	return size === 0 || readSync(fd, last, 0, 1, size - 1) !== 1 || last[0] === 10;
}

/** Under sudo a new file must not stay root's in a user's directory. */
function giveToOwner(fd: number, path: string): void {
	const dir = statSync(dirname(path));
	if (dir.uid !== 0) fchownSync(fd, dir.uid, dir.gid);
}
