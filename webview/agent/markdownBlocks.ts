import DOMPurify from "dompurify";
import { Marked, type Token, type TokenizerAndRendererExtension } from "marked";

/** A piece of an answer that is drawn by itself: while it is written only the last one changes. */
export interface MarkdownBlock {
	readonly kind: "html" | "code" | "maths";
	/** As it was written: two blocks with one source are the same. */
	readonly raw: string;
	/** Of code: its text and language (`python`, `python title="train.py"`); of maths its TeX. */
	readonly text: string;
	readonly info: string;
	/** Of code: its fence has been closed, so that nothing more comes. */
	readonly isWhole: boolean;
}

/** Maths within a line becomes `<code>` that says so; whoever shows it makes MathML of it. */
export const mathsMark = "\u2061";

const inlineMaths: TokenizerAndRendererExtension = {
	name: "inlineMaths",
	level: "inline",
	start: (source) => source.match(/\$|\\\(/)?.index,
	tokenizer: (source) => {
		// As people write prices: `$5 and $6` is no formula.
		const match =
			/^\$(?![\s$])((?:\\.|[^\\$\n])+?)(?<!\s)\$(?!\d)/.exec(source) ?? /^\\\(((?:(?!\\\)).|\n)+?)\\\)/.exec(source);
		return match ? { type: "inlineMaths", raw: match[0], text: match[1] ?? "" } : undefined;
	},
	renderer: ({ text }) => `<code>${mathsMark}${escapeHtml(String(text))}</code>`,
};
const blockMaths: TokenizerAndRendererExtension = {
	name: "blockMaths",
	level: "block",
	start: (source) => source.match(/(^|\n)(\$\$|\\\[)/)?.index,
	tokenizer: (source) => {
		const match =
			/^\$\$((?:\\.|[^\\$])+?)\$\$[^\S\n]*(?:\n|$)/.exec(source) ?? /^\\\[([\s\S]+?)\\\][^\S\n]*(?:\n|$)/.exec(source);
		return match ? { type: "blockMaths", raw: match[0], text: match[1] ?? "" } : undefined;
	},
	renderer: ({ text }) => `<code>${mathsMark}${escapeHtml(String(text))}</code>`,
};

/** HTML in Markdown stays text: what is not parsed cannot run. */
const marked = new Marked({
	gfm: true,
	breaks: false,
	async: false,
	extensions: [inlineMaths, blockMaths],
	renderer: {
		html: ({ text }) => escapeHtml(text),
		checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
		// No address of a picture is ever asked for: it would tell whoever owns it that, and what, was read.
		image: ({ href, text }) => `<a href="${escapeHtml(href)}">[picture: ${escapeHtml(text || href)}]</a>`,
	},
});

/** The blocks of a text in order. Their `raw` one after the other is the text. */
export function toBlocks(text: string): readonly MarkdownBlock[] {
	const tokens = marked.lexer(text);
	return tokens.filter(({ type }) => type !== "space" && type !== "def").map(toBlock);
}

function toBlock(token: Token): MarkdownBlock {
	const { raw } = token;
	if (token.type === "code") {
		const fence = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
		const isWhole = fence === undefined || new RegExp(`\\n {0,3}${fence[0]}{${fence.length},}\\s*$`).test(raw);
		return { kind: "code", raw, text: String(token.text), info: String(token.lang ?? ""), isWhole };
	}
	if (token.type === "blockMaths") return { kind: "maths", raw, text: String(token.text), info: "", isWhole: true };
	return { kind: "html", raw, text: "", info: "", isWhole: true };
}

const tags =
	"a,b,blockquote,br,code,dd,del,dl,dt,em,h1,h2,h3,h4,h5,h6,hr,i,kbd,li,ol,p,pre,s,span,strong,sub,sup,table,tbody,td,th,thead,tr,ul";

/** Foreign Markdown as nodes: no script, style, form, picture or id; links to http(s) only, opened by the host once it has asked. */
export function renderHtml(raw: string): DocumentFragment {
	const fragment = DOMPurify.sanitize(marked.parse(raw, { async: false }), {
		ALLOWED_TAGS: tags.split(","),
		ALLOWED_ATTR: ["href", "title", "colspan", "rowspan", "start"],
		ALLOWED_URI_REGEXP: /^https?:\/\//i,
		ALLOW_DATA_ATTR: false,
		ALLOW_ARIA_ATTR: false,
		RETURN_DOM_FRAGMENT: true,
	});
	for (const link of fragment.querySelectorAll("a")) {
		const href = link.getAttribute("href") ?? "";
		// Where it goes is read before it is opened, whatever its words say.
		if (/^https?:\/\//i.test(href)) link.title = href;
		else link.removeAttribute("href");
	}
	return fragment;
}

export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
