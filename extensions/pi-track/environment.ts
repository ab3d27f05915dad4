/**
 * What programs that Pi starts are told: the session, the task, and where the
 * shims are.
 *
 * A program inherits Pi's environment at the moment it is started. All calls
 * and all sessions of the process share it, so it names the main session and
 * never a call; while a tool of another session runs it names none, because a
 * program without a session is better than one with a wrong one.
 */

import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { currentPlaces } from "../_shared/logger.ts";
import { processState } from "../_shared/state.ts";
import type { Context } from "./pi.ts";

/** The type of the session entry that remembers the task. */
export const TASK_ENTRY = "pi-track-task";

/** The second name of the session: Pi's own bash tool takes PI_SESSION_ID away where it has no context. */
const OWN_VARIABLE = "PI_TRACK_SESSION";

/** Names the main session and its task, and puts the shims first on PATH. */
export function setEnvironment(ctx: Context): void {
	nameSession(ctx.sessionManager.getSessionId());
	setTaskVariable(sessionTask(ctx));
	const { shims } = currentPlaces();
	if (existsSync(shims)) process.env["PATH"] = shimsFirst(shims, process.env["PATH"] ?? "");
}

/**
 * PATH with the shims first. Pi puts its own bin directory in front of them for
 * the commands that it runs, unless PATH has it: so it follows the shims where it
 * holds a helper that has one.
 */
function shimsFirst(shims: string, path: string): string {
	const dirs = path ? path.split(delimiter) : [];
	if (dirs[0] !== shims) dirs.unshift(shims);
	const own = join(agentDir(), "bin");
	if (!dirs.includes(own)) {
		const recorded = new Set(programsIn(shims));
		if (programsIn(own).some((name) => recorded.has(name))) dirs.splice(1, 0, own);
	}
	return dirs.join(delimiter);
}

function programsIn(dir: string): string[] {
	try {
		return readdirSync(dir);
	} catch {
		return []; // it is not there, or cannot be read: nothing in it hides a shim
	}
}

/** Pi's agent directory, by Pi's own rule. */
function agentDir(): string {
	const dir = process.env["PI_CODING_AGENT_DIR"];
	if (!dir) return join(homedir(), ".pi", "agent");
	return dir === "~" || dir.startsWith("~/") ? homedir() + dir.slice(1) : dir;
}

function nameSession(id: string | undefined): void {
	for (const name of ["PI_SESSION_ID", OWN_VARIABLE]) {
		if (id === undefined) delete process.env[name];
		else process.env[name] = id;
	}
}

/** Names the model of the main session, which may have changed. */
export function nameModel(ctx: Context): void {
	const { main } = processState();
	if (main !== undefined && main.id !== ctx.sessionManager.getSessionId()) return;
	const id = ctx.model?.id;
	if (id) process.env["PI_TRACK_MODEL"] = id;
	else delete process.env["PI_TRACK_MODEL"];
}

/** Notes that a tool of a session that is not the main one runs, or no longer does. */
export function childCall(key: string, runs: boolean): void {
	const { childCalls, main } = processState();
	if (runs) childCalls.add(key);
	else if (!childCalls.delete(key)) return;
	nameSession(childCalls.size > 0 ? undefined : main?.id);
}

/** Forgets the running tools of a session that is gone. */
export function endChildCalls(prefix: string): void {
	for (const key of processState().childCalls) if (key.startsWith(prefix)) childCall(key, false);
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
	const { main, tasks } = processState();
	tasks.set(sessionId, task);
	if (main === undefined || main.id === sessionId) setTaskVariable(task);
}

/** The task of a session: its own, else that of the main session; "" when there is none. */
export function taskOf(sessionId: string): string {
	const own = processState().tasks.get(sessionId);
	return own ?? (process.env["PI_TASK_ID"] || process.env["PI_JOB_ID"] || "");
}
