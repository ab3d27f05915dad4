/**
 * Records extension commands. Pi tells nobody when a command runs, and each
 * extension registers its own with an interface of its own, so the one place
 * that sees them all is the runner's getCommand. It is wrapped once per
 * process; the wrapper asks the process state who records, because a reload
 * makes a new instance of this extension but keeps the runner's class.
 */

import { follow, fromContext, type Run, startRun } from "../_shared/logger.ts";
import { note } from "../_shared/note.ts";
import { processState } from "../_shared/state.ts";
import { originOf } from "./origin.ts";
import { isOwn } from "./own.ts";
import type { Command } from "./pi.ts";
import { commandKey, sessionFields } from "./session.ts";

/** Both names of Pi's package; each version knows at least its own. */
const packages = ["@mariozechner/pi-coding-agent", "@earendil-works/pi-coding-agent"];

/** Imports one of Pi's own modules by its name. */
export type Load = (name: string) => Promise<unknown>;

const mark = Symbol.for("pi-track.getCommand");

type GetCommand = (this: unknown, name: string) => Command | undefined;

/** The part of Pi's ExtensionRunner.prototype that matters here. */
export interface RunnerPrototype {
	getCommand?: GetCommand;
	[mark]?: true;
}

/**
 * Wraps the runner's getCommand if that has not been done yet. Where the
 * class cannot be found commands are not recorded, and a note says so.
 */
export async function hookCommands(home: string, load: Load): Promise<void> {
	const state = processState();
	if (state.hooked) return;
	const prototype = await findPrototype(load);
	if (prototype && wrapGetCommand(prototype)) state.hooked = true;
	else note(home, "extension: this Pi has no ExtensionRunner.getCommand: extension commands are not recorded");
}

/** Wraps getCommand of the runner's prototype, once. It is false when there is none. */
export function wrapGetCommand(prototype: RunnerPrototype): boolean {
	const original = prototype.getCommand;
	if (typeof original !== "function") return false;
	if (prototype[mark]) return true;
	Object.defineProperty(prototype, mark, { value: true });
	prototype.getCommand = function (this: unknown, name: string): Command | undefined {
		const command = original.call(this, name);
		return command && watched(command);
	};
	return true;
}

async function findPrototype(load: Load): Promise<RunnerPrototype | undefined> {
	for (const name of packages) {
		try {
			const module = (await load(name)) as { ExtensionRunner?: { prototype?: RunnerPrototype }; VERSION?: string };
			if (module.VERSION) process.env["PI_TRACK_AGENT"] = `pi ${module.VERSION}`;
			if (module.ExtensionRunner?.prototype) return module.ExtensionRunner.prototype;
		} catch {
			// This version goes by the other name.
		}
	}
	return undefined;
}

/** Returns a copy of the command whose handler is recorded when it runs. */
function watched(command: Command): Command {
	const handler = command.handler;
	const watchedHandler: Command["handler"] = function (this: unknown, args, ctx) {
		const instance = processState().instances.at(-1);
		const run = instance?.recordCommand(command, ctx);
		const call = (): Promise<void> => handler.call(this, args, ctx);
		return run ? follow(run, call) : call();
	};
	return { ...command, handler: watchedHandler };
}

let serial = 0;

/** Starts the run of a command; undefined when it is none of an extension, or pi-track's own. Never throws. */
export function recordCommand(command: object, ctx: unknown): Run | undefined {
	try {
		const { name, invocationName, sourceInfo, handler } = command as Command;
		const origin = originOf(sourceInfo);
		if (!origin || isOwn(handler)) return undefined;
		const found = fromContext(ctx);
		const session = found.sessionId === undefined ? {} : sessionFields(found.sessionId);
		const run = startRun({ kind: "extension_command", name: invocationName ?? name, ...origin, ...found, ...session });
		const open = processState().open;
		const key = commandKey(found.sessionId ?? "", serial++);
		open.set(key, run);
		return {
			...run,
			end(outcome): void {
				open.delete(key);
				run.end(outcome);
			},
		};
	} catch {
		return undefined;
	}
}
