import DOMPurify from "dompurify";
import { Marked } from "marked";

/** HTML in Markdown stays text: what is not parsed cannot run, and a parser need not even report it. */
const marked = new Marked({
	gfm: true,
	async: false,
	renderer: {
		html: ({ text }) => escapeHtml(text),
		checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
	},
});

const tags =
	"a,b,blockquote,br,code,dd,del,details,div,dl,dt,em,h1,h2,h3,h4,h5,h6,hr,i,img,kbd,li,ol,p,pre,s,span,strong,sub,summary,sup,table,tbody,td,th,thead,tr,ul";

/**
 * Foreign Markdown as nodes that can be shown: no HTML of its own, no script, no style, no id, no address but http(s);
 * a picture only where it is in the text itself (`data:`), any other as a link to it.
 */
export function renderMarkdown(text: string): DocumentFragment {
	const source = marked.parse(text, { async: false });
	const fragment = DOMPurify.sanitize(source, {
		ALLOWED_TAGS: tags.split(","),
		ALLOWED_ATTR: ["href", "src", "alt", "title", "colspan", "rowspan", "start", "open"],
		ALLOWED_URI_REGEXP: /^(https?:\/\/|data:image\/(png|jpeg|gif|webp);base64,)/i,
		ALLOW_DATA_ATTR: false,
		ALLOW_ARIA_ATTR: false,
		RETURN_DOM_FRAGMENT: true,
	});
	for (const image of fragment.querySelectorAll("img")) {
		if (!/^data:image\//i.test(image.getAttribute("src") ?? "")) image.replaceWith(linkToImage(image));
	}
	for (const link of fragment.querySelectorAll("a")) {
		if (!/^https?:/i.test(link.getAttribute("href") ?? "")) link.removeAttribute("href");
	}
	return fragment;
}

function linkToImage(image: Element): Node {
	const words = `[picture: ${image.getAttribute("alt") || image.getAttribute("src") || "without an address"}]`;
	const href = image.getAttribute("src");
	if (!href || image.closest("a")) return document.createTextNode(words);
	const link = document.createElement("a");
	link.href = href;
	link.textContent = words;
	return link;
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
