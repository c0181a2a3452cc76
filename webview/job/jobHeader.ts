import { html, nothing, type TemplateResult } from "lit";
import type { JobPageAction, JobPageJob, RelatedJob } from "../../src/shared/panels/jobPanel";
import { copyButton } from "../common/copyButton";
import { formatCount } from "../common/number";
import { when } from "../common/when";
import type { JobSession } from "./jobSession";
import { percentOf, ranWords, stateIcons } from "./words";

/** Name, state with its age, where the job came from, and what can be done with it: the same place on every page. */
export function jobHeader(session: JobSession, job: JobPageJob): TemplateResult {
	const name = job.subject || job.commit.slice(0, 7);
	return html`<header class="run-header">
		<div class="title-row">
			<div class="title">
				<h1 title=${name}>${name}</h1>
				<p class="status-row">${status(job)} ${attempts(session, job)}</p>
			</div>
			<div class="buttons" role="group" aria-label="What can be done with this job">${buttons(session, job)}</div>
		</div>
		${job.progress === null ? nothing : progress(job, job.progress)}
		<dl class="facts">${facts(session, job)}</dl>
		${job.body === "" ? nothing : html`<pre class="message" tabindex="0" aria-label="Message of the commit">${job.body}</pre>`}
		<div class="copies" role="group" aria-label="Copy">
			${job.isManaged ? copyButton(session, "job id", session.state?.id ?? "") : nothing}
			${copyButton(session, "commit", job.commit)} ${copyButton(session, "branch", job.branch)}
		</div>
	</header>`;
}

function status({ state, sentence }: JobPageJob): TemplateResult {
	return html`<span class="status status-${state}">
		<span class="codicon codicon-${stateIcons[state]} ${state === "running" ? "codicon-modifier-spin" : ""}" aria-hidden="true"></span>
		<span class="status-words">${sentence}</span>
	</span>`;
}

/** `attempt 2 of 3`, with links to the others. */
function attempts(session: JobSession, { attempt, attempts }: JobPageJob): unknown {
	if (attempts.length < 2) return attempt > 1 ? html`<span class="quiet">attempt ${attempt}</span>` : nothing;
	const id = session.state?.id;
	return html`<span class="attempts" role="group" aria-label="Attempts">
		<span class="quiet">attempt</span>
		${attempts.map((each) => (each.id === id ? html`<strong aria-current="page">${each.attempt}</strong>` : attemptLink(session, each)))}
		<span class="quiet">of ${attempts.length}</span>
	</span>`;
}

function attemptLink(session: JobSession, { id, attempt, status }: RelatedJob): TemplateResult {
	const open = () => void session.host.call("openJob", { id });
	return html`<button type="button" class="link" title="Attempt ${attempt}, ${status}" aria-label="Attempt ${attempt}, ${status}" @click=${open}>
		${attempt}<span class="codicon codicon-${stateIcons[status]}" aria-hidden="true"></span>
	</button>`;
}

function buttons(session: JobSession, job: JobPageJob): unknown[] {
	const isOver = job.state === "completed" || job.state === "failed" || job.state === "stopped";
	const button = (action: JobPageAction, icon: string, label: string, title: string, kind = "secondary") =>
		html`<button type="button" class="button ${kind}" title=${title} @click=${() => session.act(action)}>
			<span class="codicon codicon-${icon}" aria-hidden="true"></span>${label}
		</button>`;
	const likeliest = job.state === "failed" ? "log" : job.runs.length > 0 ? "charts" : "log";
	const kindOf = (what: string) => (what === likeliest ? "primary" : "secondary");
	return [
		job.log ? button("openLog", "output", "Log", "Open the log as an editor tab", kindOf("log")) : nothing,
		job.runs.length > 0
			? button("openCharts", "graph-line", "Charts", "Put the runs of this job on the charts", kindOf("charts"))
			: nothing,
		(job.isManaged && !isOver) || job.training?.goesOn
			? button("stop", "debug-stop", "Stop", "Stop this job; says first what is lost")
			: nothing,
		job.isManaged && isOver ? button("retry", "debug-restart", "Retry", "A new attempt of the same commit") : nothing,
		job.isManaged && isOver
			? button("rerun", "run-all", "Re-run with Params…", "A new attempt with other params")
			: nothing,
		job.runs.length > 0 && job.baseline !== null
			? button("compareToBaseline", "git-compare", "Compare to Baseline", `Compare with ${job.baseline}`)
			: nothing,
		job.training
			? button("clone", "copy", "Clone…", "A new training like this one, with other hyperparameters")
			: nothing,
		job.training ? button("openConsole", "link-external", "SageMaker", "Open it in SageMaker's console") : nothing,
		job.workflow?.canCancel
			? button("cancelWorkflow", "debug-stop", "Cancel Run", "End the jobs of its run at GitHub")
			: nothing,
		job.workflow?.canRerunFailed
			? button("rerunFailedJobs", "debug-restart", "Re-run Failed", "Run the jobs that failed again, at GitHub")
			: nothing,
		job.workflow?.canRerun
			? button("rerunWorkflow", "run-all", "Re-run All", "Run its whole workflow again, at GitHub")
			: nothing,
		job.log ? button("downloadLog", "cloud-download", "Download Log", "The whole log, into a file") : nothing,
		job.hasUrl ? button("openOnForge", "github", "Open on GitHub", "Open its page on GitHub") : nothing,
	];
}

function progress({ step }: JobPageJob, done: number): TemplateResult {
	const percent = percentOf(done);
	return html`<div class="progress">
		<progress max="100" value=${percent} aria-label="Progress of the training"></progress>
		<span class="number">${percent} %</span>
		${step === null ? nothing : html`<span class="quiet">step ${formatCount(step)}</span>`}
	</div>`;
}

function facts(session: JobSession, job: JobPageJob): unknown[] {
	const fact = (name: string, value: unknown, wide = false) =>
		html`<div class=${wide ? "fact wide" : "fact"}><dt>${name}</dt><dd>${value}</dd></div>`;
	const ran = ranWords(job, session.nowMs);
	return [
		fact("Code", code(session, job), true),
		job.fixes === null ? nothing : fact("Fixes", fixedRun(session, job.fixes)),
		job.author === "" ? nothing : fact("Author", job.author),
		job.createdMs === null ? nothing : fact("Pushed", when(job.createdMs)),
		job.startedMs === null ? nothing : fact("Started", when(job.startedMs)),
		ran === null ? nothing : fact(job.completedMs === null ? "Running for" : "Duration", ran),
		job.step !== null && job.progress === null ? fact("Step", formatCount(job.step)) : nothing,
		fact("Trained by", job.trainedBy),
	];
}

function fixedRun(session: JobSession, { name, key }: NonNullable<JobPageJob["fixes"]>): unknown {
	if (key === null) return html`run <code title=${name}>${name.slice(0, 12)}</code>`;
	const open = () => void session.host.call("openRun", { key });
	return html`<button type="button" class="link" title="Open the run" @click=${open}>${name}</button>`;
}

function code(session: JobSession, { branch, commit, hasGit }: JobPageJob): TemplateResult {
	return html`<span class="code-facts">
		<span><span class="codicon codicon-git-branch" aria-hidden="true"></span>${branch}</span>
		<span><span class="codicon codicon-git-commit" aria-hidden="true"></span><code title=${commit}>${commit.slice(0, 7)}</code></span>
		${
			hasGit
				? html`<button type="button" class="link" title="What this commit changed" @click=${() => session.act("openCommit")}>Open commit</button>`
				: nothing
		}
	</span>`;
}
