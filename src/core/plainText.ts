/** Text from a store on its way to a place where VS Code reads markup: what it shows is what was written. */

/** Control characters, and those that turn the direction of what follows (CVE-2021-42574). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** One line of at most `length` characters, without what cannot be seen. */
export function toLine(text: string, length = 200): string {
	const line = text
		.slice(0, length * 4)
		.replace(unseen, " ")
		.trim();
	const characters = [...line];
	return characters.length <= length && text.length <= length * 4
		? line
		: `${characters.slice(0, length - 1).join("")}…`;
}

/** For Markdown: every ASCII punctuation escaped, so that neither a link, an address nor HTML can come of it. */
export function toMarkdownText(text: string, length = 200): string {
	return toLine(text, length).replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** For a notice, where `[text](link)` would become a link. */
export function toNoticeText(text: string, length = 200): string {
	return toLine(text, length).replaceAll("](", "] (");
}

/** For a status bar entry or a quick pick, where `$(name)` would become an icon. */
export function toIconFreeText(text: string, length = 200): string {
	return toLine(text, length).replaceAll("$(", "$ (");
}
