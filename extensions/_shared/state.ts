/**
 * What has to survive a reload. Pi loads an extension's modules anew on
 * /reload and for every new session, in the same process, so whatever spans
 * sessions lives in one object on globalThis. Two installations of the
 * extension share it too, which is how they avoid counting twice.
 */

import type { Run } from "./logger.ts";

/** Records a command; see extensions/pi-track/commands.ts. */
export type CommandRecorder = (command: object, ctx: unknown) => Run | undefined;

/** One loaded instance of the extension. */
export interface Instance {
	/** The directory it was loaded from. */
	readonly dir: string;
	readonly recordCommand: CommandRecorder;
}

export interface State {
	/** Loaded instances, oldest first; the last one records commands. */
	instances: Instance[];
	/** Which instance records the events of a session, by session id. */
	owners: Map<string, Instance>;
	/** Runs that have not ended, by a key of their own. */
	open: Map<string, Run>;
	/** Set once the prototype of Pi's ExtensionRunner is wrapped. */
	hooked: boolean;
	/** Set once open runs are closed at the exit of the process. */
	exitHook: boolean;
	/** PI_TASK_ID as Pi was started with. */
	readonly startTask: string | undefined;
	/** Tasks set by /task, by session id. */
	tasks: Map<string, string>;
	/** What this extension last set PI_TASK_ID to. */
	setTask?: string;
}

const key = Symbol.for("pi-track.state.v1");

/** Returns the state of this process. */
export function processState(): State {
	const holder = globalThis as { [key]?: State };
	holder[key] ??= {
		instances: [],
		owners: new Map(),
		open: new Map(),
		hooked: false,
		exitHook: false,
		startTask: process.env["PI_TASK_ID"],
		tasks: new Map(),
	};
	return holder[key];
}
