export interface SearchVocabulary {
	readonly params: readonly string[];
	readonly metrics: readonly string[];
	readonly tags: readonly string[];
}

export interface FilterCompletion {
	/** Where the text to replace starts; it ends at the caret. */
	readonly from: number;
	readonly options: readonly { readonly text: string; readonly detail: string }[];
}

export function completeFilter(_text: string, caret: number, _vocabulary: SearchVocabulary): FilterCompletion {
	return { from: caret, options: [] };
}
