/** Reads what packages say of their agents: nothing of it can be relied on to be there. */

import type { Usage } from "../_shared/logger.ts";
import { addUsage, usageOf } from "../_shared/outcome.ts";

/** What a tool or an agent says that it has spent. */
export interface Report {
	usage: Usage;
	/** An agent, which may have counted its answers itself; else a tool's own calls of a model. */
	agent: boolean;
	/** The agent's session, if it is known; "" for one that nobody counts. */
	session?: string;
	name?: string;
}

/** Returns value as an object, an empty one when it is none. */
export function record(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Returns value if it is a text, else "". */
export function text(value: unknown): string {
	return typeof value === "string" ? value : "";
}

/** The reports of the agents in the details of a result, or in the announcement of an agent's end. */
export function agentReports(data: Record<string, unknown>): Report[] {
	const nested = record(record(data["workflow"])["value"]);
	for (const source of [data, nested]) {
		const found = reportsOf(source["results"]);
		if (found.length > 0) return found;
	}
	return [];
}

function reportsOf(results: unknown): Report[] {
	if (!Array.isArray(results)) return [];
	const reports: Report[] = [];
	for (const result of results.map(record)) {
		const usage = usageOf(result["usage"]);
		if (!usage) continue;
		const model = text(result["model"]);
		if (model) usage.model = model;
		// <time>_<session id>.jsonl
		const session = /_([0-9a-f-]{36})\.jsonl$/.exec(text(result["sessionFile"]))?.[1];
		const name = text(result["agent"]);
		reports.push({ usage, agent: true, name, ...(session === undefined ? {} : { session }) });
	}
	return reports;
}

/** What a tool's result reports: its agents, and what it spent besides. */
export function resultReports(result: unknown): Report[] {
	const { usage: whole, details } = record(result);
	const reports = agentReports(record(details));
	const own = usageOf(whole);
	if (!own) return reports;
	const rest = minus(own, sumOf(reports.map((report) => report.usage)));
	return rest ? [...reports, { usage: rest, agent: false }] : reports;
}

/** Returns the sum; undefined for none. */
export function sumOf(usages: readonly Usage[]): Usage | undefined {
	return usages.length === 0 ? undefined : usages.reduce(addUsage);
}

const parts = ["tokens", "input", "output", "cacheRead", "cacheWrite", "cost"] as const;

/** Returns what of a is not in b, nothing less than zero; undefined when that is nothing. */
export function minus(a: Usage, b: Usage | undefined): Usage | undefined {
	const rest: Usage = { ...a };
	for (const part of parts) rest[part] = Math.max(0, (a[part] ?? 0) - (b?.[part] ?? 0));
	return rest.tokens || (rest.cost ?? 0) > 1e-9 ? rest : undefined;
}
