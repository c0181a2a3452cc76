import { highlightCode } from "./highlightCode";
import type { MarkdownBlock } from "./markdownBlocks";

const saidForMs = 1500;

/** A block of code with its language, Copy, and Apply once it is whole. */
export function codeBlock(
	block: MarkdownBlock,
	copy: (code: string) => void,
	apply: (code: string, path: string | null) => void,
): HTMLElement {
	const { language, path } = readInfo(block.info);
	const figure = document.createElement("figure");
	figure.className = "code";
	const head = document.createElement("figcaption");
	const label = document.createElement("span");
	label.className = "quiet";
	label.textContent = path ?? language;
	head.append(label);
	head.append(
		button("copy", "Copy", "Copy this code", (pressed) => {
			copy(block.text);
			pressed.textContent = "Copied";
			setTimeout(() => {
				pressed.textContent = "Copy";
			}, saidForMs);
		}),
	);
	if (block.isWhole && language !== "diff" && block.text.trim() !== "") {
		const where = path ? `to ${path}` : "to the file in front";
		head.append(button("diff", "Apply", `Propose this code as an edit ${where}`, () => apply(block.text, path)));
	}
	const pre = document.createElement("pre");
	pre.tabIndex = 0;
	pre.setAttribute("aria-label", path ? `Code for ${path}` : `Code${language ? ` in ${language}` : ""}`);
	const code = document.createElement("code");
	// A block that is still written changes thirty times a second: its colours come with its end.
	code.append(block.isWhole ? highlightCode(block.text, language) : block.text);
	pre.append(code);
	figure.append(head, pre);
	return figure;
}

/** `python`, `python train.py`, `python title="src/train.py"`, `train.py`. A path is only a wish: the host checks it. */
export function readInfo(info: string): { readonly language: string; readonly path: string | null } {
	const [first = "", ...rest] = info.trim().split(/\s+/);
	const named = /(?:title|file|path)=(?:"([^"]+)"|(\S+))/.exec(info);
	const path = named?.[1] ?? named?.[2] ?? [first, ...rest].find((each) => /^[\w@][\w@./-]*\.\w+$/.test(each)) ?? null;
	const language = /^[\w+#-]+$/.test(first) ? first.toLowerCase() : (path?.split(".").at(-1) ?? "");
	return { language, path };
}

function button(icon: string, words: string, title: string, run: (pressed: HTMLElement) => void): HTMLButtonElement {
	const made = document.createElement("button");
	made.type = "button";
	made.className = "quiet-button";
	made.title = title;
	const picture = document.createElement("span");
	picture.className = `codicon codicon-${icon}`;
	picture.setAttribute("aria-hidden", "true");
	const label = document.createElement("span");
	label.textContent = words;
	made.append(picture, label);
	made.addEventListener("click", () => run(label));
	return made;
}
