/**
 * The logger that any Pi extension may use. It has no dependencies, writes to
 * the same log as the PATH shims, never throws and never blocks.
 *
 *   import { logEvent, trackCommand, trackTool } from "../_shared/logger.ts";
 *
 * The pi-track extension records every tool and every command by itself;
 * trackTool and trackCommand are for authors who want the record even where
 * that extension is not installed. Where it is, they leave the recording to
 * it, so nothing is counted twice.
 */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { appendLine } from "./append.ts";
import { type EndStatus, type Event, encode, type Kind, type Rusage, type Scope, type Usage } from "./event.ts";
import { toolOutcome } from "./outcome.ts";
import { isDisabled, type Places, repoOf, resolvePlaces } from "./paths.ts";
import { field, message } from "./redact.ts";
import { processState } from "./state.ts";
import { isID, newID } from "./uuid.ts";
import { writer } from "./writer.ts";

export type { EndStatus, Event, Kind, Rusage, Scope, Status, Usage } from "./event.ts";
export { isID, newID } from "./uuid.ts";

/** What identifies a run. What is left out comes from the environment and the process. */
export interface RunInfo {
	/** A new one when left out. */
	id?: string;
	kind: Kind;
	name: string;
	scope?: Scope;
	cwd?: string;
	sessionId?: string;
	taskId?: string;
	/** The run that this one belongs to, and the outermost one. */
	parentId?: string;
	rootId?: string;
	callId?: string;
	ext?: string;
	src?: string;
	/** The model that the agent used. */
	model?: string;
	/** An experiment and the arm that the run is in. */
	experiment?: string;
	arm?: string;
}

/** What became of a run. */
export interface Outcome {
	status: EndStatus;
	/** Any text or thrown value; it is redacted and shortened before it is written. */
	error?: unknown;
	exitCode?: number;
	signal?: string;
	/** The rule by which the status is inferred from what a tool returned; none when it is declared. */
	inferred?: string;
	usage?: Usage;
	rusage?: Rusage;
	/** Where they became known only in the end. */
	name?: string;
	ext?: string;
	/** Whole milliseconds; measured from the start of the run when left out. */
	durationMs?: number;
}

/** A run whose start is in the log. */
export interface Run {
	readonly id: string;
	/** The outermost run that it belongs to; "" when that is itself. */
	readonly rootId: string;
	readonly info: RunInfo;
	/** Writes the end line; only the first call does anything. Never throws. */
	end(outcome: Outcome): void;
}

let places: Places | undefined;

/** Returns where this installation keeps things. */
export function currentPlaces(): Places {
	places ??= resolvePlaces(process.env, installRecord());
	return places;
}

/** Looks at the environment and the record of the installation anew. */
export function refreshPlaces(): Places {
	places = undefined;
	return currentPlaces();
}

/** The file that `pi-track install` writes beside the extension's index.js, which holds this module, and beside _shared. */
function installRecord(): string {
	try {
		const here = dirname(fileURLToPath(import.meta.url));
		const beside = join(here, "installed.json");
		return existsSync(beside) ? beside : join(here, "..", "installed.json");
	} catch {
		return "";
	}
}

/**
 * Appends one event, filling in what is left out: time, id, working
 * directory, repository, session, task, parent and process. Returns the run's
 * id, so that an end event can repeat it. Never throws.
 */
export function logEvent(fields: Partial<Event> & Pick<Event, "kind" | "name" | "status">): string {
	try {
		const event = complete(fields);
		write(event);
		return event.id;
	} catch {
		// Recording must never be the reason that something fails.
		return fields.id ?? "";
	}
}

/** Writes the start line of a run and returns the run. Never throws. */
export function startRun(info: RunInfo): Run {
	const begin = performance.now();
	let event: Event | undefined;
	try {
		event = complete({ ...info, status: "started" });
		write(event);
	} catch {
		// A run that could not be recorded ends unrecorded.
	}
	return {
		id: event?.id ?? "",
		rootId: event?.rootId ?? "",
		info,
		end(outcome: Outcome): void {
			if (event === undefined) return;
			const end = event;
			event = undefined;
			const { durationMs = performance.now() - begin } = outcome;
			try {
				const error = outcome.status === "succeeded" ? "" : message(errorText(outcome.error), process.env);
				Object.assign(end, outcome, { ts: Date.now(), durationMs: Math.round(durationMs), error });
				write(end);
			} catch {
				// See above.
			}
		},
	};
}

function write(event: Event): void {
	if (isDisabled(process.env)) return;
	const at = currentPlaces();
	clean(event);
	appendLine(at.log, encode(event), at.home);
}

/** Removes control characters and tokens from what callers choose. */
function clean(event: Event): void {
	event.name = field(event.name) || "?";
	for (const key of chosen) {
		const value = event[key];
		if (value) event[key] = field(value);
	}
	if (event.usage?.model) event.usage = { ...event.usage, model: field(event.usage.model) };
}

const chosen = [
	"cwd",
	"repo",
	"sessionId",
	"taskId",
	"parentId",
	"rootId",
	"callId",
	"ext",
	"rev",
	"agent",
	"model",
	"experiment",
	"arm",
	"writer",
	"inferred",
] as const;

