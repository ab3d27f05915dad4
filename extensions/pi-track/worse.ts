/**
 * Says in one line at the start of a session in a terminal what got worse since
 * the session before. `notify = false` in the table [pi] of shims.toml switches
 * it off; print and rpc modes never say it.
 */

import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { currentPlaces } from "../_shared/logger.ts";
import { piSettings, readManifest } from "../_shared/manifest.ts";
import type { Context, Pi, SessionStart } from "./pi.ts";
import { runProgram } from "./program.ts";
import { quiet } from "./quiet.ts";
import { isTerminal } from "./say.ts";
import { isChild } from "./session.ts";

/** The file in pi-track's home that holds when the last session started. Uninstall removes it. */
const FILE = "last-session";
const HEADER = "pi-track last session ";

/** The longest line that is said, in characters. */
const MAX_LINE = 160;

/** Watches sessions start. */
export function watchWorse(pi: Pi): void {
	pi.on(
		"session_start",
		quiet((event, ctx) => {
			if (!isTerminal(ctx) || !isStart(event) || isChild(ctx.sessionManager.getSessionId())) return;
			const { bin, home } = currentPlaces();
			if (!piSettings(readManifest(home)).notify) return;
			const before = exchange(join(home, FILE), new Date());
			if (before) void tell(ctx, bin, home, before);
		}),
	);
}

function isStart({ reason }: SessionStart): boolean {
	return reason === "startup" || reason === "new" || reason === "resume";
}

/** Stores a moment and returns the one that was stored, if there was one. */
function exchange(path: string, now: Date): Date | undefined {
	const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);
	const fd = openSync(path, flags, 0o600);
	try {
		const st = fstatSync(fd);
		if (!st.isFile() || st.size > 100) return undefined;
		const old = readFileSync(fd, "utf8");
		if (old !== "" && !old.startsWith(HEADER)) return undefined; // Somebody else's.
		ftruncateSync(fd, 0);
		writeSync(fd, `${HEADER}${now.toISOString()}\n`, 0);
		const before = new Date(old.slice(HEADER.length).trim());
		return Number.isNaN(before.getTime()) || before > now ? undefined : before;
	} finally {
		closeSync(fd);
	}
}

/** Asks pi-track, which takes its time beside the session, and says the first of what it answers. */
async function tell(ctx: Context, bin: string, home: string, since: Date): Promise<void> {
	const { code, stdout } = await runProgram(bin, ["check", "--changed", "--since", since.toISOString()], home);
	const lines = stdout.split("\n").filter((line) => line !== "");
	const [first] = lines;
	if (code !== 1 || first === undefined) return;
	const more = lines.length > 1 ? ` (${lines.length - 1} more: /tool-usage)` : " (/tool-usage)";
	const text = first.replace(/ {2,}report .*$/, "");
	const room = MAX_LINE - more.length;
	try {
		ctx.ui.notify(`pi-track: ${text.length > room ? `${text.slice(0, room - 1)}…` : text}${more}`, "warning");
	} catch {
		// The session has been replaced meanwhile.
	}
}
