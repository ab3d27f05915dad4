/**
 * An extension that writes down what an extension sees, for record.mjs: each
 * event with the state of the abort signal and the origin of the tools.
 */

import { appendFileSync } from "node:fs";
import type { Context, Pi } from "../pi-track/pi.ts";

const events = ["session_start", "agent_start", "tool_execution_start", "tool_execution_end", "session_shutdown"];

type Anything = { on(event: string, handler: (data: object, ctx: Context) => void): void };

export default function (pi: Pi & Anything): void {
	for (const event of events) {
		(pi as Anything).on(event, (data, ctx) => {
			const tools = pi.getAllTools().map(({ name, sourceInfo }) => ({ name, sourceInfo }));
			const line = { event, data, aborted: ctx.signal?.aborted === true, session: ctx.sessionManager.getSessionId() };
			appendFileSync(process.env["RECORD"] ?? "/dev/null", `${JSON.stringify({ ...line, tools })}\n`);
		});
	}
}
