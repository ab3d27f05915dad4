/**
 * Reads the outcome of a tool call from its result. Pi's versions differ in
 * what they report as an error, and tools have conventions of their own
 * (judge.ts); the cases are listed in docs/pi.md.
 */

import type { Usage } from "./event.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Outcome } from "./logger.ts";

/** The parts of a tool's result that are looked at; anything may be missing. */
interface Result {
	content?: unknown;
	details?: unknown;
	isError?: unknown;
	usage?: unknown;
}

/** The longest piece of a result's text that is looked at, in characters. */
const MAX_TEXT = 4096;

/**
 * Judges a tool call. isError is what Pi says of it (or undefined), signal
 * the one that the user's abort sets. Never throws.
 */
export function toolOutcome(value: unknown, signal?: AbortSignal, isError?: boolean): Outcome {
	try {
		const result: Result = typeof value === "object" && value !== null ? value : {};
		const text = resultText(result);
		const verdict: Verdict = signal?.aborted
			? { status: "cancelled" }
			: judge(text, result.details, isError === true || result.isError === true);
		const outcome: Outcome = { status: verdict.status };
		if (verdict.inferred !== undefined) outcome.inferred = verdict.inferred;
		const usage = resultUsage(result);
		if (usage) outcome.usage = usage;
		if (outcome.status !== "succeeded") outcome.error = withReason(text, verdict.reason);
		return outcome;
	} catch {
		return { status: isError ? "failed" : "succeeded" };
	}
}

/** Puts the reason that the details give behind the first line of the text, unless the text has it. */
function withReason(text: string, reason: string | undefined): string {
	if (reason === undefined || text.includes(reason)) return text;
	const [first = "", ...rest] = text.trim().split("\n");
	return [first, reason, ...rest].join("\n");
}

/**
 * Returns the beginning of the result's text. What Pi appends to the message
 * for bad arguments is left out: arguments are never logged.
 */
function resultText(result: Result): string {
	if (!Array.isArray(result.content)) return "";
	let text = "";
	for (const block of result.content as { type?: unknown; text?: unknown }[]) {
		if (block?.type !== "text" || typeof block.text !== "string") continue;
		text += (text ? "\n" : "") + block.text;
		if (text.length > MAX_TEXT) break;
	}
	if (text.startsWith("Validation failed for tool")) text = text.split("\n\nReceived arguments:")[0] ?? "";
	return text.slice(0, MAX_TEXT);
}

/** Returns the usage that a tool reports: its own, or the sum of its agents'. */
function resultUsage(result: Result): Usage | undefined {
	if (result.usage) return usageOf(result.usage);
	const agents = (result.details as { results?: unknown } | undefined)?.results;
	if (!Array.isArray(agents)) return undefined;
	let sum: Usage | undefined;
	for (const agent of agents as { usage?: unknown; model?: unknown }[]) {
		const one = usageOf(agent?.usage);
		if (!one) continue;
		if (typeof agent.model === "string") one.model = agent.model;
		sum = sum ? addUsage(sum, one) : one;
	}
	return sum;
}

/**
 * Reads a usage object of Pi: input, output, cacheRead, cacheWrite and
 * perhaps totalTokens (else their sum), cost as a number or as an object with
 * a total. Returns undefined when nothing is known.
 */
export function usageOf(value: unknown): Usage | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const from = value as Record<string, unknown>;
	const cost = from["cost"];
	const usage: Usage = {
		input: count(from["input"]),
		output: count(from["output"]),
		cacheRead: count(from["cacheRead"]),
		cacheWrite: count(from["cacheWrite"]),
		cost: count(typeof cost === "object" && cost !== null ? (cost as { total?: unknown }).total : cost),
	};
	const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = usage;
	usage.tokens = count(from["totalTokens"]) || input + output + cacheRead + cacheWrite;
	return usage.tokens > 0 || usage.cost ? usage : undefined;
}

/** Returns the sum of two usages; the model is the last one that is known. */
export function addUsage(a: Usage, b: Usage): Usage {
	const sum: Usage = {
		tokens: (a.tokens ?? 0) + (b.tokens ?? 0),
		input: (a.input ?? 0) + (b.input ?? 0),
		output: (a.output ?? 0) + (b.output ?? 0),
		cacheRead: (a.cacheRead ?? 0) + (b.cacheRead ?? 0),
		cacheWrite: (a.cacheWrite ?? 0) + (b.cacheWrite ?? 0),
		cost: (a.cost ?? 0) + (b.cost ?? 0),
	};
	const model = b.model ?? a.model;
	if (model !== undefined) sum.model = model;
	return sum;
}

function count(value: unknown): number {
	return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
