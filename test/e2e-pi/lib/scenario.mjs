// One scenario is one test per version of Pi, each in a World of its own.

import { test } from "node:test";
import { installPis } from "./install.mjs";
import { World } from "./world.mjs";

const pis = await installPis();

/**
 * Registers a test for every version of Pi that has what it is about.
 * @param {string} name
 * @param {object | ((pi: object) => object | Promise<object>)} options for World.make
 * @param {{on?: string[]}} [versions] the labels of those versions, all when left out
 * @param {(world: World) => Promise<void>} body
 */
export function scenario(name, options, versions, body = versions) {
	for (const pi of pis) {
		if (versions.on && !versions.on.includes(pi.label)) continue;
		test(`${name} (${pi.version})`, { timeout: 400_000 }, async () => {
			const world = await World.make(pi, typeof options === "function" ? await options(pi) : options);
			try {
				await body(world);
			} catch (error) {
				await world.close().catch(() => {}); // what failed first is the cause
				throw error;
			}
			await world.close();
		});
	}
}
