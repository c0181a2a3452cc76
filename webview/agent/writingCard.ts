import { html, nothing, type TemplateResult } from "lit";
import type { WritingEdit } from "../../src/shared/agent/conversation";

/** So much of a growing hunk is on the screen; what came before it scrolls out of sight. */
const mostLines = 12;

/** An edit while it is written: the file, and its hunks as they grow. It cannot be decided yet, so it has no buttons. */
export function writingCard({ path, kind, added, removed, hunkCount, hunks }: WritingEdit): TemplateResult {
	const earlier = hunkCount - hunks.length;
	return html`<section class="edits writing" aria-label="Being written: ${path}" aria-busy="true">
		<div class="edits-head">
			<span class="codicon codicon-edit" aria-hidden="true"></span>
			<h3 class="title-text">${path}</h3>
			${kind === "create" ? html`<span class="quiet">new</span>` : nothing}
			<span class="added">+${added}</span><span class="removed">−${removed}</span>
			<span class="quiet">being written</span>
		</div>
		${earlier > 0 ? html`<p class="quiet">${earlier} ${earlier === 1 ? "hunk" : "hunks"} above</p>` : nothing}
		${hunks.map(
			(hunk) => html`<pre class="growing">${lines(hunk.old, "removed", "−")}${lines(hunk.new, "added", "+")}</pre>`,
		)}
	</section>`;
}

function lines(text: string, kind: "added" | "removed", mark: string): unknown {
	if (text === "") return nothing;
	return text
		.replace(/\n$/, "")
		.split("\n")
		.slice(-mostLines)
		.map((line) => html`<span class=${kind}><span aria-hidden="true">${mark} </span>${line}</span>`);
}
