/**
 * Experiments with tools: `pi-track experiment start TOOL` has a tool withheld
 * from the model for some of the tasks, by lot. Both arms are recorded once for
 * each task, because a withheld tool is never called.
 */

import { currentPlaces, startRun } from "../_shared/logger.ts";
import { type Experiment, isSecond, toolExperiments } from "../_shared/lot.ts";
import { readManifest } from "../_shared/manifest.ts";
import { type Instance, processState } from "../_shared/state.ts";
import { taskOf } from "./environment.ts";
import type { Context, Pi } from "./pi.ts";
import { quiet } from "./quiet.ts";
import { owns, sessionFields } from "./session.ts";

/** A tool's experiment and the arm of a task. */
interface Trial {
	experiment: string;
	arm: "on" | "off";
}

/** Gives and withholds tools when a session starts and when its task may have changed. */
export function watchExperiments(pi: Pi, instance: Instance): void {
	/** Tools that are withheld now, and the tasks that have been recorded. */
	const withheld = new Set<string>();
	const recorded = new Set<string>();

	const apply = (ctx: Context): void => {
		const sessionId = ctx.sessionManager.getSessionId();
		if (!owns(instance, sessionId)) return;
		const tools = new Map(pi.getAllTools().map((tool) => [tool.name, tool]));
		const off = new Set<string>();
		for (const x of experiments()) {
			const trial = trialOf(x, sessionId);
			if (!trial || !tools.has(x.tool)) continue;
			if (trial.arm === "off") off.add(x.tool);
			const key = `${x.id} ${unitOf(x, sessionId)}`;
			if (recorded.has(key)) continue;
			recorded.add(key);
			const run = startRun({
				kind: "extension_tool",
				name: x.tool,
				cwd: ctx.cwd,
				...sessionFields(sessionId),
				...trial,
			});
			run.end({ status: "succeeded", durationMs: 0 });
		}
		hold(pi, withheld, off);
	};

	pi.on(
		"session_start",
		quiet((_event, ctx) => apply(ctx)),
	);
	pi.on(
		"agent_start",
		quiet((_event, ctx) => apply(ctx)),
	);
}

/** Takes the tools in off from those that are active, and gives back what was withheld and no longer is. */
function hold(pi: Pi, withheld: Set<string>, off: Set<string>): void {
	const active = pi.getActiveTools();
	const back = [...withheld].filter((name) => !off.has(name) && !active.includes(name));
	const next = [...active.filter((name) => !off.has(name)), ...back];
	const taken = active.filter((name) => off.has(name));
	if (taken.length > 0 || back.length > 0) pi.setActiveTools(next);
	for (const name of back) withheld.delete(name);
	for (const name of taken) withheld.add(name);
}

/** What a call of a tool records of its experiment. */
export function trialFields(tool: string, sessionId: string): Partial<Trial> {
	const x = experiments().find((one) => one.tool === tool);
	return (x && trialOf(x, sessionId)) ?? {};
}

function trialOf(x: Experiment, sessionId: string): Trial | undefined {
	const unit = unitOf(x, sessionId);
	if (unit === "" || (x.until !== 0 && Date.now() >= x.until)) return undefined;
	return { experiment: x.id, arm: isSecond(x.id, x.share, unit) ? "off" : "on" };
}

function unitOf(x: Experiment, sessionId: string): string {
	return (x.unit === "session" ? "" : taskOf(sessionId)) || sessionId;
}

/** The experiments of tools, read anew when a session starts. */
function experiments(): Experiment[] {
	const state = processState();
	if (process.env["PI_TRACK_EXPERIMENTS"] === "off") return [];
	state.experiments ??= toolExperiments(readManifest(currentPlaces().home));
	return state.experiments;
}
