import type { Part, WritingEdit } from "../../shared/agent/conversation";
import type { ClaudeTool } from "./claude";

export interface ToolCall {
	readonly id: string;
	readonly name: string;
	readonly input: unknown;
}

/** What is to be done with a call, as data. `reason` is the model's and the person's to read. */
export type Verdict =
	| { readonly kind: "allow" }
	| { readonly kind: "ask"; readonly reason: string | null }
	| { readonly kind: "deny"; readonly reason: string };

export interface ToolOutcome {
	/** What the model is answered. */
	readonly output: string;
	readonly isError: boolean;
	/** What a person sees beside it: edits, a view. */
	readonly parts: readonly Part[];
}

export interface ToolContext {
	readonly conversationId: string;
	readonly signal: AbortSignal;
}

/** A call's input while it is written. */
export interface GrowingInput {
	/** What there is of it. */
	readonly json: string;
	readonly isWhole: boolean;
}

/** What the model may call, and what stands between it and the world. Neither method rejects. */
export interface Toolbox {
	readonly tools: readonly ClaudeTool[];
	/** One line a person reads, also of an input that is not whole yet. */
	titleOf(call: ToolCall): string;
	judge(call: ToolCall, conversationId: string): Verdict;
	run(call: ToolCall, context: ToolContext): Promise<ToolOutcome>;
	/** While the input is still written: what a person may see of it; null where that is nothing, or nothing new. */
	preview(call: Omit<ToolCall, "input">, input: GrowingInput, conversationId: string): WritingEdit | null;
	/** Nothing is written any more: what was shown of it while it grew goes. */
	endPreview(conversationId: string): void;
}
