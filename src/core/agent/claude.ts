import type { Usage } from "../../shared/agent/conversation";
import type { ErrorCode } from "../../shared/errors";
import type { AgentModel } from "./agent";

interface Cached {
	/** The service keeps all up to here for the next request. */
	readonly cache_control?: { readonly type: "ephemeral" };
}

/** Content as the Messages API has it. */
export type ClaudeBlock = Cached &
	(
		| { readonly type: "text"; readonly text: string }
		| {
				readonly type: "image";
				readonly source: { readonly type: "base64"; readonly media_type: string; readonly data: string };
		  }
		| { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown }
		| {
				readonly type: "tool_result";
				readonly tool_use_id: string;
				readonly content: string;
				readonly is_error?: boolean;
		  }
		| { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
		| { readonly type: "redacted_thinking"; readonly data: string }
	);

export interface ClaudeMessage {
	readonly role: "user" | "assistant";
	readonly content: readonly ClaudeBlock[];
}

export interface ClaudeTool {
	readonly name: string;
	readonly description: string;
	/** JSON Schema of an object. */
	readonly input_schema: Readonly<Record<string, unknown>>;
}

export interface ClaudeRequest {
	readonly model: string;
	readonly system: string;
	readonly messages: readonly ClaudeMessage[];
	readonly tools: readonly ClaudeTool[];
	readonly mayUseTools: boolean;
	/** Tokens. */
	readonly maxTokens: number;
	readonly thinking: Thinking;
}

/** `adaptive`: the model decides how much; `budget`: older models, which are told; `none`: it cannot. */
export type Thinking = "adaptive" | "budget" | "none";

export interface ClaudeModel extends AgentModel {
	/** Tokens of one answer. */
	readonly outputLimit: number;
	readonly thinking: Thinking;
}

export type StopReason =
	| "end_turn"
	| "max_tokens"
	| "stop_sequence"
	| "tool_use"
	| "pause_turn"
	| "refusal"
	| "model_context_window_exceeded";

/** Why there is no answer, or no more of it. */
export interface ClaudeProblem {
	readonly code: Extract<ErrorCode, `agent.${string}`>;
	/** One sentence that says what to do. */
	readonly message: string;
	/** The same request may go well later. */
	readonly canRetry: boolean;
	/** What the service asks for; null where it does not say. */
	readonly retryAfterMs: number | null;
	/** What helps, where the code alone does not say it. */
	readonly remedy?: "signIn" | "setKey";
}

/** One thing of an answer, in the order in which it comes. The last is `ended` or `failed`; neither comes once it was aborted. */
export type ClaudeEvent =
	| { readonly kind: "begun"; readonly model: string; readonly usage: Usage }
	| { readonly kind: "blockBegun"; readonly block: BegunBlock }
	/** Of the text or the thinking that was begun last. */
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "signature"; readonly signature: string }
	| { readonly kind: "input"; readonly json: string }
	| { readonly kind: "blockEnded" }
	| { readonly kind: "ended"; readonly stop: StopReason; readonly usage: Usage }
	| { readonly kind: "failed"; readonly problem: ClaudeProblem };

export type BegunBlock =
	| { readonly kind: "text" | "thinking" }
	| { readonly kind: "redacted"; readonly data: string }
	| { readonly kind: "tool"; readonly id: string; readonly name: string };

export interface StreamOptions {
	readonly signal: AbortSignal;
	/** Called with every sign of life, also those that bring no word. */
	readonly onHeard: () => void;
}

/** The port to the Messages API, with a key of one's own or through the relay. */
export interface Claude {
	stream(request: ClaudeRequest, options: StreamOptions): AsyncIterable<ClaudeEvent>;
	/** Tokens of the request. Rejects with a `GammaError` of code `agent.*`. */
	countTokens(request: ClaudeRequest, signal?: AbortSignal): Promise<number>;
	/** As the service lists them, newest first. Rejects as `countTokens`. */
	models(signal?: AbortSignal): Promise<readonly ClaudeModel[]>;
}
