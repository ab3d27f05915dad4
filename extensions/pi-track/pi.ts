/**
 * The parts of Pi's extension interface that this extension uses, written
 * down so that one source serves both of Pi's packages. test/types.*.ts
 * checks them against each package's real types.
 */

/** Where a tool or a command comes from. */
export interface SourceInfo {
	path: string;
	source: string;
	scope: string;
}

/** A registered tool. */
export interface Tool {
	name: string;
	sourceInfo: SourceInfo;
}

/** What may be called with a slash: an extension's command, a skill (skill:NAME) or a prompt template. */
export interface CommandInfo {
	name: string;
	source: string;
	sourceInfo?: SourceInfo;
}

export interface InputEvent {
	text: string;
	/** interactive, rpc or extension. */
	source: string;
}

export interface SessionManager {
	getSessionId(): string;
	getSessionName(): string | undefined;
	getEntries(): readonly object[];
	getLeafId(): string | null;
	getEntry(id: string): object | undefined;
}

/** What a handler is given. Its members throw once the session is replaced. */
export interface Context {
	readonly cwd: string;
	readonly hasUI: boolean;
	readonly signal: AbortSignal | undefined;
	readonly model?: { id: string } | undefined;
	readonly sessionManager: SessionManager;
	readonly ui: {
		notify(message: string, type?: "info" | "warning" | "error"): void;
		select(title: string, options: string[]): Promise<string | undefined>;
		confirm(title: string, message: string): Promise<boolean>;
	};
}

export interface ToolStart {
	toolCallId: string;
	toolName: string;
	args: unknown;
	/** The call that made this one, where another tool did. */
	parentToolCallId?: string;
}

export interface ToolEnd {
	toolCallId: string;
	toolName: string;
	result: unknown;
	isError: boolean;
}

export interface MessageEnd {
	message: object;
}

export interface SessionStart {
	reason: string;
}

export interface SessionShutdown {
	reason?: string;
}

/** A command as the runner hands it out. */
export interface Command {
	name: string;
	invocationName?: string;
	sourceInfo?: SourceInfo;
	handler: (args: string, ctx: Context) => Promise<void>;
}

type On<E> = (event: E, ctx: Context) => void;

export interface Pi {
	on(event: "session_start", handler: On<SessionStart>): unknown;
	on(event: "session_shutdown", handler: On<SessionShutdown>): unknown;
	on(event: "agent_start", handler: On<object>): unknown;
	on(event: "tool_execution_start", handler: On<ToolStart>): unknown;
	on(event: "tool_execution_end", handler: On<ToolEnd>): unknown;
	on(event: "message_end", handler: On<MessageEnd>): unknown;
	on(event: "input", handler: On<InputEvent>): unknown;
	on(event: "user_bash", handler: On<object>): unknown;
	readonly events?: { on(channel: string, handler: (data: unknown) => void): unknown };
	getAllTools(): readonly Tool[];
	getActiveTools(): string[];
	setActiveTools(names: string[]): void;
	getCommands(): readonly CommandInfo[];
	appendEntry(customType: string, data?: unknown): void;
	registerTool(tool: object): unknown;
	registerCommand(
		name: string,
		options: { description: string; handler: (args: string, ctx: Context) => Promise<void> },
	): void;
}
