/** What the tests of the extension share: a throwaway home, and stand-ins for Pi's objects. */

import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refreshPlaces } from "../_shared/logger.ts";
import { forgetRepos } from "../_shared/paths.ts";
import { processState } from "../_shared/state.ts";
import type { CommandInfo, Context, Pi, SourceInfo } from "../pi-track/pi.ts";

export type Line = Record<string, unknown> & { name: string; status: string };

const variables = [
	"PATH",
	"PI_SESSION_ID",
	"PI_TASK_ID",
	"PI_JOB_ID",
	"PI_TRACK_AGENT",
	"PI_TRACK_DISABLE",
	"PI_TRACK_EXPERIMENTS",
	"PI_TRACK_HOME",
	"PI_TRACK_LOG",
	"PI_TRACK_MODEL",
	"PI_TRACK_PARENT",
	"PI_TRACK_ROOT",
	"PI_TRACK_SESSION",
];

/** A home of pi-track for one test, with a clean environment and process state. */
export class World {
	readonly home = mkdtempSync(join(tmpdir(), "pi-track-"));
	readonly #saved = variables.map((name) => [name, process.env[name]] as const);

	constructor() {
		for (const name of variables.slice(1)) delete process.env[name];
		process.env["PI_TRACK_HOME"] = this.home;
		mkdirSync(join(this.home, "open"));
		mkdirSync(join(this.home, "bin"));
		this.forget();
		refreshPlaces();
		forgetRepos();
	}

	forget(): void {
		const state = processState();
		state.instances = [];
		for (const map of [state.owners, state.open, state.tasks, state.lineages, state.agents, state.args]) map.clear();
		for (const set of [state.childCalls, state.counted]) set.clear();
		delete state.experiments;
		delete state.main;
		delete state.replaced;
	}

	close(): void {
		this.forget();
		for (const [name, value] of this.#saved) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
		refreshPlaces();
		rmSync(this.home, { recursive: true, force: true });
	}

	/** The events of the log. */
	lines(): Line[] {
		const log = join(this.home, "events.jsonl");
		if (!existsSync(log)) return [];
		return readFileSync(log, "utf8")
			.split("\n")
			.filter(Boolean)
			.map((line) => JSON.parse(line) as Line);
	}

	/** The end events as `name status`. */
	ends(): string[] {
		return this.lines()
			.filter((line) => line.status !== "started")
			.map((line) => `${line.name} ${line.status}`);
	}

	/** Puts a program in the place of pi-track. */
	program(script: string): void {
		writeFileSync(join(this.home, "bin", "pi-track"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	}
}

type Handler = (event: object, ctx: Context) => unknown;
interface RegisteredTool {
	name: string;
	execute(id: string, args: object): Promise<{ content: object[] }>;
}
type Registered = Parameters<Pi["registerCommand"]>[1];

/** A stand-in for the ExtensionAPI that one extension gets. */
export class FakePi {
	readonly handlers = new Map<string, Handler[]>();
	readonly commands = new Map<string, Registered>();
	readonly entries: { customType: string; data: unknown }[] = [];
	/** Names of other extensions' commands and of prompt templates, as Pi lists them. */
	foreign: string[] = [];
	/** Skills and prompt templates. */
	resources: CommandInfo[] = [];
	tools: { name: string; sourceInfo: SourceInfo }[] = [];
	readonly bus = new EventEmitter();
	readonly events = {
		on: (channel: string, handler: (data: unknown) => void): (() => void) => {
			this.bus.on(channel, handler);
			return () => this.bus.off(channel, handler);
		},
	};

	get api(): Pi {
		return this as unknown as Pi;
	}

	on(event: string, handler: Handler): void {
		this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
	}

	/** Calls the handlers as Pi does; they must not throw and must answer nothing. */
	emit(event: string, data: object, ctx: Context): void {
		for (const handler of this.handlers.get(event) ?? []) {
			const answer = handler(data, ctx);
			if (answer !== undefined) throw new Error(`the handler of ${event} answered`);
		}
	}

	/** Names of the active tools; undefined is all. */
	active: string[] | undefined;

	getActiveTools(): string[] {
		return this.active ?? this.tools.map((tool) => tool.name);
	}

	setActiveTools(names: string[]): void {
		this.active = names;
	}

	getAllTools(): FakePi["tools"] {
		return this.tools;
	}

	appendEntry(customType: string, data: unknown): void {
		this.entries.push({ customType, data });
	}

	getCommands(): CommandInfo[] {
		const extension = [...this.foreign, ...this.commands.keys()].map((name) => ({ name, source: "extension" }));
		return [...extension, ...this.resources];
	}

	readonly registered: RegisteredTool[] = [];

	registerTool(tool: RegisteredTool): void {
		this.registered.push(tool);
	}

	registerCommand(name: string, definition: Registered): void {
		this.commands.set(name, definition);
	}

	async command(name: string, args: string, ctx: Context): Promise<void> {
		const command = this.commands.get(name);
		if (!command) throw new Error(`no command ${name}`);
		await command.handler(args, ctx);
	}
}

/** What a test wants to see of a context: the texts shown to the user. */
export interface FakeContext extends Context {
	shown: string[];
	entries: { id: string; parentId: string | null; [key: string]: unknown }[];
}

/** A stand-in for the context of a session. */
export function fakeContext(sessionId = "session-1", more: Partial<Context> = {}): FakeContext {
	const shown: string[] = [];
	const entries: FakeContext["entries"] = [];
	return {
		cwd: "/",
		hasUI: true,
		signal: undefined,
		shown,
		entries,
		ui: {
			notify: (message) => void shown.push(message),
			select: async () => undefined,
			confirm: async () => false,
		},
		sessionManager: {
			getSessionId: () => sessionId,
			getSessionName: () => undefined,
			getEntries: () => entries,
			getLeafId: () => entries.at(-1)?.id ?? null,
			getEntry: (id) => entries.find((entry) => entry.id === id),
		},
		...more,
	};
}

/** The source of an extension's tool or command. */
export function source(path: string, scope = "user", kind = "auto"): SourceInfo {
	return { path, scope, source: kind };
}

/** Waits until check holds; fails after a time that even a busy machine does not need. */
export async function until(what: string, check: () => boolean): Promise<void> {
	const deadline = performance.now() + 60_000;
	while (!check()) {
		if (performance.now() > deadline) throw new Error(`never: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
