/** A text that stands where only the person knows the word: `<S3 bucket>`. */
export function toPlaceholder(meaning: string): string {
	return `<${meaning}>`;
}

export function isPlaceholder(text: string): boolean {
	return /^<.*>$/s.test(text.trim());
}
