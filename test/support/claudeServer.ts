import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One block of an answer, as a script writes it. */
export type Block =
	| { readonly text: string }
	| { readonly thinking: string; readonly signature?: string }
	| { readonly redacted: string }
	/** `json`: the input exactly as it is streamed, whole or broken. */
	| { readonly tool: string; readonly input?: unknown; readonly json?: string; readonly id?: string };

export interface Reply {
	readonly blocks?: readonly Block[];
	readonly stop?: string;
	/** Instead of an answer. */
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly error?: { readonly type: string; readonly message: string };
	/** After so many events of the stream: the connection is cut, an error event comes, or nothing more until the end. */
	readonly cutAfter?: number;
	readonly errorAfter?: number;
	readonly silentAfter?: number;
	/** Nothing but pings, this often in milliseconds. */
	readonly pingsOnlyMs?: number;
	/** Waits before each event, until the test lets it go on. */
	readonly gate?: (event: number) => Promise<void> | void;
	readonly usage?: Readonly<Record<string, number>>;
	/** A whole answer at once, as who asks for no stream gets it. */
	readonly json?: unknown;
}

export interface ClaudeRequestSeen {
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	readonly body: {
		readonly model: string;
		readonly system?: readonly { readonly text: string; readonly cache_control?: unknown }[];
		readonly messages: readonly { readonly role: string; readonly content: readonly Record<string, unknown>[] }[];
		readonly tools?: readonly { readonly name: string; readonly cache_control?: unknown }[];
		readonly tool_choice?: { readonly type: string };
		readonly thinking?: Record<string, unknown>;
		readonly max_tokens?: number;
	};
	/** As it came over the wire. */
	readonly text: string;
}

export type Script = readonly (Reply | ((seen: ClaudeRequestSeen) => Reply))[];

/** Stands in for the Messages API: its wire format, its errors and its ways of going wrong; what is answered is the test's. */
export class ClaudeServer {
	readonly #server: Server;
	readonly seen: ClaudeRequestSeen[] = [];
	readonly #script: Script[number][] = [];
	key = "sk-ant-api03-of-the-tests";
	/** Of `count_tokens`; a function of the request's size where none is set. */
	tokens: number | null = null;
	/** Answers whatever the script does not. */
	otherwise: Reply = { blocks: [{ text: "Nothing is scripted." }] };
	models: readonly Record<string, unknown>[] = [modelOf("claude-sonnet-5-5"), modelOf("claude-haiku-4-5")];
	#ids = 0;

	private constructor() {
		this.#server = createServer((request, response) => {
			void this.#take(request, response).catch(() => response.destroy());
		});
	}

	static async start(): Promise<ClaudeServer> {
		const made = new ClaudeServer();
		await new Promise<void>((done) => made.#server.listen(0, "127.0.0.1", done));
		return made;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** What the next requests for an answer get, in turn. */
	script(...replies: Script): void {
		this.#script.push(...replies);
	}

	get left(): number {
		return this.#script.length;
	}

	/** Requests for an answer, the oldest first. */
	get asked(): readonly ClaudeRequestSeen[] {
		return this.seen.filter(({ path }) => path === "/v1/messages");
	}

	clear(): void {
		this.#script.length = 0;
		this.seen.length = 0;
		this.tokens = null;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}

	async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const text = Buffer.concat(chunks).toString("utf8");
		const path = (request.url ?? "/").split("?")[0] ?? "/";
		const seen = {
			path,
			headers: request.headers,
			body: text === "" ? {} : JSON.parse(text),
			text,
		} as ClaudeRequestSeen;
		this.seen.push(seen);
		const { authorization, "x-api-key": key = authorization?.replace("Bearer ", "") } = request.headers;
		if (key !== this.key) {
			return fail(response, 401, "authentication_error", "invalid x-api-key");
		}
		if (path === "/v1/models") {
			return json(response, 200, { data: this.models, has_more: false, first_id: null, last_id: null });
		}
		const invalid = typeof seen.body.messages?.[0]?.content === "string" ? null : problemOf(seen);
		if (invalid !== null) return fail(response, 400, "invalid_request_error", invalid);
		if (path === "/v1/messages/count_tokens") {
			return json(response, 200, { input_tokens: this.tokens ?? Math.ceil(text.length / 4) });
		}
		if (path !== "/v1/messages") return fail(response, 404, "not_found_error", "no such path");
		const next = this.#script.shift() ?? this.otherwise;
		await this.#answer(typeof next === "function" ? next(seen) : next, seen, response);
	}

	async #answer(reply: Reply, seen: ClaudeRequestSeen, response: ServerResponse): Promise<void> {
		if (reply.status !== undefined) {
			const { type, message } = reply.error ?? { type: "api_error", message: "Internal server error" };
			return fail(response, reply.status, type, message, reply.headers);
		}
		if (reply.json !== undefined) return json(response, 200, reply.json);
		response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "request-id": "req_of_the_tests" });
		response.flushHeaders();
		const write = (event: string, data: unknown) =>
			response.write(`event: ${event}\ndata: ${JSON.stringify({ type: event, ...(data as object) })}\n\n`);
		if (reply.pingsOnlyMs !== undefined) {
			const timer = setInterval(() => write("ping", {}), reply.pingsOnlyMs);
			response.on("close", () => clearInterval(timer));
			return;
		}
		const events = this.#events(reply, seen);
		for (const [index, [event, data]] of events.entries()) {
			if (reply.silentAfter === index) return;
			if (reply.cutAfter === index) {
				// Without the end that chunks have, and after what was written has gone out.
				response.socket?.end();
				return;
			}
			if (reply.errorAfter === index) {
				const error = reply.error ?? { type: "overloaded_error", message: "Overloaded" };
				write("error", { error });
				return void response.end();
			}
			await reply.gate?.(index);
			if (response.destroyed) return;
			write(event, data);
		}
		response.end();
	}

	#events(reply: Reply, seen: ClaudeRequestSeen): [string, object][] {
		const usage = {
			...{ input_tokens: Math.ceil(seen.text.length / 4), output_tokens: 1 },
			...{ cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
			...reply.usage,
		};
		const message = {
			...{ id: `msg_${++this.#ids}`, type: "message", role: "assistant", model: seen.body.model },
			...{ content: [], stop_reason: null, stop_sequence: null, usage },
		};
		const blocks = reply.blocks ?? [];
		const hasTool = blocks.some((block) => "tool" in block);
		return [
			["message_start", { message }],
			["ping", {}],
			...blocks.flatMap((block, index) => this.#blockEvents(block, index)),
			[
				"message_delta",
				{
					delta: { stop_reason: reply.stop ?? (hasTool ? "tool_use" : "end_turn"), stop_sequence: null },
					usage: { output_tokens: reply.usage?.output_tokens ?? 42 },
				},
			],
			["message_stop", {}],
		];
	}

	#blockEvents(block: Block, index: number): [string, object][] {
		const delta = (type: string, values: object): [string, object] => [
			"content_block_delta",
			{ index, delta: { type, ...values } },
		];
		const around = (start: object, deltas: [string, object][]): [string, object][] => [
			["content_block_start", { index, content_block: start }],
			...deltas,
			["content_block_stop", { index }],
		];
		if ("text" in block) {
			return around(
				{ type: "text", text: "" },
				pieces(block.text).map((text) => delta("text_delta", { text })),
			);
		}
		if ("thinking" in block) {
			return around({ type: "thinking", thinking: "", signature: "" }, [
				...pieces(block.thinking).map((thinking) => delta("thinking_delta", { thinking })),
				delta("signature_delta", { signature: block.signature ?? "c2lnbmVk" }),
			]);
		}
		if ("redacted" in block) return around({ type: "redacted_thinking", data: block.redacted }, []);
		const text = block.json ?? JSON.stringify(block.input ?? {});
		return around({ type: "tool_use", id: block.id ?? `toolu_${++this.#ids}`, name: block.tool, input: {} }, [
			delta("input_json_delta", { partial_json: "" }),
			...pieces(text).map((partial_json) => delta("input_json_delta", { partial_json })),
		]);
	}
}

