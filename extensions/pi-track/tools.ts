/** Records the calls of tools that belong to an extension or an MCP server. */

import { type Outcome, startRun } from "../_shared/logger.ts";
import { toolOutcome } from "../_shared/outcome.ts";
import { type Instance, processState } from "../_shared/state.ts";
import { beginFromResult } from "./agents.ts";
import { record, resultReports, text } from "./announced.ts";
import { childCall } from "./environment.ts";
import { trialFields } from "./experiment.ts";
import { ToolOrigins } from "./origin.ts";
import type { Context, Pi, ToolEnd, ToolStart } from "./pi.ts";
import { quiet } from "./quiet.ts";
import { reap, wasKilled } from "./reap.ts";
import { RELIABILITY } from "./reliability.ts";
import { endRun, isChild, owns, sessionFields, toolKey, underCall } from "./session.ts";
import { startSkill } from "./skills.ts";
import { addReports } from "./usage.ts";

/** Watches the tools of the sessions that the instance records. */
export function watchTools(pi: Pi, instance: Instance): void {
	const origins = new ToolOrigins(pi);
	const { args, open } = processState();
	/** Bash commands that have not ended: Pi kills them when it quits. */
	const runningBash = new Set<string>();

	const start = (event: ToolStart, ctx: Context): void => {
		const sessionId = ctx.sessionManager.getSessionId();
		if (!owns(instance, sessionId)) return;
		const { toolName: name, toolCallId: callId, parentToolCallId } = event;
		const key = toolKey(sessionId, callId);
		if (isChild(sessionId)) childCall(key, true);
		if (name === "bash") runningBash.add(callId);
		const origin = name === RELIABILITY ? undefined : origins.get(name);
		if (!origin && name !== "read") return;
		const lineage = parentToolCallId ? underCall(sessionId, parentToolCallId) : {};
		const fields = { callId, ...sessionFields(sessionId), ...lineage };
		if (startSkill(pi, event, key, ctx.cwd, fields) || !origin) return;
		args.set(key, event.args);
		const used = { ...(ctx.model ? { model: ctx.model.id } : {}), ...trialFields(name, sessionId) };
		open.set(key, startRun({ kind: "extension_tool", name, cwd: ctx.cwd, ...origin, ...fields, ...used }));
	};

	const end = (event: ToolEnd, ctx: Context): void => {
		const sessionId = ctx.sessionManager.getSessionId();
		if (!owns(instance, sessionId)) return;
		const { signal } = ctx;
		const key = toolKey(sessionId, event.toolCallId);
		childCall(key, false);
		if (open.has(key)) {
			beginFromResult(sessionId, event, args.get(key));
			addReports(resultReports(event.result));
			endRun(key, { ...toolOutcome(event.result, signal, event.isError), ...calledTool(event), ...duration(event) });
		}
		const bash = runningBash.delete(event.toolCallId);
		if (signal?.aborted || (bash && event.isError && wasKilled(event.result))) reap();
	};

	const shutdown = (_event: object, ctx: Context): void => {
		if (!owns(instance, ctx.sessionManager.getSessionId())) return;
		if (runningBash.size > 0) reap();
		runningBash.clear();
	};

	pi.on(
		"agent_start",
		quiet(() => origins.forget()),
	);
	pi.on("tool_execution_start", quiet(start));
	pi.on("tool_execution_end", quiet(end));
	pi.on("session_shutdown", quiet(shutdown));
}

function duration({ durationMs }: ToolEnd & { durationMs?: number }): Pick<Outcome, "durationMs"> {
	return durationMs === undefined ? {} : { durationMs };
}

/**
 * A gateway calls another tool, which only its result names: those of
 * pi-mcp-adapter give the server and the server's tool.
 */
function calledTool({ result }: ToolEnd): { name?: string; ext?: string } {
	const { mode, server, tool } = record(record(result)["details"]);
	return mode === "call" && text(server) && text(tool) ? { name: text(tool), ext: text(server) } : {};
}
