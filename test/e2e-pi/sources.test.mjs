// Tools that no extension brought (MCP), calls inside calls, skills, prompts.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { only, outcomes, runs, until } from "./lib/events.mjs";
import { installPackage } from "./lib/install.mjs";
import { print, Rpc } from "./lib/pi.mjs";
import { scenario } from "./lib/scenario.mjs";
import { fixtures } from "./lib/world.mjs";

function write(path, text) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}

/** Configures the MCP server, for Pi itself or for pi-mcp-adapter: both read this file. */
function addServer(world, more = {}) {
	const docs = { command: world.pi.node, args: [join(fixtures, "mcp-server.mjs")], ...more };
	write(join(world.agent, "mcp.json"), JSON.stringify({ mcpServers: { docs } }));
}

const calls = (...tools) => [{ tools: tools.map((tool) => (typeof tool === "string" ? { name: tool } : tool)) }];

scenario("MCP tools of Pi's own", { scripts: { play: calls("mcp__docs__find_page", "mcp__docs__break", "list_mcp_resources") } }, { on: ["new"] }, async (world) => {
	addServer(world, { exposure: "direct" });
	await print(world, "play:play");
	const events = world.events();
	assert.deepEqual(outcomes(events), ["mcp__docs__break failed", "mcp__docs__find_page succeeded"]);
	for (const { start, end } of runs(events)) assert.deepEqual([start.ext, end.ext, end.kind], ["docs", "docs", "extension_tool"]);
	assert.equal(only(events, "mcp__docs__break").end.error_summary, "break called");
});

const gateway = async () => ({
	packages: [await installPackage("pi-mcp-adapter")],
	scripts: { play: calls({ name: "mcp", args: { tool: "docs_find_page", args: "{}" } }, { name: "mcp", args: { search: "page" } }) },
});
scenario("the gateway tool of pi-mcp-adapter", gateway, { on: ["new"] }, async (world) => {
	addServer(world);
	await print(world, "play:play");
	const ends = runs(world.events()).map(({ start, end }) => [start.name, start.ext, end.name, end.ext, end.status]);
	assert.deepEqual(ends, [
		["mcp", "pi-mcp-adapter", "find_page", "docs", "succeeded"],
		["mcp", "pi-mcp-adapter", "mcp", "pi-mcp-adapter", "succeeded"],
	]);
	assert.match(world.pitrack("report", "helpers", "--min-n", "1", "--format", "csv"), /^find_page,/m, "the end line's name counts");
});

// Two of this package's ways to return a failure: neither sets isError.
const web = async () => ({
	packages: [await installPackage("pi-web-access")],
	scripts: {
		play: calls({ name: "fetch_content", args: {} }, { name: "get_search_content", args: { responseId: "no-such-id" } }, { name: "web_search", args: {} }),
	},
});
scenario("pi-web-access returns its failures", web, { on: ["new"] }, async (world) => {
	await print(world, "play:play");
	const ends = runs(world.events()).map(({ end }) => [end.name, end.ext, end.status, end.inferred]);
	assert.deepEqual(ends.sort(), [
		["fetch_content", "pi-web-access", "failed", "details.error"],
		["get_search_content", "pi-web-access", "failed", "details.error"],
		["web_search", "pi-web-access", "failed", "details.error"],
	]);
	for (const { end } of runs(world.events())) assert.ok(end.error_summary.length > 5, `${end.name} says why: ${end.error_summary}`);
});

const script = "await tools.fx_ok({}); return await tools.mcp__docs__find_page({});";
const nested = { extensions: ["fx.ts", "nest.ts"], scripts: { play: calls({ name: "fx_nest", id: "outer" }), code: calls({ name: "codemode", args: { code: script }, id: "script" }) } };
scenario("calls inside calls", nested, { on: ["new"] }, async (world) => {
	addServer(world);
	await print(world, "play:play");
	const outer = only(world.events(), "fx_nest").end;
	const inner = only(world.events(), "fx_ok").end;
	assert.deepEqual([inner.call_id, inner.parent_id, inner.root_id], ["outer/1", outer.id, outer.id]);
	assert.equal(outer.parent_id, undefined);
	await print(world, "play:code");
	const ofScript = world.events().filter((event) => event.call_id?.startsWith("script/") && event.status !== "started");
	assert.deepEqual(ofScript.map((event) => event.name), ["fx_ok", "mcp__docs__find_page"]);
	assert.ok(ofScript[0].parent_id && ofScript.every((event) => event.parent_id === ofScript[0].parent_id), "one outer call");
	assert.match(world.pitrack("import", "pi-sessions"), /^added +0$/m);
});

const skill = (name) => `---\nname: ${name}\ndescription: does ${name}\n---\nDo it.\n`;
const used = (world) => ({ name: "read", args: { path: join(world.agent, "skills", "pdf", "SKILL.md") }, id: "reads" });
const scripts = {};
scenario("skills and prompt templates", { scripts }, async (world) => {
	for (const name of ["pdf", "never"]) write(join(world.agent, "skills", name, "SKILL.md"), skill(name));
	write(join(world.project, ".pi", "skills", "here", "SKILL.md"), skill("here"));
	write(join(world.agent, "prompts", "review.md"), "Review it: play:none");
	scripts.play = calls(used(world), { name: "read", args: { path: join(world.agent, "prompts", "review.md") } });
	const rpc = new Rpc(world);
	for (const [i, message] of ["play:play", "/skill:here please", "/review now", "/no-such-thing"].entries()) {
		await rpc.prompt(message);
		await rpc.idle(i + 1);
	}
	await until(() => only(world.events(), "review").end, "the end line");
	await rpc.close();
	const seen = runs(world.events()).map(({ end }) => [end.kind, end.name, end.scope, end.status, end.call_id, end.session_id]);
	const session = world.sessionLines()[0].id;
	assert.deepEqual(seen, [
		["skill", "pdf", "global", "succeeded", "reads", session],
		["skill", "here", "project", "succeeded", undefined, session],
		["prompt", "review", "global", "succeeded", undefined, session],
	]);
	assert.equal(world.pitrack("report", "unused", "--format", "csv").split("\n").filter((line) => line.includes("skill")).length, 1);
	assert.match(world.pitrack("report", "unused", "--format", "csv"), /^never,skill/m);
});
