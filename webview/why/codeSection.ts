import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { WhyPageHunk, WhyState } from "../../src/shared/panels/whyPanel";
import { formatCount } from "../common/number";
import { section } from "../common/section";
import type { WhySession } from "./whySession";

/** The hunks, the most suspicious first, and the button that has Claude judge them. */
export function codeSection(session: WhySession, state: WhyState): TemplateResult {
	const { hunks, moreHunks, code } = state;
	return section(session, "code", {
		title: "Code",
		note: hunks.length === 0 ? "" : `${formatCount(hunks.length + moreHunks)}, the most suspicious first`,
		body: () => html`<div class="code-head">
				<span class=${code.kind === "absent" ? "problem-words" : "quiet"} role="status">${code.sentence}</span>
				${code.kind === "ready" && hunks.some(({ from }) => from === "committed") ? action(session, "openCodeDiff", "diff-multiple", "All Files") : nothing}
				${hunks.length > 0 ? ranking(session, state) : nothing}
			</div>
			<ol class="hunks" aria-label="Changes of code">${repeat(
				hunks,
				({ id }) => id,
				(hunk) => hunkRow(session, hunk),
			)}</ol>
			${moreHunks > 0 ? html`<p class="empty">${formatCount(moreHunks)} more, each less suspicious than these.</p>` : nothing}`,
	});
}

function ranking(session: WhySession, { ranking: { kind, text, needsKey } }: WhyState): unknown {
	switch (kind) {
		case "writing":
			return html`<span class="quiet" role="status"><span class="codicon codicon-sync codicon-modifier-spin" aria-hidden="true"></span> Claude is ranking…</span>
				${action(session, "stopRanking", "debug-stop", "Stop")}`;
		case "failed":
			return html`<span class="problem-words" role="alert">${text}</span>
				${needsKey ? action(session, "setAgentKey", "key", "Set Key…") : nothing} ${action(session, "rank", "sparkle", "Try Again")}`;
		case "ready":
			return html`<span class="quiet" role="status">Ranked by ${text}</span> ${action(session, "rank", "sparkle", "Rank Again")}`;
		default:
			return html`<span class="quiet">Ranked by rules over the changed words.</span> ${action(session, "rank", "sparkle", "Rank with Claude")}`;
	}
}

function action(
	session: WhySession,
	call: "rank" | "stopRanking" | "setAgentKey" | "openCodeDiff",
	icon: string,
	label: string,
): TemplateResult {
	return html`<button type="button" class="button secondary" @click=${() => void session.host.call(call, undefined)}>
		<span class="codicon codicon-${icon}" aria-hidden="true"></span>${label}
	</button>`;
}

const origins = {
	committed: "",
	base: "uncommitted, of the first run",
	other: "uncommitted, of the second run",
} as const;

function hunkRow(session: WhySession, hunk: WhyPageHunk): TemplateResult {
	const place = `${hunk.path}:${hunk.line}`;
	const notes = [
		origins[hunk.from],
		hunk.kind === "modified" ? "" : hunk.kind,
		hunk.previousPath === null ? "" : `was ${hunk.previousPath}`,
	].filter(Boolean);
	return html`<li class="hunk" aria-label=${`${place}, ${hunk.level}: ${hunk.sentence}`}>
		<div class="hunk-head">
			<span class="level level-${hunk.level}" title=${`${hunk.score} of 100, ${hunk.isRanked ? "by Claude" : "by rules"}`}>${hunk.level}</span>
			<button type="button" class="link place" title="Open this change" @click=${() => void session.host.call("openHunk", { id: hunk.id })}>${place}</button>
			${notes.length > 0 ? html`<span class="quiet">${notes.join(", ")}</span>` : nothing}
			<span class="hunk-buttons">
				<button type="button" class="quiet-button" aria-label=${`Open ${place}`} @click=${() => void session.host.call("openHunk", { id: hunk.id })}>
					<span class="codicon codicon-go-to-file" aria-hidden="true"></span>Open
				</button>
				${
					hunk.canTest
						? html`<button type="button" class="quiet-button" aria-label=${`Test ${place}`} title="A models/… branch of the second run's commit without this change" @click=${() => void session.host.call("testHunk", { id: hunk.id })}>
								<span class="codicon codicon-beaker" aria-hidden="true"></span>Test this
							</button>`
						: nothing
				}
			</span>
		</div>
		<p class="sentence">${hunk.sentence}</p>
		${hunk.lines.length === 0 ? nothing : code(hunk, place)}
	</li>`;
}

function code({ lines, omitted }: WhyPageHunk, place: string): TemplateResult {
	const kinds = { "+": "added", "-": "removed", " ": "kept" } as const;
	return html`<pre tabindex="0" aria-label=${`Lines of ${place}`}>${lines.map(
		({ mark, text }) => html`<span class="line ${kinds[mark]}">${mark} ${text}\n</span>`,
	)}${omitted > 0 ? html`<span class="quiet">… ${formatCount(omitted)} more lines\n</span>` : nothing}</pre>`;
}
