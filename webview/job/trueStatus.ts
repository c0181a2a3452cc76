import { html, nothing, type TemplateResult } from "lit";
import type { JobPageJob, JobPageTrueStatus } from "../../src/shared/panels/jobPanel";
import { formatAge } from "../common/number";
import { section } from "../common/section";
import type { JobSession } from "./jobSession";

/** What each witness says of the job, side by side; where they contradict each other that comes first, with what mends it. */
export function trueStatusSection(session: JobSession, { trueStatus }: JobPageJob): unknown {
	if (trueStatus === null) return nothing;
	const { disagreements, witnesses } = trueStatus;
	return html`${disagreements.map((each, index) => alarm(session, each, index))}
	${section(session, "trueStatus", {
		title: "True status",
		note: disagreements.length === 0 ? "all agree" : "",
		body: () =>
			html`<dl class="witnesses">
				${witnesses.map(
					({ name, says, atMs }) => html`<div class="witness">
						<dt>${name}</dt>
						<dd>${says === "" ? nothing : html`<strong>${says}</strong>`} ${age(session, atMs)}</dd>
					</div>`,
				)}
			</dl>`,
	})}`;
}

function age(session: JobSession, atMs: number | null): TemplateResult {
	return atMs === null
		? html`<span class="quiet">nothing yet</span>`
		: html`<span class="quiet" title=${new Date(atMs).toLocaleString()}>${formatAge(session.nowMs - atMs)} ago</span>`;
}

function alarm(
	session: JobSession,
	{ words, button, remedy }: JobPageTrueStatus["disagreements"][number],
	index: number,
): TemplateResult {
	return html`<section class="alarm warning disagreement" aria-label="They disagree">
		<span class="codicon codicon-warning" aria-hidden="true"></span>
		<div>
			<strong>${words}</strong>
			${remedy === null ? nothing : html`<p class="quiet">${remedy}</p>`}
			${
				button === null
					? nothing
					: html`<p><button type="button" class="button secondary" @click=${() => void session.host.call("mend", { index })}>${button}</button></p>`
			}
		</div>
	</section>`;
}
