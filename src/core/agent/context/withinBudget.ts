import type { SentItem } from "../../../shared/agent/conversation";
import { tokensOf } from "../tokens";
import { withoutSecrets } from "./secrets";

/** A thing to be sent along, before it is known how much room there is. */
export interface Found {
	readonly label: string;
	readonly kind: SentItem["kind"];
	readonly text: string;
	/** What is missing of it already. */
	readonly leftOut: string | null;
}

/** Tokens of all that goes along with one prompt. */
export const contextBudget = 60_000;

/** As much of each as fits, the first ones first; secrets are taken out, and what is missing is said. */
export function withinBudget(found: readonly Found[], budget = contextBudget): readonly SentItem[] {
	let left = budget;
	return found.map((one): SentItem => {
		const { text: clean, secrets } = withoutSecrets(one.text);
		const notes = [one.leftOut, secrets > 0 ? `${secrets} ${secrets === 1 ? "secret" : "secrets"}` : null];
		let text = clean;
		if (tokensOf(clean) > left) {
			text = wholeLines(clean, Math.max(0, Math.floor(left * 3.2)));
			const lines = clean.split("\n").length;
			notes.push(
				`${lines - (text === "" ? 0 : text.split("\n").length)} of ${lines} lines: it is longer than there is room`,
			);
		}
		const tokens = tokensOf(text);
		left = Math.max(0, left - tokens);
		return { label: one.label, kind: one.kind, tokens, leftOut: notes.filter(Boolean).join("; ") || null, text };
	});
}

function wholeLines(text: string, mostChars: number): string {
	const cut = text.slice(0, mostChars);
	return cut.slice(0, Math.max(0, cut.lastIndexOf("\n")));
}
