/**
 * Sends what is new to the sinks of shims.toml when Pi quits. `ship = true` in
 * the table [pi] of shims.toml asks for it. See docs/fleet.md.
 */

import { existsSync } from "node:fs";
import { currentPlaces } from "../_shared/logger.ts";
import { piSettings, readManifest } from "../_shared/manifest.ts";
import { startBeside } from "./program.ts";

/** Starts the sender, if it is asked for. It runs on its own, so Pi neither waits nor sees it. */
export function ship(): void {
	const { home, bin } = currentPlaces();
	if (!piSettings(readManifest(home)).ship || !existsSync(bin)) return;
	startBeside(bin, ["ship", "--for", "5m"], home);
}
