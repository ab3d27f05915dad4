/**
 * Tells what became of a tool call from what the tool returned. Tools report
 * their failures in conventions of their own more often than by throwing;
 * docs/events.md lists what counts. The import of past sessions has the same
 * rules (Go's package piimport); both are tested with the same table,
 * internal/piimport/testdata/outcomes.jsonl.
 */

import type { EndStatus } from "./event.ts";

/** The outcome of a call. */
export interface Verdict {
	status: EndStatus;
	/** The rule, when the outcome is inferred from what the tool returned. */
	inferred?: string;
	/** What the details say of the failure. */
	reason?: string;
}

type Members = Record<string, unknown>;

const succeeded: Verdict = { status: "succeeded" };

/**
 * Judges a result by its text and its details. failed says that Pi or the
 * tool declares it an error.
 */
export function judge(text: string, value: unknown, failed: boolean): Verdict {
	const details = isMembers(value) ? value : {};
	const found = saysCancelled(text, details) ?? byDetails(details, text) ?? byText(text);
	if (failed) {
		// Declared: only a person's no makes something else of it.
		const inferred = found?.status === "cancelled" && !startsWithError(text) ? found : undefined;
		return inferred ?? { status: "failed", ...(found?.reason === undefined ? {} : { reason: found.reason }) };
	}
	return found ?? succeeded;
}

/** What a text says when a person cancelled; of one line. */
const cancellation = [
	/^cancell?ed: /i,
	/^(the )?(user|person) (has )?(cancell?ed|aborted|dismissed)( (the|this|that|it)( [a-z]+){0,3})?[.!]?$/i,
	/^(the |this )?((operation|request|command|call|tool|question|dialog|prompt|execution|selection|input) )?(was |has been )?(cancell?ed|aborted|dismissed)[.!]?$/i,
	/^([a-z]+ ){0,4}(cancell?ed|aborted|dismissed) by (the )?(user|person)\b/i,
];

/** What an agent or a tool calls its end. */
const failures = /^(error|errored|failed|failure|timeout|timed[ _-]?out|crashed)$/i;
const cancellations = /^(cancell?ed|aborted|stopped|interrupted)$/i;

/** Actions that ask for the state of something else, and those whose purpose is to end it. */
const asking = /^(list|ls|status|get|show|output|logs?|inspect|info|poll|history|describe|view)([_-].*)?$/i;
const ending = /^(cancel|abort|stop|kill|dismiss|interrupt)([_-].*)?$/i;

/** Members that name something of which the details tell the state. */
const thing = /^(process|job|build|deployment|service|container|pod|pipeline)(s|es|Id|_id|Status)?$/;

/** A person cancelled: the details say so, or the text. */
function saysCancelled(text: string, details: Members): Verdict | undefined {
	const action = actionOf(details);
	for (const key of ["cancelled", "canceled", "aborted"]) {
		if (details[key] !== true || ending.test(action)) continue;
		// Without a user interface the same tools report an error that way.
		if (startsWithError(text)) return { status: "failed", inferred: "text" };
		if (details["timedOut"] === true) break;
		return { status: "cancelled", inferred: `details.${key}` };
	}
	if (oneLine(text) && cancellation.some((form) => form.test(text.trim())))
		return { status: "cancelled", inferred: "text" };
	return undefined;
}

function byDetails(details: Members, text: string): Verdict | undefined {
	const action = actionOf(details);
	const state = asking.test(action) || ending.test(action) || Object.keys(details).some((key) => thing.test(key));
	return byFlags(details) ?? (state ? undefined : byEnd(details, text)) ?? byAgents(details["results"]);
}

/** What the details declare of the call itself. */
function byFlags(details: Members): Verdict | undefined {
	const { error } = details;
	if (filled(error)) {
		const reason = errorText(error);
		const word = reason ?? "";
		if (cancellations.test(word)) return { status: "cancelled", inferred: "details.error" };
		return { status: "failed", inferred: "details.error", ...(reason === undefined ? {} : { reason }) };
	}
	const asks = asking.test(actionOf(details));
	for (const key of ["isError", "failed", "blocked", "timedOut"]) {
		// Asked how something is, or waiting for it, the call has not failed.
		if (details[key] === true && !(asks && key !== "isError")) return failedBy(`details.${key}`, details);
	}
	// A response that was asked for has a status of its own.
	const response = responses.some((key) => typeof details[key] === "number");
	const inner = isMembers(details["result"]) ? details["result"] : {};
	for (const key of ["ok", "success"]) {
		if (details[key] === false && !response) return failedBy(`details.${key}`, details);
		if (inner[key] === false && !response) return failedBy(`details.result.${key}`, inner);
	}
	return undefined;
}

