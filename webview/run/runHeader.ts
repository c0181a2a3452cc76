import { html, nothing, type TemplateResult } from "lit";
import type { RunPageAction, RunPageRun } from "../../src/shared/panels/runPanel";
import { copyButton } from "../common/copyButton";
import { statusIcons } from "../common/statusIcons";
import { readTheme } from "../common/theme";
import type { RunSession } from "./runSession";
import { duration, isSilent, statusWords } from "./words";

/** Name, state with its age, where the run came from, and what can be done with it: the same place on every page. */
export function runHeader(session: RunSession, run: RunPageRun): TemplateResult {
	return html`<header class="run-header">
		<div class="title-row">
			<div class="title">
				<h1 title=${run.name}>
					<svg class="colour-dot" viewBox="0 0 10 10" aria-hidden="true">
						<circle cx="5" cy="5" r="4.5" fill=${readTheme().runColour(run.colour)}></circle></svg
					>${run.name || run.id}
				</h1>
				<p class="status-row">
					${statusBadge(session, run)} ${run.lifecycleStage === "deleted" ? html`<span class="badge">deleted</span>` : nothing}
					${run.isBaseline ? html`<span class="badge">★ baseline</span>` : nothing} ${durationWords(session, run)}
				</p>
			</div>
			<div class="buttons">${mainButtons(session, run)}</div>
		</div>
		<dl class="facts">${facts(session, run)}</dl>
		<div class="copies" role="group" aria-label="Copy">
			${copyButton(session, "run id", run.id)}
			${run.commit ? copyButton(session, "commit", run.commit) : nothing}
			${run.artifactUri ? copyButton(session, "artifact URI", run.artifactUri) : nothing}
			${copyButton(session, "runs:/ URI", `runs:/${run.id}`)}
		</div>
	</header>`;
}

function statusBadge(session: RunSession, run: RunPageRun): TemplateResult {
	const silent = isSilent(run, session.nowMs);
	const icon = silent ? "warning" : statusIcons[run.status];
	const spin = run.status === "RUNNING" && !silent ? "codicon-modifier-spin" : "";
	return html`<span class="status status-${silent ? "silent" : run.status.toLowerCase()}">
		<span class="codicon codicon-${icon} ${spin}" aria-hidden="true"></span>
		<span class="status-words">${statusWords(run, session.nowMs)}</span>
	</span>`;
}

function durationWords(session: RunSession, run: RunPageRun): unknown {
	const length = duration(run, session.nowMs);
	if (length === null) return nothing;
	return html`<span class="quiet">${run.endTimeMs === null ? "for" : "took"} <span class="duration">${length}</span></span>`;
}

function mainButtons(session: RunSession, run: RunPageRun): TemplateResult {
	return html`
		${button(session, "openCharts", "graph-line", "Charts", "Put this run on the charts", "primary")}
		${
			run.baseline && !run.isBaseline
				? button(
						session,
						"compareToBaseline",
						"git-compare",
						"Compare to Baseline",
						`Compare with ${run.baseline.name}`,
					)
				: nothing
		}
		${
			run.isBaseline
				? button(
						session,
						"clearBaseline",
						"star-full",
						"Clear Baseline",
						"Other runs are no longer compared with this one",
					)
				: button(session, "setBaseline", "star-empty", "Set Baseline", "Compare other runs with this one")
		}`;
}

function button(
	session: RunSession,
	action: RunPageAction,
	icon: string,
	label: string,
	title: string,
	kind: "primary" | "secondary" = "secondary",
): TemplateResult {
	return html`<button type="button" class="button ${kind}" title=${title} @click=${() => session.act(action)}>
		<span class="codicon codicon-${icon}" aria-hidden="true"></span>${label}
	</button>`;
}

function facts(session: RunSession, run: RunPageRun): unknown[] {
	const fact = (name: string, value: unknown, wide = false) =>
		html`<div class=${wide ? "fact wide" : "fact"}><dt>${name}</dt><dd>${value}</dd></div>`;
	const { store } = run;
	return [
		run.branch || run.commit || run.hasUncommittedDiff ? fact("Code", code(session, run), true) : nothing,
		run.job === null ? nothing : fact("Job", jobLink(session, run.job)),
		fact("Experiment", run.experimentName),
		run.userId ? fact("User", run.userId) : nothing,
		run.startTimeMs === null
			? nothing
			: fact(
					"Started",
					html`<time datetime=${new Date(run.startTimeMs).toISOString()}>${new Date(run.startTimeMs).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}</time>`,
				),
		fact("Store", html`<span title=${store.uri}>${store.label}</span>`),
	];
}

function jobLink(session: RunSession, { id, attempt, status }: NonNullable<RunPageRun["job"]>): TemplateResult {
	const open = () => void session.host.call("openJob", { id });
	const label = attempt > 1 ? `attempt ${attempt}, ${status}` : status;
	return html`<button type="button" class="link" title="Open the training job of this run" aria-label="Open job, ${label}" @click=${open}>${label}</button>`;
}

function code(session: RunSession, run: RunPageRun): TemplateResult {
	const link = (action: RunPageAction, label: string, title: string) =>
		html`<button type="button" class="link" title=${title} @click=${() => session.act(action)}>${label}</button>`;
	const sha = run.commit?.slice(0, 7);
	return html`<span class="code-facts">
		${run.branch ? html`<span><span class="codicon codicon-git-branch" aria-hidden="true"></span>${run.branch}</span>` : nothing}
		${
			sha === undefined
				? nothing
				: html`<span><span class="codicon codicon-git-commit" aria-hidden="true"></span><code title=${run.commit ?? ""}>${sha}</code></span>
						${
							run.hasGit
								? html`${link("openCommit", "Open commit", "What this commit changed")}
								${run.baseline && !run.isBaseline ? link("diffToBaseline", "Diff to baseline", `Every file that differs from ${run.baseline.name}`) : nothing}
								${link("checkOutCommit", "Check out…", "Check this commit out into a worktree of its own")}`
								: nothing
						}`
		}
		${run.hasUncommittedDiff ? link("openUncommittedDiff", "Uncommitted changes", "The changes that were not committed when it started") : nothing}
	</span>`;
}
