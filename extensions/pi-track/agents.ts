/**
 * Records the work of agents that an extension runs beside a call: in this
 * process (@tintinweb/pi-subagents) or in one of their own (pi-subagents). The
 * call that starts an agent may succeed at once, so the agent's work is a run
 * of its own, a child of the call. It begins and ends with what the package
 * announces on Pi's event bus.
 */

import { type EndStatus, logEvent, type Outcome, startRun, type Usage } from "../_shared/logger.ts";
import { usageOf } from "../_shared/outcome.ts";
import { type Instance, type Lineage, processState } from "../_shared/state.ts";
import { derivedID } from "../_shared/uuid.ts";
import { agentReports, type Report, record, sumOf, text } from "./announced.ts";
import { findCall } from "./calls.ts";
import type { Context, Pi, ToolEnd } from "./pi.ts";
import { quiet } from "./quiet.ts";
import { closeRuns, endRun, sessionFields, toolKey, under } from "./session.ts";
import { addReports } from "./usage.ts";

/** How long, in milliseconds, after the end of a detached agent's process its result may still come. */
const PATIENCE = 30_000;

/** Watches the agents of the session that the instance records. */
export function watchAgents(pi: Pi, instance: Instance): void {
	if (typeof pi.events?.on !== "function") return;
	let sessionId: string | undefined;
	const ends: (() => void)[] = [];
	const on = (channel: string, handler: (data: Record<string, unknown>, session: string) => void): void => {
		const end = pi.events?.on(
			channel,
			quiet((data: unknown) => {
				const mine = sessionId !== undefined && processState().owners.get(sessionId) === instance;
				if (mine) handler(record(data), sessionId as string);
			}),
		);
		if (typeof end === "function") ends.push(end as () => void);
	};
	on("subagents:started", (data, session) => begin(session, data, false));
	for (const channel of ["subagents:completed", "subagents:failed"]) on(channel, endInProcess);
	on("subagent:async-started", (data, session) => begin(session, data, true));
	on("subagent:async-complete", endDetached);
	on("subagent:process-terminal", endWithoutResult);
	pi.on(
		"session_start",
		quiet((_event, ctx) => {
			sessionId = ctx.sessionManager.getSessionId();
		}),
	);
	pi.on(
		"session_shutdown",
		quiet(() => {
			for (const end of ends.splice(0)) end();
		}),
	);
}

const agentKey = (sessionId: string, id: string): string => `agent ${sessionId} ${id}`;

/** The id of an agent in what its package announces. */
const idOf = (data: Record<string, unknown>): string => text(data["id"]) || text(data["runId"]);

function begin(sessionId: string, data: Record<string, unknown>, detached: boolean): void {
	const id = idOf(data);
	const { agents } = processState();
	const key = agentKey(sessionId, id);
	if (!id || agents.has(key)) return;
	const name = agentName(data);
	const call = findCall(sessionId, [text(data["type"]) || text(data["agent"]), text(data["description"])]);
	start(key, sessionId, name, detached, call);
}

function start(key: string, sessionId: string, name: string, detached: boolean, call?: string): void {
	const { agents, open } = processState();
	const caller = call === undefined ? undefined : open.get(call);
	const run = startRun({
		kind: "job",
		name,
		...sessionFields(sessionId),
		...(caller ? { ...under(caller), cwd: caller.info.cwd, ext: caller.info.ext } : {}),
		// One that outlives Pi is found again by the next Pi, which hears of its end.
		...(detached ? { id: derivedID(sessionId, key) } : {}),
	});
	if (!detached) open.set(key, run);
	agents.set(key, { run, sessionId, detached, ...(call === undefined ? {} : { call }) });
}

/** The agent's name, as the user calls it; several at once have all of their names. */
function agentName(data: Record<string, unknown>): string {
	const several = Array.isArray(data["agents"]) ? data["agents"].map(text) : [];
	const names = [...new Set(several.length > 0 ? several : [text(data["type"]) || text(data["agent"])])];
	return names.filter(Boolean).join("+").slice(0, 100) || "agent";
}

/**
 * Begins the run of a detached agent that nothing has announced: only the
 * result of the call says that it has been started.
 */
