import type { Usage } from "../../shared/agent/conversation";

/** When these prices were published (platform.claude.com, "Pricing"). */
export const pricesAsOf = "2026-10-24";

interface Price {
	/** US dollars per million tokens. */
	readonly input: number;
	readonly output: number;
	readonly cacheRead: number;
}

const price = (input: number, output: number, cacheRead: number): Price => ({ input, output, cacheRead });

const prices: Readonly<Record<string, Price>> = {
	"claude-fable-5-1": price(10, 50, 0.25),
	"claude-fable-5": price(10, 50, 1),
	"claude-opus-5-5": price(4, 20, 0.2),
	"claude-opus-5": price(5, 25, 0.5),
	"claude-opus-4-8": price(5, 25, 0.5),
	"claude-opus-4-7": price(5, 25, 0.5),
	"claude-opus-4-6": price(5, 25, 0.5),
	"claude-opus-4-5": price(5, 25, 0.5),
	"claude-sonnet-5-5": price(2, 10, 0.1),
	"claude-sonnet-5": price(2, 10, 0.2),
	"claude-sonnet-4-6": price(3, 15, 0.3),
	"claude-sonnet-4-5": price(3, 15, 0.3),
	"claude-haiku-5-5": price(0.1, 0.5, 0.01),
	"claude-haiku-4-5": price(1, 5, 0.1),
};
/** Of this model a longer prompt costs five times as much, the answer too. */
const tiered = { model: "claude-haiku-5-5", promptTokens: 100_000, times: 5 };
/** What is kept for five minutes, relative to the price of input. */
const cacheWrite = 1.25;

/** US dollars of one request; null where the model's price is not known. A date at a model's end (`-20251001`) changes no price. */
export function costOf(model: string, usage: Usage): number | null {
	const name = model.replace(/-\d{8}$/, "");
	const found = Object.hasOwn(prices, name) ? prices[name] : undefined;
	if (!found) return null;
	const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
	const times = name === tiered.model && prompt > tiered.promptTokens ? tiered.times : 1;
	const read = (usage.inputTokens + usage.cacheWriteTokens * cacheWrite) * found.input;
	return (times * (read + usage.cacheReadTokens * found.cacheRead + usage.outputTokens * found.output)) / 1e6;
}
