/**
 * What belongs to a session: who records it, the run that started it, and
 * closing what is still open when it ends.
 *
 * The main session is the one that Pi itself runs. An extension may run more
 * of them in the same process (an agent); each of these changes only what is
 * its own.
 */

import type { Outcome, Run } from "../_shared/logger.ts";
import { type Instance, type Lineage, processState } from "../_shared/state.ts";
import { derivedID } from "../_shared/uuid.ts";
import { endChildCalls, setEnvironment, taskOf } from "./environment.ts";
import type { Context, SessionStart } from "./pi.ts";

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

/**
 * Takes a session that starts: the main one, or a child that caller, if known,
 * has started. A child starts while there is a main session, or replaces a child.
 */
export function beginSession({ reason }: SessionStart, ctx: Context, caller: () => Lineage | undefined): void {
	const state = processState();
	const id = ctx.sessionManager.getSessionId();
	const { main, replaced } = state;
	delete state.replaced;
	if (state.lineages.has(id)) return;
	const first = !main || main.id === id || isStale(main.ctx as Context);
	if (!first && (replaced || reason === "startup")) {
		state.lineages.set(id, replaced ?? caller() ?? {});
		return;
	}
	state.main = { id, ctx };
	setEnvironment(ctx);
}

/** Says whether Pi has replaced or disposed of the session: its context throws from then on. */
function isStale(ctx: Context): boolean {
	try {
		return ctx.sessionManager.getSessionId() === "";
	} catch {
		return true;
	}
}

/** Says whether the session is one that another session of this process started. */
export function isChild(sessionId: string): boolean {
	const { main } = processState();
	return main !== undefined && main.id !== sessionId;
}

/** What the runs of a session have in common, as far as it is not the environment's. */
export function sessionFields(sessionId: string): { sessionId: string; taskId: string } & Lineage {
	return { sessionId, taskId: taskOf(sessionId), ...processState().lineages.get(sessionId) };
}

/** The parent and the root of what a run starts. */
export function under(run: Run): Lineage {
	return run.id ? { parentId: run.id, rootId: run.rootId || run.id } : {};
}

/**
 * The parent and the root of a call that another call of the session made. A
 * caller that is not recorded itself (codemode is Pi's own) has the id that
 * `pi-track import` would give it.
 */
export function underCall(sessionId: string, callId: string): Lineage {
	const outer = processState().open.get(toolKey(sessionId, callId));
	if (outer) return under(outer);
	const parentId = derivedID(sessionId, callId);
	const root = processState().lineages.get(sessionId)?.rootId ?? process.env["PI_TRACK_ROOT"];
	return { parentId, rootId: root || process.env["PI_TRACK_PARENT"] || parentId };
}

/** The key under which a tool call is open. */
export function toolKey(sessionId: string, callId: string): string {
	return `tool ${sessionId} ${callId}`;
}

/** The key under which a command is open. */
export function commandKey(sessionId: string, serial: number): string {
	return `command ${sessionId} ${serial}`;
}

/**
 * Ends a session: what it has open is closed as cancelled. A command of the
 * main session may replace that session and goes on in the next one; only when
 * Pi quits do commands end, and with the main session everything does.
 */
export function endSession(sessionId: string, quit: boolean): void {
	const state = processState();
	const main = !isChild(sessionId);
	if (!main && !quit) state.replaced = state.lineages.get(sessionId) ?? {};
	endChildCalls(toolKey(sessionId, ""));
	state.owners.delete(sessionId);
	state.lineages.delete(sessionId);
	closeRuns(toolKey(sessionId, ""));
	closeRuns(`agent ${sessionId} `);
	if (quit) closeRuns(main ? "" : `command ${sessionId} `);
	if (main) delete state.main;
}

/** Closes the open runs whose keys begin so as cancelled. */
export function closeRuns(prefix: string): void {
	const { agents, open } = processState();
	for (const key of open.keys()) {
		if (!key.startsWith(prefix)) continue;
		agents.delete(key);
		endRun(key, { status: "cancelled" });
	}
}

/** Ends the run that is open under the key. */
export function endRun(key: string, outcome: Outcome): void {
	const { args, open } = processState();
	const run = open.get(key);
	open.delete(key);
	args.delete(key);
	run?.end(outcome);
}

/** Closes what is open when the process exits without telling its extensions. */
export function closeAtExit(): void {
	const state = processState();
	if (state.exitHook) return;
	state.exitHook = true;
	process.once("exit", () => closeRuns(""));
}
