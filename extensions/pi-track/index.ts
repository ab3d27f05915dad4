/**
 * pi-track: records every extension tool and extension command of Pi in the
 * log that the PATH shims write too, and lets programs that Pi starts know
 * their session. `pi-track install` puts it into Pi's agent directory; see
 * docs/pi.md. It only watches: it blocks, slows and changes nothing, and any
 * trouble of its own stays its own.
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { currentPlaces, refreshPlaces } from "../_shared/logger.ts";
import { forgetRepos, isDisabled } from "../_shared/paths.ts";
import { type Instance, processState } from "../_shared/state.ts";
import { callerOf, watchAgents } from "./agents.ts";
import { hookCommands, type Load, recordCommand } from "./commands.ts";
import { nameModel } from "./environment.ts";
import { watchExperiments } from "./experiment.ts";
import type { Pi } from "./pi.ts";
import { quiet, trouble } from "./quiet.ts";
import { watchUserBash } from "./reap.ts";
import { refresh } from "./refresh.ts";
import { registerReliability } from "./reliability.ts";
import { registerReport } from "./report.ts";
import { beginSession, claim, closeAtExit, endSession, isChild, owns } from "./session.ts";
import { ship } from "./ship.ts";
import { watchInput } from "./skills.ts";
import { registerTask } from "./task.ts";
import { watchTools } from "./tools.ts";
import { addMessageUsage, parentRun } from "./usage.ts";
import { watchWorse } from "./worse.ts";

/** Records everything in this Pi. Only a file that Pi's loader compiles can import Pi's own modules: load does. */
export default async function piTrack(pi: Pi, load: Load = (name) => import(name)): Promise<void> {
	try {
		const instance: Instance = { dir: directory(), recordCommand };
		registerCommands(pi);
		if (isDisabled(process.env)) return;
		processState().instances.push(instance);
		watchTools(pi, instance);
		watchAgents(pi, instance);
		watchInput(pi, instance);
		watchSessions(pi, instance);
		watchExperiments(pi, instance);
		watchWorse(pi);
		await hookCommands(currentPlaces().home, load);
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
			registerReliability(pi);
		}),
	);
}

function watchSessions(pi: Pi, instance: Instance): void {
	const state = processState();
	pi.on(
		"session_start",
		quiet((event, ctx) => {
			refreshPlaces();
			forgetRepos();
			delete state.experiments;
			claim(instance, ctx.sessionManager.getSessionId());
			closeAtExit();
			beginSession(event, ctx, () => callerOf(ctx));
			nameModel(ctx);
			if (event.reason === "startup") refresh();
		}),
	);
	pi.on(
		"agent_start",
		quiet((_event, ctx) => nameModel(ctx)),
	);
	pi.on(
		"session_shutdown",
		quiet((event, ctx) => {
			state.instances = state.instances.filter((other) => other !== instance);
			const sessionId = ctx.sessionManager.getSessionId();
			if (!owns(instance, sessionId)) return;
			const replaced = ["reload", "new", "resume", "fork"].includes(event.reason ?? "");
			endSession(sessionId, !replaced);
			if (!replaced && !isChild(sessionId)) ship();
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
			const sessionId = ctx.sessionManager.getSessionId();
			if (owns(instance, sessionId)) addMessageUsage(event.message, parent, sessionId);
		}),
	);
}
