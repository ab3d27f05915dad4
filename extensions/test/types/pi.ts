/**
 * Compiles only if the real package accepts the extension: its default export
 * is a factory for the package's ExtensionAPI, and the runner that commands.ts
 * wraps has the method it wraps. "pi" is one of Pi's packages, see run.mjs.
 */

import type { ExtensionAPI, ExtensionContext, ExtensionFactory, ExtensionRunner } from "pi";
import { trackCommand, trackTool } from "../../_shared/logger.ts";
import factory from "../../pi-track/index.ts";
import type { Command, Context, Pi, ToolEnd, ToolStart } from "../../pi-track/pi.ts";

// Were the package's types missing, everything below would be any and pass.
type IsAny<T> = 0 extends 1 & T ? true : false;
export const real: [IsAny<ExtensionAPI>, IsAny<ExtensionContext>, IsAny<ExtensionRunner>] = [false, false, false];

export const accepted: ExtensionFactory = factory;

export function api(pi: ExtensionAPI, ctx: ExtensionContext): [Pi, Context] {
	trackCommand(pi, "name", { description: "d", handler: async (args, c) => c.ui.notify(args) });
	return [pi, ctx];
}

export function events(pi: ExtensionAPI): void {
	pi.on("tool_execution_start", (event) => void (event satisfies ToolStart));
	pi.on("tool_execution_end", (event) => void (event satisfies ToolEnd));
	trackTool(pi, {} as Parameters<typeof pi.registerTool>[0]);
}

export function command(runner: ExtensionRunner): Pick<Command, "name" | "invocationName" | "sourceInfo"> | undefined {
	return runner.getCommand("name");
}

export const wrapped: keyof typeof ExtensionRunner.prototype = "getCommand";
