import { html, nothing, type TemplateResult } from "lit";
import type { EditedFile, Part } from "../../src/shared/agent/conversation";
import type { AgentSession } from "./agentSession";

const kinds = { edit: "", create: "new", delete: "deleted", rename: "renamed" };

/** Proposed edits as the chat shows them; the review itself is in the editor. */
export function editsCard(session: AgentSession, part: Extract<Part, { kind: "edits" }>): TemplateResult {
	const { setId, title, files } = part;
	const hunks = sum(files, ({ hunks }) => hunks);
	const open = sum(files, (file) => file.hunks - file.accepted - file.rejected);
	const call = (name: "acceptEdits" | "rejectEdits") => () =>
		void session.ask(session.host.callPatiently(name, { setId }));
	const review = (path: string | null) => () => void session.ask(session.host.callPatiently("review", { setId, path }));
	const words = `${hunks} ${hunks === 1 ? "edit" : "edits"} in ${files.length} ${files.length === 1 ? "file" : "files"}`;
	return html`<section class="edits" aria-label="Proposed edits: ${title || words}">
		<div class="edits-head">
			<h3>${words}</h3>
			<span class="edits-actions">
				<button type="button" class="link" @click=${review(null)}>Review</button>
				${
					open > 0
						? html`<button type="button" class="link" @click=${call("acceptEdits")}>Accept all</button>
							<button type="button" class="link" @click=${call("rejectEdits")}>Reject</button>`
						: html`<span class="quiet">decided</span>`
				}
			</span>
		</div>
		${title ? html`<p class="quiet">${title}</p>` : nothing}
		<ul>${files.map(
			(file) => html`<li>
			<button type="button" class="row" title="Review ${file.path}" @click=${review(file.path)}>
				<span class="title-text">${file.path}</span>
				<span class="quiet">${kinds[file.kind]}</span>
				<span class="added">+${file.added}</span><span class="removed">−${file.removed}</span>
				<span class="quiet">${decided(file)}</span>
				${file.isStale ? html`<span class="warn" title="The file has changed since">stale</span>` : nothing}
			</button>
		</li>`,
		)}</ul>
	</section>`;
}

function decided({ accepted, rejected, hunks }: EditedFile): string {
	if (accepted + rejected === 0) return hunks === 1 ? "1 hunk" : `${hunks} hunks`;
	return `${accepted > 0 ? `✓ ${accepted}` : ""}${rejected > 0 ? ` ✗ ${rejected}` : ""} of ${hunks}`.trim();
}

function sum(files: readonly EditedFile[], of: (file: EditedFile) => number): number {
	return files.reduce((total, file) => total + of(file), 0);
}
