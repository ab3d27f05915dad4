/** Finds the call behind something that happens while calls run. */

import { processState } from "../_shared/state.ts";
import { toolKey } from "./session.ts";

/**
 * Returns the key of the session's running call that has started an agent:
 * one whose arguments hold all of the words, else the only one. Calls that
 * have started an agent already come last.
 */
export function findCall(sessionId: string, words: readonly string[]): string | undefined {
	const { agents, args, open } = processState();
	const keys = [...args.keys()].filter((key) => key.startsWith(toolKey(sessionId, "")) && open.has(key));
	const taken = new Set([...agents.values()].map((agent) => agent.call));
	const fits = keys.filter((key) => holdsAll(args.get(key), words));
	const candidates = fits.length > 0 ? fits : keys.length === 1 ? keys : [];
	return candidates.find((key) => !taken.has(key)) ?? candidates[0];
}

function holdsAll(value: unknown, words: readonly string[]): boolean {
	const strings = new Set<string>();
	const collect = (part: unknown, depth: number): void => {
		if (typeof part === "string") strings.add(part);
		else if (depth > 0 && typeof part === "object" && part !== null) {
			for (const inner of Object.values(part)) collect(inner, depth - 1);
		}
	};
	collect(value, 4);
	return words.every((word) => word === "" || strings.has(word));
}
