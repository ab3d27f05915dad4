/**
 * Adds what Pi spends on models to the run that started Pi: a job or a loop
 * behind a shim, or `pi-track run`. Each answer of a model becomes one line
 * in open/ID.usage beside that run's black box; the supervisor sums them into
 * the end event.
 *
 * A nested Pi inherits PI_TRACK_PARENT and writes its own answers, and so does
 * an agent in this process that has extensions. What a tool or an agent
 * reports is added only as far as no such session has written it.
 */

import { closeSync, constants, existsSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeUsage } from "../_shared/event.ts";
import { currentPlaces, isID, type Usage } from "../_shared/logger.ts";
import { addUsage, usageOf } from "../_shared/outcome.ts";
import { processState } from "../_shared/state.ts";
import { minus, type Report, record, text } from "./announced.ts";
import { isChild } from "./session.ts";

const flags =
	constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);

/** The run that Pi belongs to, or undefined. */
export function parentRun(): string | undefined {
	const id = process.env["PI_TRACK_PARENT"];
	return isID(id) ? id : undefined;
}

/** Adds the usage of a finished message, if it is a model's answer, to the run. */
export function addMessageUsage(message: object, run: string, sessionId: string): void {
	const { role, usage: reported, model } = message as { role?: unknown; usage?: unknown; model?: unknown };
	if (role !== "assistant") return;
	const usage = usageOf(reported);
	if (!usage) return;
	if (typeof model === "string") usage.model = model;
	append(run, usage, processState().nested || isChild(sessionId) ? sessionId : "");
}

/**
 * Appends a line, with the session where somebody else may report the same,
 * and only while the run has its box: afterwards nobody would read the file.
 */
function append(run: string, usage: Usage, sessionId = ""): void {
	const box = join(currentPlaces().home, "open", run);
	if (!existsSync(box)) return;
	const file = `${box}.usage`;
	const line = encodeUsage(usage, 256);
	const fd = openSync(file, flags, 0o600);
	try {
		writeSync(fd, sessionId ? `${line.slice(0, -1)},"session":${JSON.stringify(sessionId)}}\n` : `${line}\n`);
	} finally {
		closeSync(fd);
	}
	if (!existsSync(box)) unlinkSync(file);
}

/** Adds what of the reports no session has written to the run that Pi belongs to. */
export function addReports(reports: readonly Report[]): void {
	const run = parentRun();
	if (reports.length === 0 || run === undefined) return;
	const sums = writtenSums(run);
	const { counted } = processState();
	for (const session of counted) sums.delete(session);
	const left = reports.filter((report) => {
		const session = report.session ?? findEqual(sums, report.usage);
		if (session === undefined) return true;
		add(run, report.usage, sums, session);
		return false;
	});
	for (const { usage, agent } of left) add(run, usage, sums, agent ? findSmaller(sums, usage) : undefined);
}

/** Adds what of usage the session has not written, and counts that session as reported. */
function add(run: string, usage: Usage, sums: Map<string, Usage>, session: string | undefined): void {
	const written = session === undefined ? undefined : sums.get(session);
	if (session !== undefined && written) {
		sums.delete(session);
		processState().counted.add(session);
	}
	const rest = minus(usage, written);
	if (rest) append(run, rest);
}

/** What each session has written for the run. */
function writtenSums(run: string): Map<string, Usage> {
	const sums = new Map<string, Usage>();
	let lines: string[] = [];
	try {
		lines = readFileSync(join(currentPlaces().home, "open", `${run}.usage`), "utf8").split("\n");
	} catch {
		// Nobody has written yet.
	}
	for (const line of lines) {
		try {
			const { session, cache_read, cache_write, tokens, ...rest } = record(JSON.parse(line || "{}"));
			const usage = usageOf({ ...rest, cacheRead: cache_read, cacheWrite: cache_write, totalTokens: tokens });
			const id = text(session);
			const sum = sums.get(id);
			if (usage && id) sums.set(id, sum ? addUsage(sum, usage) : usage);
		} catch {
			// A torn line.
		}
	}
	return sums;
}

const sent = (usage: Usage): number => (usage.input ?? 0) + (usage.output ?? 0);

/** The session that has written just this. */
function findEqual(sums: Map<string, Usage>, usage: Usage): string | undefined {
	for (const [id, sum] of sums) if (sum.input === usage.input && sum.output === usage.output) return id;
	return undefined;
}

/** The session that has written the most of it: an agent that was ended may have told its caller more. */
function findSmaller(sums: Map<string, Usage>, usage: Usage): string | undefined {
	const own = processState();
	let best: string | undefined;
	for (const [id, sum] of sums) {
		const fits = (sum.input ?? 0) <= (usage.input ?? 0) && (sum.output ?? 0) <= (usage.output ?? 0);
		if (!fits || own.main?.id === id || own.lineages.has(id)) continue;
		if (best === undefined || sent(sum) > sent(sums.get(best) ?? {})) best = id;
	}
	return best;
}
