import { html, nothing } from "lit";
import { longestComment } from "../../src/shared/panels/jobPanel";
import { formatAge } from "../common/number";
import { PageElement } from "../common/pageElement";
import { section } from "../common/section";
import { loaded } from "./jobParts";
import type { JobSession } from "./jobSession";

/** What the team says of the job, and a field to say more. What is typed is kept over a reload until it is sent. */
export class CommentList extends PageElement<JobSession> {
	#isSending = false;
	#problem: string | null = null;

	protected override render(): unknown {
		const comments = this.session.state?.job?.comments;
		if (!comments) return nothing;
		return section(this.session, "comments", {
			title: "Comments",
			...(comments.kind === "ready" && { note: String(comments.value.length) }),
			body: () => html`${loaded(
				comments,
				(all) => html`<ul class="comments">
					${all.map(
						({ author, text, atMs }) => html`<li>
							<strong>${author || "Somebody"}</strong>
							<span class="quiet">${atMs === null ? nothing : html`<span title=${new Date(atMs).toLocaleString()}>${formatAge(this.session.nowMs - atMs)} ago</span>`}</span>
							<p class="comment-text">${text}</p>
						</li>`,
					)}
				</ul>`,
			)}
			${this.#form()}`,
		});
	}

	#form(): unknown {
		const { draft } = this.session.kept;
		const type = (event: Event) => {
			if (event.target instanceof HTMLTextAreaElement) this.session.keep({ draft: event.target.value });
		};
		const key = (event: KeyboardEvent) => {
			if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.#send();
		};
		return html`<div class="comment-form">
			<textarea
				rows="2"
				aria-label="New comment"
				placeholder="Tell the team…"
				maxlength=${longestComment}
				.value=${draft}
				?disabled=${this.#isSending}
				@input=${type}
				@keydown=${key}
			></textarea>
			<button type="button" class="button secondary" title="Send (Ctrl+Enter)" ?disabled=${this.#isSending || draft.trim() === ""} @click=${() => void this.#send()}>
				Comment
			</button>
			${this.#problem === null ? nothing : html`<p class="problem-words" role="alert">${this.#problem}</p>`}
		</div>`;
	}

	async #send(): Promise<void> {
		const text = this.session.kept.draft.trim();
		if (text === "" || this.#isSending) return;
		this.#isSending = true;
		this.#problem = null;
		this.requestUpdate();
		try {
			await this.session.host.call("comment", { text });
			this.session.keep({ draft: "" });
		} catch (error) {
			// What was typed stays, to be sent again.
			this.#problem = error instanceof Error ? error.message : String(error);
		}
		this.#isSending = false;
		this.requestUpdate();
	}
}

customElements.define("gamma-comments", CommentList);