function complete(fields: Partial<Event> & Pick<Event, "kind" | "name" | "status">): Event {
	const ts = Date.now();
	const env = process.env;
	const cwd = fields.cwd ?? workingDirectory();
	const parent = env["PI_TRACK_PARENT"];
	const root = env["PI_TRACK_ROOT"];
	const known = isID(parent);
	const event: Event = {
		ts,
		id: newID(ts),
		scope: "global",
		repo: repoOf(cwd),
		sessionId: env["PI_SESSION_ID"] || env["PI_TRACK_SESSION"] || "",
		taskId: env["PI_TASK_ID"] || env["PI_JOB_ID"] || "",
		parentId: known ? parent : "",
		rootId: known ? (isID(root) ? root : parent) : "",
		host: currentPlaces().host,
		pid: process.pid,
		agent: env["PI_TRACK_AGENT"] ?? "",
		model: env["PI_TRACK_MODEL"] ?? "",
		src: "extension",
		writer: fields.status === "started" ? writer() : "",
		...fields,
		cwd,
	};
	if (event.error) event.error = message(event.error, env);
	return event;
}

function workingDirectory(): string {
	try {
		return process.cwd();
	} catch {
		return ""; // It has been removed.
	}
}

/** Turns a thrown value into text. Never throws, whatever was thrown. */
export function errorText(error: unknown): string {
	try {
		if (error === undefined || error === null) return "";
		if (typeof error === "string") return error;
		if (error instanceof Error) return error.message || error.name;
		const message = (error as { message?: unknown }).message;
		return typeof message === "string" ? message : String(error);
	} catch {
		return "unknown error";
	}
}

/** Says how a run that threw ended: an AbortError is a cancellation. */
export function thrownStatus(error: unknown): EndStatus {
	try {
		return (error as { name?: unknown } | undefined)?.name === "AbortError" ? "cancelled" : "failed";
	} catch {
		return "failed";
	}
}

/**
 * Calls body and writes the end of run when it returns, throws, resolves or
 * rejects. The result and the error are passed on untouched.
 */
export function follow<T>(run: Run, body: () => T, judge: (value: Awaited<T>) => Outcome = succeeded): T {
	const failed = (error: unknown): never => {
		run.end({ status: thrownStatus(error), error });
		throw error;
	};
	let result: T;
	try {
		result = body();
	} catch (error) {
		return failed(error);
	}
	if (!isThenable(result)) {
		run.end(judge(result as Awaited<T>));
		return result;
	}
	const passOn = (value: Awaited<T>): Awaited<T> => {
		run.end(judge(value));
		return value;
	};
	return result.then(passOn as (value: unknown) => unknown, failed) as T;
}

function succeeded(): Outcome {
	return { status: "succeeded" };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
	return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** Pi's context, as far as the logger needs it. */
interface Context {
	cwd?: string;
	sessionManager?: { getSessionId?(): string };
	signal?: AbortSignal | undefined;
}

/** Takes session id and directory as strings: after the session is replaced, the context throws. */
export function fromContext(ctx: unknown): { cwd?: string; sessionId?: string } {
	const found: { cwd?: string; sessionId?: string } = {};
	try {
		const context = ctx as Context;
		if (typeof context.cwd === "string") found.cwd = context.cwd;
		const id = context.sessionManager?.getSessionId?.();
		if (typeof id === "string") found.sessionId = id;
	} catch {
		// A stale context: the environment's session id is used instead.
	}
	return found;
}

type Handler = (...args: never[]) => unknown;

/**
 * Registers a command whose runs are recorded. Same parameters as
 * pi.registerCommand; options.ext names the extension.
 */
export function trackCommand<D extends { handler: Handler }>(
	pi: { registerCommand(name: string, definition: D): void },
	name: string,
	definition: D,
	options: { ext?: string; scope?: Scope } = {},
): void {
	const original = definition.handler as (...args: unknown[]) => unknown;
	const handler = function (this: unknown, ...args: unknown[]): unknown {
		const state = processState();
		if (state.hooked && state.instances.length > 0) return original.apply(this, args);
		const run = startRun({ kind: "extension_command", name, ...options, ...fromContext(args[1]) });
		return follow(run, () => original.apply(this, args));
	};
	pi.registerCommand(name, { ...definition, handler: handler as unknown as D["handler"] });
}

/**
 * Registers a tool whose calls are recorded. Same parameter as
 * pi.registerTool; options.ext names the extension.
 */
export function trackTool<D extends { name: string; execute: Handler }>(
	pi: { registerTool(definition: D): void },
	definition: D,
	options: { ext?: string; scope?: Scope } = {},
): void {
	const original = definition.execute as (...args: unknown[]) => unknown;
	const execute = function (this: unknown, ...args: unknown[]): unknown {
		if (processState().instances.length > 0) return original.apply(this, args);
		const callId = typeof args[0] === "string" ? { callId: args[0] } : {};
		const run = startRun({
			kind: "extension_tool",
			name: definition.name,
			...callId,
			...options,
			...fromContext(args[4]),
		});
		const signal = args[2] as AbortSignal | undefined;
		return follow(
			run,
			() => original.apply(this, args),
			(value) => toolOutcome(value, signal),
		);
	};
	pi.registerTool({ ...definition, execute: execute as unknown as D["execute"] });
}
