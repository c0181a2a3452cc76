import type { Usage } from "../../shared/agent/conversation";

/** US dollars per million tokens, by the beginning of a model's id, as published on the date; a model that is not here has no price. */
const asOf = "2026-02-05";
const prices: readonly (readonly [model: string, input: number, output: number])[] = [
	["claude-opus-4-6", 5, 25],
	["claude-opus-4-5", 5, 25],
	["claude-sonnet-4-6", 3, 15],
	["claude-sonnet-4-5", 3, 15],
	["claude-haiku-4-5", 1, 5],
];
/** Relative to the price of input: what is read from the cache, and what is kept in it for five minutes. */
const cacheRead = 0.1;
const cacheWrite = 1.25;

export const pricesAsOf = asOf;

/** US dollars; null where the model's price is not known. */
export function costOf(model: string, usage: Usage): number | null {
	const found = prices.find(([name]) => model === name || model.startsWith(`${name}-2`));
	if (!found) return null;
	const [, input, output] = found;
	const read = usage.inputTokens + usage.cacheReadTokens * cacheRead + usage.cacheWriteTokens * cacheWrite;
	return (read * input + usage.outputTokens * output) / 1e6;
}
