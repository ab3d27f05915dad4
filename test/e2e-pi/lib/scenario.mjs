// One scenario is one test per version of Pi, each in a World of its own.

import { test } from "node:test";
import { installPis } from "./install.mjs";
import { World } from "./world.mjs";

const pis = await installPis();

/**
 * Registers a test for every version of Pi.
 * @param {string} name
 * @param {object | ((pi: object) => object)} options for World.make
 * @param {(world: World) => Promise<void>} body
 */
export function scenario(name, options, body) {
	for (const pi of pis) {
		test(`${name} (${pi.version})`, { timeout: 400_000 }, async () => {
			const world = await World.make(pi, typeof options === "function" ? options(pi) : options);
			try {
				await body(world);
			} finally {
				await world.close();
			}
		});
	}
}
