import type { Completion } from "../../shared/panels/agentPanel";

/** As many as the list shows without becoming one to read through. */
export const mostCompletions = 30;

/**
 * The candidates that fit what was typed, the best first: their text begins with it, a word of it does, it is in it, its
 * letters are in it in order. Among equals the order that was given stays.
 */
export function rankCompletions(candidates: readonly Completion[], query: string): readonly Completion[] {
	const wanted = fold(query);
	const ranked = candidates.flatMap((completion, at) => {
		const rank = rankOf(fold(completion.token.slice(1)), wanted);
		return rank === null ? [] : [{ completion, rank, at }];
	});
	ranked.sort((a, b) => a.rank - b.rank || a.at - b.at);
	return ranked.slice(0, mostCompletions).map(({ completion }) => completion);
}

/** Smaller is better; null: it does not fit. */
function rankOf(text: string, wanted: string): number | null {
	if (text.startsWith(wanted)) return 0;
	// `loss` finds `@metric:val/loss`: what is named counts as much as what kind it is.
	const named = text.slice(text.indexOf(":") + 1);
	if (named.startsWith(wanted)) return 1;
	const at = text.indexOf(wanted);
	if (at > 0) return /[^\p{L}\p{N}]/u.test(text[at - 1] ?? "") ? 2 : 3;
	return isSubsequence(wanted, text) ? 4 : null;
}

function isSubsequence(wanted: string, text: string): boolean {
	let at = 0;
	for (const letter of wanted) {
		at = text.indexOf(letter, at);
		if (at === -1) return false;
		at += letter.length;
	}
	return true;
}

/** Quotes are how a name is written, not what a person looks for. */
function fold(text: string): string {
	return text.replaceAll('"', "").normalize("NFC").toLowerCase();
}
