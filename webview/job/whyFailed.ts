import { html, nothing, type TemplateResult } from "lit";
import type { ExcerptLine, JobPageJob, LogExcerpt } from "../../src/shared/panels/jobPanel";
import { formatCount } from "../common/number";
import type { JobSession } from "./jobSession";

/** A failed job begins with why: its reason, and what its log says. Another that has a reason says it too, more quietly. */
export function whyFailed(session: JobSession, job: JobPageJob): unknown {
	if (job.state === "completed") return nothing;
	if (job.state !== "failed") return job.reason === null ? nothing : html`<p class="reason">${job.reason}</p>`;
	const { failure } = job;
	const excerpt = failure?.kind === "ready" ? failure.value : null;
	return html`<section class="alarm error why" aria-label="Why it failed">
		<span class="codicon codicon-error" aria-hidden="true"></span>
		<div>
			<strong>${excerpt?.error || job.reason || "It failed"}</strong>
			${excerpt?.error && job.reason ? html`<p class="quiet">${job.reason}</p>` : nothing}
			${failure?.kind === "reading" ? html`<p class="quiet" role="status">Reading the log…</p>` : nothing}
			${failure?.kind === "failed" ? html`<p class="problem-words">The log could not be read: ${failure.message}</p>` : nothing}
			${failure?.kind === "ready" && excerpt === null ? html`<p class="quiet">It left no log.</p>` : nothing}
			${excerpt ? lines(session, excerpt) : nothing}
		</div>
	</section>`;
}

const titles = {
	traceback: "First traceback of the log",
	line: "From the log",
	end: "The end of the log",
} as const satisfies Record<LogExcerpt["kind"], string>;

function lines(session: JobSession, excerpt: LogExcerpt): TemplateResult {
	return html`<p class="excerpt-head">
			<span class="quiet">${titles[excerpt.kind]}</span>
			<button type="button" class="link" @click=${() => session.act("openLog")}>Show it in the log</button>
		</p>
		<pre tabindex="0" aria-label=${titles[excerpt.kind]}>${excerpt.lines.map((line) => html`${lineOf(session, line, excerpt)}\n`)}</pre>`;
}

function lineOf(session: JobSession, line: ExcerptLine, { error, omitted }: LogExcerpt): unknown {
	if (line === null) return html`<span class="quiet">… ${formatCount(omitted)} lines are left out …</span>`;
	const { text, frame } = line;
	if (frame === null)
		return error !== "" && text.includes(error) ? html`<strong class="error-line">${text}</strong>` : text;
	const open = () => void session.host.call("openFrame", { path: frame.path, line: frame.line });
	const title = `Open ${frame.path} at this commit, line ${frame.line}`;
	return html`${text.slice(0, frame.start)}<button type="button" class="link" title=${title} @click=${open}>${text.slice(frame.start, frame.end)}</button>${text.slice(frame.end)}`;
}
