import { LitElement } from "lit";
import temml from "temml";
import { codeBlock } from "./codeBlock";
import { type MarkdownBlock, mathsMark, renderHtml, toBlocks } from "./markdownBlocks";

interface DrawnBlock {
	readonly raw: string;
	readonly isWhole: boolean;
	readonly node: HTMLElement;
}

/** A formula past this length is shown as it is written. */
const longestMaths = 5_000;

/** An answer's Markdown. Blocks that are as they were keep their nodes: selection in them stays while more is written. */
export class AnswerText extends LitElement {
	declare text: string;
	declare onLink: (href: string) => void;
	declare onCopy: (code: string) => void;
	declare onApply: (code: string, path: string | null) => void;
	static override properties = {
		text: { attribute: false },
		onLink: { attribute: false },
		onCopy: { attribute: false },
		onApply: { attribute: false },
	};
	#drawn: readonly DrawnBlock[] = [];

	constructor() {
		super();
		this.text = "";
		for (const kind of ["click", "auxclick"]) this.addEventListener(kind, (event) => this.#follow(event));
	}

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	protected override shouldUpdate(changed: Map<string, unknown>): boolean {
		return changed.has("text");
	}

	protected override updated(): void {
		const before = this.#drawn;
		this.#drawn = toBlocks(this.text).map((block, at) => {
			const drawn = before[at];
			const { raw, isWhole } = block;
			if (drawn?.raw === raw && drawn.isWhole === isWhole) return drawn;
			const node = this.#draw(block);
			if (drawn) drawn.node.replaceWith(node);
			else this.append(node);
			return { raw, isWhole, node };
		});
		for (const { node } of before.slice(this.#drawn.length)) node.remove();
	}

	#draw(block: MarkdownBlock): HTMLElement {
		switch (block.kind) {
			case "code":
				return codeBlock(block, (code) => this.onCopy(code), this.onApply);
			case "maths": {
				const place = document.createElement("div");
				place.className = "maths";
				showMaths(place, block.text, true);
				return place;
			}
			case "html": {
				const place = document.createElement("div");
				place.className = "words";
				place.append(renderHtml(block.raw));
				for (const code of place.querySelectorAll("code")) {
					const text = code.textContent ?? "";
					if (!text.startsWith(mathsMark)) continue;
					const maths = document.createElement("span");
					showMaths(maths, text.slice(mathsMark.length), false);
					code.replaceWith(maths);
				}
				for (const table of place.querySelectorAll("table")) {
					const frame = document.createElement("div");
					frame.className = "table-frame";
					frame.tabIndex = 0;
					frame.setAttribute("role", "region");
					frame.setAttribute("aria-label", "Table");
					table.replaceWith(frame);
					frame.append(table);
				}
				return place;
			}
		}
	}

	/** Stopped here: the editor's own handler on the document would open it without asking. */
	#follow(event: Event): void {
		const link = event.target instanceof Element ? event.target.closest("a") : null;
		if (!link) return;
		event.preventDefault();
		event.stopPropagation();
		const href = link.getAttribute("href");
		if (href) this.onLink(href);
	}
}

/** Without `trust` TeX makes no link, no class and no address; what it cannot read is shown as it was written. */
function showMaths(place: HTMLElement, tex: string, displayMode: boolean): void {
	try {
		if (tex.length > longestMaths) throw new Error("too long");
		temml.render(tex, place, { displayMode, throwOnError: true, trust: false, maxExpand: 200, annotate: false });
	} catch {
		const code = document.createElement("code");
		code.textContent = tex;
		place.replaceChildren(code);
	}
}

customElements.define("gamma-answer", AnswerText);
