/**
 * Adds what Pi spends on models to the run that started Pi: a job or a loop
 * behind a shim, or `pi-track run`. Each answer of a model becomes one line
 * in open/ID.usage beside that run's black box; the supervisor sums them into
 * the end event. A nested Pi inherits PI_TRACK_PARENT and writes its own
 * answers, so what tools report of their agents is not added here.
 */

import { closeSync, constants, existsSync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeUsage } from "../_shared/event.ts";
import { currentPlaces, isID } from "../_shared/logger.ts";
import { usageOf } from "../_shared/outcome.ts";

const flags =
	constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);

/** The run that Pi belongs to, or undefined. */
export function parentRun(): string | undefined {
	const id = process.env["PI_TRACK_PARENT"];
	return isID(id) ? id : undefined;
}

/** Adds the usage of a finished message, if it is a model's answer, to the run. */
export function addMessageUsage(message: object, run: string): void {
	const { role, usage: reported, model } = message as { role?: unknown; usage?: unknown; model?: unknown };
	if (role !== "assistant") return;
	const usage = usageOf(reported);
	if (!usage) return;
	if (typeof model === "string") usage.model = model;
	const box = join(currentPlaces().home, "open", run);
	if (!existsSync(box)) return; // The run has ended: nobody would read the file.
	const file = `${box}.usage`;
	const fd = openSync(file, flags, 0o600);
	try {
		writeSync(fd, `${encodeUsage(usage, 256)}\n`);
	} finally {
		closeSync(fd);
	}
	if (!existsSync(box)) unlinkSync(file);
}
