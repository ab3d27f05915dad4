/**
 * What belongs to a session: who records it, the environment of the programs
 * it starts, its task, and closing what is still open when it ends.
 *
 * A program inherits Pi's environment at the moment it is started. Parallel
 * tool calls share it, so only ids of the session go there, never a call's.
 */

import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { currentPlaces } from "../_shared/logger.ts";
import { type Instance, processState } from "../_shared/state.ts";
import type { Context } from "./pi.ts";

/** The type of the session entry that remembers the task. */
export const TASK_ENTRY = "pi-track-task";

/** Makes the instance the one that records the session, because it was loaded last. */
export function claim(instance: Instance, sessionId: string): void {
	processState().owners.set(sessionId, instance);
}

/**
 * Says whether the instance records the session. A session that nobody has
 * claimed (a host that never announced it) goes to the first who asks.
 */
export function owns(instance: Instance, sessionId: string): boolean {
	const owners = processState().owners;
	if (!owners.has(sessionId)) owners.set(sessionId, instance);
	return owners.get(sessionId) === instance;
}

/** Lets programs started from this session know it, and puts the shims first on PATH. */
export function setEnvironment(ctx: Context): void {
	const env = process.env;
	const sessionId = ctx.sessionManager.getSessionId();
	env["PI_SESSION_ID"] = sessionId;
	setTaskVariable(sessionTask(ctx));
	const { shims } = currentPlaces();
	const path = env["PATH"] ?? "";
	if (path.split(delimiter)[0] !== shims && existsSync(shims)) env["PATH"] = path ? shims + delimiter + path : shims;
}

/** The task: set in this process, else given to Pi when it was started, else remembered by the session. */
function sessionTask(ctx: Context): string | undefined {
	const state = processState();
	return state.tasks.get(ctx.sessionManager.getSessionId()) ?? state.startTask ?? rememberedTask(ctx);
}

function rememberedTask(ctx: Context): string | undefined {
	const entries = ctx.sessionManager.getEntries() as readonly { customType?: string; data?: { task?: unknown } }[];
	for (let i = entries.length - 1; i >= 0; i--) {
		const entry = entries[i];
		if (entry?.customType === TASK_ENTRY) return typeof entry.data?.task === "string" ? entry.data.task : undefined;
	}
	return undefined;
}

/** Sets PI_TASK_ID; without a task only a value that came from here is taken away. */
function setTaskVariable(task: string | undefined): void {
	const state = processState();
	if (task) process.env["PI_TASK_ID"] = task;
	else if (task === "" || process.env["PI_TASK_ID"] === state.setTask) delete process.env["PI_TASK_ID"];
	state.setTask = task ?? "";
}

/** Sets the session's task for everything that is started from now on; "" takes it away. */
export function setTask(sessionId: string, task: string): void {
	processState().tasks.set(sessionId, task);
	setTaskVariable(task);
}

/** The key under which a tool call is open. */
export function toolKey(sessionId: string, callId: string): string {
	return `tool ${sessionId} ${callId}`;
}

/**
 * Closes what is open as cancelled: the tool calls of the session, and when
 * Pi quits its commands too. (A command may replace its own session and goes
 * on in the next one.)
 */
export function closeOpenRuns(sessionId: string, quit: boolean): void {
	const { open } = processState();
	for (const [key, run] of open) {
		if (!key.startsWith(toolKey(sessionId, "")) && !(quit && key.startsWith("command "))) continue;
		open.delete(key);
		run.end({ status: "cancelled" });
	}
}

/** Closes what is open when the process exits without telling its extensions. */
export function closeAtExit(): void {
	const state = processState();
	if (state.exitHook) return;
	state.exitHook = true;
	process.once("exit", () => {
		for (const run of state.open.values()) run.end({ status: "cancelled" });
		state.open.clear();
	});
}