/** In pieces of a few letters, as they come. */
function pieces(text: string): string[] {
	return [...text.matchAll(/[\s\S]{1,12}/gu)].map(([piece]) => piece);
}

export function modelOf(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
	const is = (supported: boolean) => ({ supported });
	return {
		...{ id, type: "model", display_name: id, created_at: "2026-10-01T00:00:00Z", deprecated_at: null },
		...{ lifecycle: "active", line: null, max_input_tokens: 200_000, max_tokens: 32_000 },
		capabilities: { thinking: { supported: true, types: { adaptive: is(!id.includes("haiku")), disabled: is(true) } } },
		...more,
	};
}

function json(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
	response.writeHead(status, { "content-type": "application/json", ...headers });
	response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, type: string, message: string, headers = {}) {
	json(response, status, { type: "error", error: { type, message }, request_id: "req_of_the_tests" }, headers);
}

/** What the API itself refuses: the rules by which a history can be wrong. */
function problemOf({ body }: ClaudeRequestSeen): string | null {
	const messages: ClaudeRequestSeen["body"]["messages"] | undefined = body.messages;
	if (!messages || messages.length === 0) return "messages: at least one message is required";
	if (messages[0]?.role !== "user") return "messages: first message must use the user role";
	if (messages.at(-1)?.role !== "user") return "This model does not support assistant message prefill.";
	const ids = new Set<unknown>();
	for (const [index, { role, content }] of messages.entries()) {
		if (content.length === 0) return `messages.${index}: content must not be empty`;
		for (const block of content) {
			if (block.type === "text" && String(block.text).trim() === "") return "text content blocks must be non-empty";
			if (block.type === "thinking" && !block.signature) return "thinking: Invalid signature in thinking block";
		}
		const calls = content.filter((block) => block.type === "tool_use").map((block) => block.id);
		if (calls.some((id) => ids.has(id))) return "tool_use ids must be unique";
		for (const id of calls) ids.add(id);
		const next = messages[index + 1];
		const results = new Set(
			(next?.content ?? [])
				.filter((block: Record<string, unknown>) => block.type === "tool_result")
				.map((block) => block.tool_use_id),
		);
		if (calls.some((id) => !results.has(id)))
			return "tool_use ids were found without tool_result blocks immediately after";
		const before = new Set((messages[index - 1]?.content ?? []).map((block: Record<string, unknown>) => block.id));
		const answers = content.filter((block) => block.type === "tool_result").map((block) => block.tool_use_id);
		if (role === "user" && answers.some((id) => !before.has(id))) return "unexpected tool_use_id in tool_result blocks";
	}
	return null;
}
