/**
 * What has to survive a reload. Pi loads an extension's modules anew on
 * /reload and for every new session, in the same process, so whatever spans
 * sessions lives in one object on globalThis. Two installations of the
 * extension share it too, which is how they avoid counting twice.
 */

import type { Run } from "./logger.ts";
import type { Experiment } from "./lot.ts";

/** Records a command; see extensions/pi-track/commands.ts. */
export type CommandRecorder = (command: object, ctx: unknown) => Run | undefined;

/** One loaded instance of the extension. */
export interface Instance {
	/** The directory it was loaded from. */
	readonly dir: string;
	readonly recordCommand: CommandRecorder;
}

/** An agent that works beside the call that started it; see extensions/pi-track/agents.ts. */
export interface Agent {
	run: Run;
	/** The session that started it. */
	sessionId: string;
	/** The key of the call that started it, if that is known. */
	call?: string;
	/** Its own session, where it runs in this process and has extensions. */
	child?: string;
	/** It goes on when Pi quits. */
	detached: boolean;
}

/** The run that a run belongs to, and the outermost one; missing where the environment says it. */
export interface Lineage {
	parentId?: string;
	rootId?: string;
}

export interface State {
	/** Loaded instances, oldest first; the last one records commands. */
	instances: Instance[];
	/** The session that Pi itself runs, with its context, while there is one. */
	main?: { id: string; ctx: object };
	/** What started the other sessions of this process, by session id. */
	lineages: Map<string, Lineage>;
	/** What started the one of them that is being replaced by another. */
	replaced?: Lineage;
	/** Keys of the running tools of those sessions. */
	childCalls: Set<string>;
	/** Which instance records the events of a session, by session id. */
	owners: Map<string, Instance>;
	/** Arguments of the calls that have not ended, by the key of the call; they are never recorded. */
	args: Map<string, unknown>;
	/** Agents that have not ended, by a key of their own. */
	agents: Map<string, Agent>;
	/** Sessions whose usage has been reported to the session that started them. */
	counted: Set<string>;
	/** Runs that have not ended, by a key of their own. */
	open: Map<string, Run>;
	/** Set once the prototype of Pi's ExtensionRunner is wrapped. */
	hooked: boolean;
	/** The experiments of tools, as last read. */
	experiments?: Experiment[];
	/** Set once open runs are closed at the exit of the process. */
	exitHook: boolean;
	/** PI_TASK_ID as Pi was started with. */
	readonly startTask: string | undefined;
	/** Whether another Pi, which may report what this one spends, is around this one. */
	readonly nested: boolean;
	/** Tasks set by /task, by session id. */
	tasks: Map<string, string>;
	/** What this extension last set PI_TASK_ID to. */
	setTask?: string;
}

const key = Symbol.for("pi-track.state.v1");

/**
 * Returns the state of this process. What an older version of this extension,
 * replaced by a reload, did not have is added.
 */
export function processState(): State {
	const holder = globalThis as { [key]?: State };
	const state = holder[key];
	if (state?.counted) return state;
	holder[key] = Object.assign(state ?? {}, { ...fresh(), ...state });
	return holder[key];
}

function fresh(): State {
	return {
		instances: [],
		owners: new Map(),
		lineages: new Map(),
		childCalls: new Set(),
		args: new Map(),
		agents: new Map(),
		counted: new Set(),
		open: new Map(),
		hooked: false,
		exitHook: false,
		startTask: process.env["PI_TASK_ID"],
		nested: Boolean(process.env["PI_TRACK_SESSION"]),
		tasks: new Map(),
	};
}
