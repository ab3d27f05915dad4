/**
 * /task: shows or sets the task that the session works on, and records its
 * outcome, which `pi-track report effect` compares with and without a helper.
 */

import { startRun } from "../_shared/logger.ts";
import { setTask, TASK_ENTRY, taskOf } from "./environment.ts";
import { own } from "./own.ts";
import type { Context, Pi } from "./pi.ts";
import { say } from "./say.ts";
import { sessionFields } from "./session.ts";

const usage = "usage: /task ID sets the task, /task done or /task fail records its outcome, /task - clears it";

/** The longest task id in characters. */
const MAX_ID = 200;

/** Registers /task. */
export function registerTask(pi: Pi): void {
	pi.registerCommand("task", {
		description: "Set the task of this session, or record its outcome (done, fail)",
		handler: own(async (args: string, ctx: Context) => {
			const [word = "", ...more] = args.trim().split(/\s+/);
			if (more.length > 0) say(ctx, usage, "error");
			else if (word === "") say(ctx, task(ctx) ? `task: ${task(ctx)}` : `no task\n${usage}`);
			else if (word === "done" || word === "fail") recordOutcome(ctx, word);
			else changeTask(pi, ctx, word === "-" ? "" : word);
		}),
	});
}

function changeTask(pi: Pi, ctx: Context, id: string): void {
	if (id.length > MAX_ID) {
		say(ctx, `pi-track: error: a task id has at most ${MAX_ID} characters`, "error");
		return;
	}
	setTask(ctx.sessionManager.getSessionId(), id);
	pi.appendEntry(TASK_ENTRY, { task: id });
	say(ctx, id ? `task: ${id}` : "no task");
}

function task(ctx: Context): string {
	return taskOf(ctx.sessionManager.getSessionId());
}

/** Writes what `pi-track task done|fail` writes. */
function recordOutcome(ctx: Context, word: "done" | "fail"): void {
	const taskId = task(ctx);
	if (!taskId) {
		say(ctx, "pi-track: error: no task\npi-track: hint: set one with /task ID", "error");
		return;
	}
	const run = startRun({
		kind: "job",
		name: "task",
		src: "emit",
		cwd: ctx.cwd,
		...sessionFields(ctx.sessionManager.getSessionId()),
	});
	run.end({ status: word === "done" ? "succeeded" : "failed", durationMs: 0 });
	say(ctx, `task ${taskId}: ${word === "done" ? "done" : "failed"}`);
}
