/**
 * Marks the handlers of pi-track's own commands, which are no helpers: asking
 * for the report must not appear in it.
 */

const mark = Symbol.for("pi-track.own");

/** Marks the handler and returns it. The mark holds for every instance in this process. */
export function own<H extends object>(handler: H): H {
	return Object.defineProperty(handler, mark, { value: true });
}

/** Says whether the handler is that of a command of pi-track's. */
export function isOwn(handler: object | undefined): boolean {
	return handler !== undefined && mark in handler;
}