/** Members that hold the status of an HTTP response. */
const responses = ["status", "statusCode", "status_code", "httpStatus", "http_status"];

/** How the work of the call ended: its status, or that of its program. */
function byEnd(details: Members, text: string): Verdict | undefined {
	for (const key of ["status", "outcome"]) {
		const word = details[key];
		if (typeof word !== "string") continue;
		if (failures.test(word)) return failedBy(`details.${key}`, details);
		if (cancellations.test(word)) return { status: "cancelled", inferred: `details.${key}` };
	}
	if (errorText(details["errorCode"]) !== undefined) return failedBy("details.errorCode", details);
	const ran = "stdout" in details || "stderr" in details; // a program
	for (const key of ran ? ["exitCode", "exit_code", "code"] : ["exitCode", "exit_code"]) {
		const verdict = byExit(details[key], key, details, text) ?? bySignal(details[key], details["signal"], details);
		if (verdict) return verdict;
	}
	return ran && details["killed"] === true ? failedBy("details.killed", details) : undefined;
}

/** A program that a signal ended has no exit code. */
function bySignal(code: unknown, signal: unknown, details: Members): Verdict | undefined {
	if (code !== null || typeof signal !== "string" || !signal.startsWith("SIG")) return undefined;
	return signal === "SIGINT"
		? { status: "cancelled", inferred: "details.signal" }
		: failedBy("details.signal", details);
}

function byExit(value: unknown, key: string, details: Members, text: string): Verdict | undefined {
	const code = typeof value === "string" && /^[0-9]{1,3}$/.test(value) ? Number(value) : value;
	if (typeof code !== "number" || code === 0) return undefined;
	if (code === 130) return { status: "cancelled", inferred: `details.${key}` };
	if (code === 1 && /^no (matches|results|files|differences|changes)\b/i.test(text)) return undefined; // grep, diff
	return failedBy(`details.${key}`, details);
}

/** Agents that the call ran: it has failed when one of them has. */
function byAgents(results: unknown): Verdict | undefined {
	if (!Array.isArray(results)) return undefined;
	let verdict: Verdict | undefined;
	for (const agent of results as unknown[]) {
		if (!isMembers(agent)) continue;
		const { exitCode, stopReason } = agent;
		const cancelled = stopReason === "aborted" || exitCode === 130;
		if (stopReason === "error" || (typeof exitCode === "number" && exitCode !== 0 && !cancelled)) {
			return failedBy("details.results", agent);
		}
		if (cancelled) verdict = { status: "cancelled", inferred: "details.results" };
	}
	return verdict;
}

/** A text of one line that begins with Error: is a failure. */
function byText(text: string): Verdict | undefined {
	return startsWithError(text) && oneLine(text) ? { status: "failed", inferred: "text" } : undefined;
}

function failedBy(inferred: string, from: Members): Verdict {
	for (const key of ["errorMessage", "error", "reason", "message"]) {
		const reason = errorText(from[key]);
		if (reason !== undefined) return { status: "failed", inferred, reason };
	}
	return { status: "failed", inferred };
}

/** The text of an error in the details: itself, or its message. */
function errorText(error: unknown): string | undefined {
	const text = isMembers(error) ? (error["message"] ?? error["code"]) : error;
	return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

/** Says that an error in the details is one: not "", null, false, 0, {} or []. */
function filled(error: unknown): boolean {
	if (typeof error === "string") return error.trim() !== "";
	return isMembers(error) ? Object.keys(error).length > 0 : error === true;
}

function actionOf(details: Members): string {
	for (const key of ["action", "mode", "op", "operation"]) {
		const action = details[key];
		if (typeof action === "string") return action;
	}
	return "";
}

function startsWithError(text: string): boolean {
	return /^error:/i.test(text);
}

function oneLine(text: string): boolean {
	return !text.trim().includes("\n");
}

function isMembers(value: unknown): value is Members {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
