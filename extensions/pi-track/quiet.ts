/** Keeps every trouble of this extension away from Pi. */

import { currentPlaces, errorText } from "../_shared/logger.ts";
import { note } from "../_shared/note.ts";

/** Wraps a handler so that nothing it does can reach Pi: it never throws, and the answer is left out. */
export function quiet<A extends unknown[]>(handler: (...args: A) => void): (...args: A) => void {
	return (...args) => {
		try {
			handler(...args);
		} catch (error) {
			trouble(error);
		}
	};
}

/** Leaves a note for `pi-track doctor`. */
export function trouble(error: unknown): void {
	note(currentPlaces().home, `extension: ${errorText(error)}`);
}
