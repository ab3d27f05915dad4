/**
 * pi-track: records every extension tool and extension command of Pi in the
 * log that the PATH shims write too, and lets programs that Pi starts know
 * their session. `pi-track install` puts it into Pi's agent directory; see
 * docs/pi.md. It only watches: it blocks, slows and changes nothing, and any
 * trouble of its own stays its own.
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { currentPlaces, errorText, refreshPlaces, startRun } from "../_shared/logger.ts";
import { note } from "../_shared/note.ts";
import { toolOutcome } from "../_shared/outcome.ts";
import { forgetRepos, isDisabled } from "../_shared/paths.ts";
import { type Instance, processState } from "../_shared/state.ts";
import { hookCommands, recordCommand } from "./commands.ts";
import { ToolOrigins } from "./origin.ts";
import type { Context, Pi, ToolEnd, ToolStart } from "./pi.ts";
import { reap, wasKilled, watchUserBash } from "./reap.ts";
import { registerReport } from "./report.ts";
import { claim, closeAtExit, closeOpenRuns, owns, setEnvironment, toolKey } from "./session.ts";
import { registerTask } from "./task.ts";
import { addMessageUsage, parentRun } from "./usage.ts";

export default async function piTrack(pi: Pi): Promise<void> {
	try {
		const instance: Instance = { dir: directory(), recordCommand };
		registerCommands(pi);
		if (isDisabled(process.env)) return;
		processState().instances.push(instance);
		watchSessions(pi, instance);
		watchTools(pi, instance);
		await hookCommands(currentPlaces().home);
	} catch (error) {
		trouble(error);
	}
}

function directory(): string {
	try {
		return dirname(fileURLToPath(import.meta.url));
	} catch {
		return "";
	}
}

/**
 * Brings /tool-usage and /task. Pi renames commands that share a name and
 * prefers them to prompt templates: what belongs to another extension, to the
 * user or to a second installation of this one is left alone. Only when a
 * session starts has everything been loaded.
 */
function registerCommands(pi: Pi): void {
	pi.on(
		"session_start",
		quiet(() => {
			const taken = new Set(pi.getCommands().map(({ name }) => name.replace(/:\d+$/, "")));
			if (!taken.has("tool-usage")) registerReport(pi);
			if (!taken.has("task")) registerTask(pi);
		}),
	);
}

/** Wraps a handler so that nothing it does can reach Pi. */
function quiet<E>(handler: (event: E, ctx: Context) => void): (event: E, ctx: Context) => void {
	return (event, ctx) => {
		try {
			handler(event, ctx);
		} catch (error) {
			trouble(error);
		}
	};
}

function trouble(error: unknown): void {
	note(currentPlaces().home, `extension: ${errorText(error)}`);
}

function watchSessions(pi: Pi, instance: Instance): void {
	const state = processState();
	pi.on(
		"session_start",
		quiet((_event, ctx) => {
			refreshPlaces();
			forgetRepos();
			claim(instance, ctx.sessionManager.getSessionId());
			closeAtExit();
			setEnvironment(ctx);
		}),
	);
	pi.on(
		"session_shutdown",
		quiet((event, ctx) => {
			state.instances = state.instances.filter((other) => other !== instance);
			const sessionId = ctx.sessionManager.getSessionId();
			if (!owns(instance, sessionId)) return;
			state.owners.delete(sessionId);
			const replaced = ["reload", "new", "resume", "fork"].includes(event.reason ?? "");
			if (runningBash.size > 0) reap();
			runningBash.clear();
			closeOpenRuns(sessionId, !replaced);
		}),
	);
	pi.on(
		"user_bash",
		quiet((_event, ctx) => {
			if (owns(instance, ctx.sessionManager.getSessionId())) watchUserBash(ctx);
		}),
	);
	const parent = parentRun();
	if (!parent) return;
	pi.on(
		"message_end",
		quiet((event, ctx) => {
			if (owns(instance, ctx.sessionManager.getSessionId())) addMessageUsage(event.message, parent);
		}),
	);
}

/** Call ids of bash commands that have not ended: Pi kills them when it quits. */
const runningBash = new Set<string>();

function watchTools(pi: Pi, instance: Instance): void {
	const origins = new ToolOrigins(pi);
	const { open } = processState();

	const start = (event: ToolStart, ctx: Context): void => {
		const sessionId = ctx.sessionManager.getSessionId();
		if (!owns(instance, sessionId)) return;
		if (event.toolName === "bash") runningBash.add(event.toolCallId);
		const origin = origins.get(event.toolName);
		if (!origin) return;
		const call = { name: event.toolName, callId: event.toolCallId, cwd: ctx.cwd, sessionId };
		open.set(toolKey(sessionId, event.toolCallId), startRun({ kind: "extension_tool", ...call, ...origin }));
	};

	const end = (event: ToolEnd, ctx: Context): void => {
		const sessionId = ctx.sessionManager.getSessionId();
		if (!owns(instance, sessionId)) return;
		const { signal } = ctx;
		const key = toolKey(sessionId, event.toolCallId);
		const run = open.get(key);
		if (run) {
			open.delete(key);
			const { durationMs } = event as { durationMs?: number };
			run.end({
				...toolOutcome(event.result, signal, event.isError),
				...(durationMs === undefined ? {} : { durationMs }),
			});
		}
		const bash = runningBash.delete(event.toolCallId);
		if (signal?.aborted || (bash && event.isError && wasKilled(event.result))) reap();
	};

	pi.on(
		"agent_start",
		quiet(() => origins.forget()),
	);
	pi.on("tool_execution_start", quiet(start));
	pi.on("tool_execution_end", quiet(end));
}
