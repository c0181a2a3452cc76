import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages/messages";
import * as z from "zod/mini";
import type { BegunBlock, ClaudeEvent } from "../../core/agent/claude";
import type { Usage } from "../../shared/agent/conversation";

const count = z._default(z.nullable(z.number()), 0);
const usageSchema = z.partial(
	z.object({
		input_tokens: count,
		output_tokens: count,
		cache_read_input_tokens: count,
		cache_creation_input_tokens: count,
	}),
);

/** The wire's events as Gamma's. What it does not know is passed over; all but the last are yielded as they come. */
export async function* toClaudeEvents(events: AsyncIterable<RawMessageStreamEvent>): AsyncGenerator<ClaudeEvent> {
	let usage: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
	let stop: Extract<ClaudeEvent, { kind: "ended" }>["stop"] | null = null;
	let isKnown = false;
	for await (const event of events) {
		switch (event.type) {
			case "message_start":
				usage = toUsage(event.message.usage, usage);
				yield { kind: "begun", model: event.message.model, usage };
				break;
			case "content_block_start": {
				const block = toBlock(event.content_block);
				isKnown = block !== null;
				if (!block) break;
				yield { kind: "blockBegun", block };
				if (event.content_block.type === "text" && event.content_block.text !== "") {
					yield { kind: "text", text: event.content_block.text };
				}
				break;
			}
			case "content_block_delta":
				if (!isKnown) break;
				if (event.delta.type === "text_delta") yield { kind: "text", text: event.delta.text };
				else if (event.delta.type === "thinking_delta") yield { kind: "text", text: event.delta.thinking };
				else if (event.delta.type === "signature_delta") yield { kind: "signature", signature: event.delta.signature };
				else if (event.delta.type === "input_json_delta") yield { kind: "input", json: event.delta.partial_json };
				break;
			case "content_block_stop":
				if (isKnown) yield { kind: "blockEnded" };
				isKnown = false;
				break;
			case "message_delta":
				usage = toUsage(event.usage, usage);
				stop = event.delta.stop_reason ?? stop;
				break;
			case "message_stop":
				yield { kind: "ended", stop: stop ?? "end_turn", usage };
				return;
		}
	}
}

function toBlock(block: { readonly type: string }): BegunBlock | null {
	if (block.type === "text" || block.type === "thinking") return { kind: block.type };
	if (block.type === "redacted_thinking" && "data" in block) return { kind: "redacted", data: String(block.data) };
	if (block.type === "tool_use" && "id" in block && "name" in block) {
		return { kind: "tool", id: String(block.id), name: String(block.name) };
	}
	return null;
}

/** Counts of later events are of the whole answer; what an event does not tell stays. */
function toUsage(given: unknown, before: Usage): Usage {
	const { data } = usageSchema.safeParse(given);
	return {
		inputTokens: data?.input_tokens || before.inputTokens,
		outputTokens: data?.output_tokens || before.outputTokens,
		cacheReadTokens: data?.cache_read_input_tokens || before.cacheReadTokens,
		cacheWriteTokens: data?.cache_creation_input_tokens || before.cacheWriteTokens,
	};
}
