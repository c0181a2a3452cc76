import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import { Messages } from "@anthropic-ai/sdk/resources/messages/messages";
import { Models } from "@anthropic-ai/sdk/resources/models";
import { withCacheMarks } from "../../core/agent/cacheMarks";
import type { Claude, ClaudeEvent, ClaudeModel, ClaudeRequest, StreamOptions } from "../../core/agent/claude";
import { GammaError } from "../../shared/errors";
import { cutProblem, toClaudeProblem } from "./claudeProblem";
import { RelayRefusal, readRelayRefusal } from "./relayRefusal";
import { toClaudeEvents } from "./toClaudeEvents";

/** The service sends a sign of life every few seconds; one that says nothing for so long is gone. */
const defaultSilenceMs = 120_000;
/** Of models that are told how much to think. */
const thinkingBudget = 8_000;

export interface AnthropicOptions {
	readonly apiKey: string;
	/** Without `/v1`; the service's own when it is null. */
	readonly baseUrl: string | null;
	readonly silenceMs?: number;
	/** A relay that asks with the organisation's key; the key above is then no one's. */
	readonly via?: ViaRelay;
}

export interface ViaRelay {
	/** Without a trailing slash. */
	readonly url: string;
	readonly projectId: string;
	readonly token: () => Promise<string>;
}

/** The port `Claude` over the vendor's own SDK. It never tries again by itself: who asks decides, and shows it. */
export class AnthropicClaude implements Claude {
	constructor(private readonly options: AnthropicOptions) {}

	async *stream(request: ClaudeRequest, { signal, onHeard }: StreamOptions): AsyncGenerator<ClaudeEvent> {
		const silence = new AbortController();
		const limitMs = this.options.silenceMs ?? defaultSilenceMs;
		let timer = setTimeout(() => silence.abort(), limitMs);
		const heard = () => {
			clearTimeout(timer);
			timer = setTimeout(() => silence.abort(), limitMs);
			onHeard();
		};
		let hasBegun = false;
		try {
			const events = await new Messages(this.#client(heard)).create(
				{ ...toParams(request), max_tokens: request.maxTokens, stream: true },
				{ signal: AbortSignal.any([signal, silence.signal]), timeout: 3_600_000 },
			);
			for await (const event of toClaudeEvents(events)) {
				hasBegun = true;
				yield event;
				if (event.kind === "ended") return;
			}
			if (!signal.aborted) yield { kind: "failed", problem: cutProblem(silence.signal.aborted) };
		} catch (error) {
			if (signal.aborted) return;
			const problem = silence.signal.aborted ? cutProblem(true) : toClaudeProblem(error, hasBegun);
			yield { kind: "failed", problem };
		} finally {
			clearTimeout(timer);
		}
	}

	async countTokens(request: ClaudeRequest, signal?: AbortSignal): Promise<number> {
		const counted = await this.#ask(() =>
			new Messages(this.#client(null)).countTokens(toParams(request), { ...(signal && { signal }), timeout: 30_000 }),
		);
		return counted.input_tokens;
	}

	async models(signal?: AbortSignal): Promise<readonly ClaudeModel[]> {
		const page = await this.#ask(() =>
			new Models(this.#client(null)).list({ limit: 100 }, { ...(signal && { signal }), timeout: 30_000 }),
		);
		return page.data
			.filter(({ lifecycle }) => lifecycle !== "retired")
			.map((model) => ({
				id: model.id,
				name: model.display_name || model.id,
				contextLimit: model.max_input_tokens ?? 200_000,
				outputLimit: model.max_tokens ?? 8_192,
				thinking: model.capabilities?.thinking?.types?.adaptive?.supported
					? "adaptive"
					: model.capabilities?.thinking?.supported
						? "budget"
						: "none",
			}));
	}

	async #ask<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			const { code, message } = toClaudeProblem(error, false);
			throw new GammaError(code, message, { cause: error });
		}
	}

	#client(onHeard: (() => void) | null): BaseAnthropic {
		return new BaseAnthropic({
			apiKey: this.options.apiKey,
			// Named even where it is null: the SDK would take a token of the environment, which is meant for others.
			authToken: null,
			baseURL: this.options.baseUrl ?? "https://api.anthropic.com",
			maxRetries: 0,
			logLevel: "off",
			openTelemetry: false,
			// A redirect would take the key to another host.
			fetch: async (url, init) => {
				const { via } = this.options;
				const answer = via
					? await throughRelay(via, String(url), init ?? {})
					: await fetch(url, { ...init, redirect: "error" });
				return heardOf(answer, onHeard);
			},
		});
	}
}

/** The same request at the relay's own routes, with the person's token in place of a key. */
async function throughRelay({ url, projectId, token }: ViaRelay, wanted: string, init: RequestInit): Promise<Response> {
	const { pathname } = new URL(wanted);
	const route = { "/v1/messages": "chat", "/v1/messages/count_tokens": "tokens", "/v1/models": "models" }[pathname];
	if (route === undefined) throw new GammaError("agent.refused", "The relay does not pass this on.");
	const answer = await fetch(`${url}/api/agent/${route}/${encodeURIComponent(projectId)}`, {
		...{ method: init.method ?? "GET", body: init.body ?? null, signal: init.signal ?? null, redirect: "error" },
		headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
	});
	if (answer.ok) return answer;
	throw new RelayRefusal(readRelayRefusal(answer, await answer.text().catch(() => "")));
}

/** The same answer, of which every part is a sign of life. The SDK passes over the pings of a stream. */
function heardOf(response: Response, onHeard: (() => void) | null): Response {
	onHeard?.();
	if (!onHeard || !response.body) return response;
	const heard = new TransformStream<Uint8Array, Uint8Array>({
		transform: (bytes, controller) => {
			onHeard();
			controller.enqueue(bytes);
		},
	});
	const { status, statusText, headers } = response;
	return new Response(response.body.pipeThrough(heard), { status, statusText, headers });
}

function toParams(request: ClaudeRequest) {
	const tools = request.tools.map((tool, index) => ({
		...{ name: tool.name, description: tool.description },
		input_schema: { ...tool.input_schema, type: "object" as const },
		...(index === request.tools.length - 1 && { cache_control: { type: "ephemeral" as const } }),
	}));
	return {
		model: request.model,
		system: [{ type: "text" as const, text: request.system, cache_control: { type: "ephemeral" as const } }],
		messages: withCacheMarks(request.messages) as Parameters<Messages["create"]>[0]["messages"],
		...(tools.length > 0 && {
			tools,
			tool_choice: { type: request.mayUseTools ? ("auto" as const) : ("none" as const) },
		}),
		...thinkingOf(request),
	};
}

function thinkingOf({ thinking, maxTokens }: ClaudeRequest) {
	if (thinking === "adaptive") return { thinking: { type: "adaptive" as const, display: "summarized" as const } };
	if (thinking !== "budget" || maxTokens <= thinkingBudget) return {};
	return { thinking: { type: "enabled" as const, budget_tokens: thinkingBudget } };
}
