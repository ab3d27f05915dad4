/**
 * Has the black boxes of killed helpers turned into events. Pi ends an
 * aborted or timed-out bash command with SIGKILL to the whole process group:
 * the helper's supervisor dies with it and cannot log. `pi-track reap` can.
 */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { currentPlaces } from "../_shared/logger.ts";
import type { Context, SessionManager } from "./pi.ts";
import { startBeside } from "./program.ts";

/** Reaps at once and twice more: a process that is being killed holds its lock a moment longer. */
const script = 'for pause in 0 0.2 0.5; do sleep "$pause"; "$0" reap --boxes; done';

/**
 * Starts the reaper if there is a box besides those of the runs that Pi
 * itself belongs to. It runs on its own, so Pi neither waits nor sees it.
 */
export function reap(): void {
	const { home, bin } = currentPlaces();
	if (!hasForeignBox(join(home, "open")) || !existsSync(bin)) return;
	startBeside("/bin/sh", ["-c", script, bin], home);
}

function hasForeignBox(dir: string): boolean {
	const own = new Set([process.env["PI_TRACK_PARENT"], process.env["PI_TRACK_ROOT"]]);
	try {
		return readdirSync(dir).some((name) => !name.includes(".") && !own.has(name));
	} catch {
		return false;
	}
}

/** Says whether the text is Pi's report of a bash command that it killed. */
export function wasKilled(result: unknown): boolean {
	const content = (result as { content?: { text?: unknown }[] } | undefined)?.content;
	if (!Array.isArray(content)) return false;
	const text = content.at(-1)?.text;
	return typeof text === "string" && /Command (aborted|timed out after .* seconds)\s*$/.test(text.slice(-200));
}

/** How often, in milliseconds, to look whether a command of the user's has ended. */
const LOOK = 300;

/**
 * Watches for the end of a `!` command, of which Pi tells only by adding an
 * entry to the session, and reaps if it was cancelled. It ends by itself when
 * the entry is there or the session is gone.
 */
export function watchUserBash(ctx: Context): void {
	const { sessionManager } = ctx;
	let seen = sessionManager.getLeafId();
	const timer = setInterval(() => {
		try {
			// The context throws once its session has been replaced.
			const leaf = ctx.sessionManager.getLeafId();
			const found = bashEntry(sessionManager, leaf, seen);
			seen = leaf;
			if (!found) return;
			if (found.cancelled) reap();
		} catch {
			// Fall through: nothing more to wait for.
		}
		clearInterval(timer);
	}, LOOK);
	timer.unref();
}

/** Looks for the user's command among the entries from leaf back to the one already seen. */
function bashEntry(
	manager: SessionManager,
	leaf: string | null,
	seen: string | null,
): { cancelled?: boolean } | undefined {
	for (let id = leaf, steps = 0; id && id !== seen && steps < 100; steps++) {
		const entry = manager.getEntry(id) as
			| { parentId?: string | null; message?: { role?: string; cancelled?: boolean } }
			| undefined;
		if (entry?.message?.role === "bashExecution") return entry.message;
		id = entry?.parentId ?? null;
	}
	return undefined;
}
