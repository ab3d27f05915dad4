// A loopback stand-in for a model provider: it speaks the streaming form of
// the Chat Completions API and plays scripted conversations.
//
// A script is a list of replies. The user's text chooses it by name
// ("play:NAME" anywhere in it), and the number of assistant messages since
// that text says which reply is due, so the stand-in keeps no state and any
// number of (nested) Pis may talk to it at the same time.
//
// A reply: {text?, tools?: [{name, args, id?}], usage?: {input, output},
// hang?: true, status?: number}. A reply that hangs sends its first words and
// nothing more; one with a status is an error of the provider.

import { createServer } from "node:http";

const text = (content) =>
	typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("");

function dueReply(messages, scripts) {
	let last = messages.length - 1;
	while (last >= 0 && messages[last].role !== "user") last--;
	const name = /play:([\w-]+)/.exec(text(messages[last]?.content))?.[1];
	if (!name) return { text: "Hello." };
	if (!scripts[name]) return { text: `There is no script called ${name}.` };
	const step = messages.slice(last + 1).filter((m) => m.role === "assistant").length;
	return scripts[name][step] ?? { text: "Done." };
}

function chunks(reply, step) {
	const deltas = [{ role: "assistant", content: "" }];
	if (reply.text) deltas.push({ content: reply.text });
	(reply.tools ?? []).forEach((tool, index) => {
		const id = tool.id ?? `call_${step}_${index + 1}`;
		const args = typeof tool.args === "string" ? tool.args : JSON.stringify(tool.args ?? {});
		deltas.push({
			tool_calls: [{ index, id, type: "function", function: { name: tool.name, arguments: args } }],
		});
	});
	return deltas;
}

function usageOf(reply) {
	const { input = 1000, output = 20 } = reply.usage ?? {};
	return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function stream(res, reply, request) {
	const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: request.model };
	const send = (more) => res.write(`data: ${JSON.stringify({ ...head, ...more })}\n\n`);
	const step = request.messages.length;
	if (reply.status) {
		res.writeHead(reply.status, { "content-type": "application/json" });
		res.end(JSON.stringify({ error: { message: reply.text } }));
		return;
	}
	res.writeHead(200, { "content-type": "text/event-stream" });
	for (const delta of chunks(reply, step)) {
		send({ choices: [{ index: 0, delta, finish_reason: null }] });
	}
	if (reply.hang) return;
	const finish_reason = reply.tools?.length ? "tool_calls" : "stop";
	send({ choices: [{ index: 0, delta: {}, finish_reason }] });
	send({ choices: [], usage: usageOf(reply) });
	res.end("data: [DONE]\n\n");
}

/**
 * Starts a stand-in that plays scripts.
 * @param {Record<string, object[]>} scripts
 * @returns {Promise<{url: string, requests: object[], close: () => Promise<void>}>}
 *   requests holds every request body, in order of arrival
 */
export async function startProvider(scripts) {
	const requests = [];
	const server = createServer(async (req, res) => {
		res.on("error", () => {}); // a Pi that was killed no longer reads
		let body = "";
		for await (const part of req) body += part;
		if (req.method !== "POST" || !req.url.endsWith("/chat/completions")) {
			res.writeHead(404).end();
			return;
		}
		const request = JSON.parse(body);
		requests.push(request);
		stream(res, dueReply(request.messages, scripts), request);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const close = () =>
		new Promise((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	return { url: `http://127.0.0.1:${server.address().port}/v1`, requests, close };
}

/** The texts of the tool results that a model was sent, in order. */
export function toolResults(requests) {
	const last = requests.at(-1)?.messages ?? [];
	return last.filter((m) => m.role === "tool").map((m) => text(m.content));
}
