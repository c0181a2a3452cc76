import { html, nothing, type TemplateResult } from "lit";
import type { RelatedRun, RunPageRun } from "../../src/shared/panels/runPanel";
import { formatCount } from "../common/number";
import { section } from "../common/section";
import { statusIcons } from "../common/statusIcons";
import type { RunSession } from "./runSession";

/** The run's parent and children; nothing where it has neither. */
export function relatedRuns(session: RunSession, run: RunPageRun): unknown {
	const { parent, children, childCount } = run;
	if (!parent && childCount === 0) return nothing;
	return section(session, "related", {
		title: "Parent and children",
		...(childCount > 0 && { note: formatCount(childCount) }),
		body: () => html`<ul class="related">
			${parent ? html`<li><span class="quiet">child of</span> ${link(session, parent)}</li>` : nothing}
			${children.map((child) => html`<li>${link(session, child)}</li>`)}
			${childCount > children.length ? html`<li class="quiet">and ${formatCount(childCount - children.length)} more</li>` : nothing}
		</ul>`,
	});
}

function link(session: RunSession, run: RelatedRun): TemplateResult {
	return html`<span class="status-${run.status.toLowerCase()}"><span class="codicon codicon-${statusIcons[run.status]}" title=${run.status} aria-hidden="true"></span></span>
		<button type="button" class="link" @click=${() => void session.host.call("openRun", { key: run.key })}>
			${run.name}<span class="spoken">, ${run.status.toLowerCase()}</span>
		</button>`;
}