export function beginFromResult(sessionId: string, { toolCallId, result }: ToolEnd, args: unknown): void {
	const details = record(record(result)["details"]);
	const id = text(details["asyncId"]);
	if (!id) return;
	const key = agentKey(sessionId, id);
	if (processState().agents.has(key)) return;
	const name = agentName({ agent: details["mode"], ...record(args) });
	start(key, sessionId, name, true, toolKey(sessionId, toolCallId));
}

/** Returns what a session that starts in this process belongs to: the agent whose session it is, or the only call. */
export function callerOf(ctx: Context): Lineage | undefined {
	const { agents, open } = processState();
	const name = ctx.sessionManager.getSessionName?.() ?? "";
	const free = [...agents].filter(([, agent]) => !agent.detached && agent.child === undefined);
	const named = free.find(([key]) => name.includes((key.split(" ")[2] ?? "").slice(0, 8)));
	const agent = (named ?? free[0])?.[1];
	if (agent) {
		agent.child = ctx.sessionManager.getSessionId();
		return under(agent.run);
	}
	const calls = [...open].filter(([key]) => key.startsWith("tool "));
	return calls.length === 1 && calls[0] ? under(calls[0][1]) : undefined;
}

function endInProcess(data: Record<string, unknown>, sessionId: string): void {
	const key = agentKey(sessionId, idOf(data));
	const { agents, open } = processState();
	const agent = agents.get(key);
	if (!agent) return;
	agents.delete(key);
	if (agent.child !== undefined) closeRuns(`tool ${agent.child} `);
	const usage = tokens(data["tokens"]);
	if (usage) addReports([{ usage, agent: true, session: agent.child ?? "" }]);
	const status = inProcessStatus(text(data["status"]));
	const error = text(data["error"]) || `the agent was ${text(data["status"]) || "not completed"}`;
	if (open.has(key)) endRun(key, { status, error, ...(usage ? { usage } : {}) });
}

function inProcessStatus(status: string): EndStatus {
	if (status === "stopped") return "cancelled"; // by the person, or with its session
	return status === "error" || status === "aborted" ? "failed" : "succeeded";
}

function tokens(value: unknown): Usage | undefined {
	const { total, ...rest } = record(value);
	return usageOf({ ...rest, totalTokens: total });
}

/** Ends a detached agent, also one that an earlier Pi started. */
function endDetached(data: Record<string, unknown>, sessionId: string): void {
	const id = idOf(data);
	const key = agentKey(sessionId, id);
	const reports = agentReports(data);
	addReports(reports);
	const outcome = detachedOutcome(data, reports);
	const { agents } = processState();
	const agent = agents.get(key);
	agents.delete(key);
	const name = agentName({ ...data, agents: reports.map((report) => report.name).filter(Boolean) });
	if (agent) agent.run.end({ ...outcome, name });
	else if (id) logEvent({ kind: "job", name, id: derivedID(sessionId, key), ...sessionFields(sessionId), ...outcome });
}

function detachedOutcome(data: Record<string, unknown>, reports: Report[]): Outcome & { error?: string } {
	const state = text(data["state"]);
	const usage = sumOf(reports.map((report) => report.usage));
	let status: EndStatus = data["success"] === false || state === "failed" ? "failed" : "succeeded";
	if (data["stopped"] === true || data["interrupted"] === true || state === "stopped") status = "cancelled";
	const ms = data["durationMs"];
	return {
		status,
		...(status === "succeeded" ? {} : { error: text(data["error"]) || text(data["summary"]) }),
		...(usage ? { usage } : {}),
		...(typeof ms === "number" && ms >= 0 ? { durationMs: ms } : {}),
	};
}

/** The process of a detached agent has ended: its result follows at once, or never. */
function endWithoutResult(data: Record<string, unknown>, sessionId: string): void {
	const key = agentKey(sessionId, text(data["runId"]) || idOf(data));
	const { agents } = processState();
	setTimeout(
		quiet(() => {
			const agent = agents.get(key);
			if (!agents.delete(key) || !agent) return;
			agent.run.end({ status: "failed", error: "the agent's process ended without a result" });
		}),
		PATIENCE,
	).unref();
}
