import { html, nothing, render } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { place } from "../common/menu";
import type { ChartsSession } from "./chartsSession";
import { runRow } from "./runRow";

let close: (() => void) | null = null;

/** The runs on the charts, under their button; follows the state and stays open while it changes. */
export function toggleRunsPopover(anchor: EventTarget | null, session: ChartsSession): void {
	if (close) {
		close();
		return;
	}
	if (!(anchor instanceof HTMLElement)) return;
	const popover = document.createElement("div");
	popover.className = "runs-popover";
	popover.setAttribute("role", "dialog");
	popover.setAttribute("aria-label", "Runs on the charts");
	const draw = () => render(content(session), popover);
	draw();
	document.body.append(popover);
	place(popover, anchor);
	anchor.setAttribute("aria-expanded", "true");
	const stops = [session.on("state", draw), session.on("view", draw), session.on("theme", draw)];
	const outside = (event: Event) => {
		const { target } = event;
		if (target instanceof Node && (popover.contains(target) || anchor.contains(target))) return;
		close?.();
	};
	const key = (event: KeyboardEvent) => {
		if (event.key !== "Escape") return;
		event.stopPropagation();
		close?.();
		anchor.focus();
	};
	document.addEventListener("pointerdown", outside, true);
	popover.addEventListener("keydown", key);
	close = () => {
		close = null;
		for (const stop of stops) stop();
		document.removeEventListener("pointerdown", outside, true);
		popover.remove();
		anchor.setAttribute("aria-expanded", "false");
		session.setHighlight(null);
	};
	popover.querySelector<HTMLElement>("input, button")?.focus({ preventScroll: true });
}

function content(session: ChartsSession) {
	const { state, view } = session;
	const runs = state?.runs ?? [];
	const baseline = state?.baseline;
	const members = baseline ? baseline.members.length : 0;
	return html`<div class="row">
			<button type="button" class="secondary" @click=${() => session.setView({ hidden: [] })} ?disabled=${view.hidden.length === 0}>Show all</button>
			<button type="button" class="secondary" @click=${() => session.setView({ hidden: runs.map((run) => run.key) })}>Hide all</button>
			<button type="button" class="secondary" @click=${() => void session.host.call("showRuns", undefined)}>Choose runs…</button>
		</div>
		<ul>
			${repeat(
				runs,
				(run) => run.key,
				(run) => runRow(run, session),
			)}
		</ul>
		${
			baseline
				? html`<p class="faint">Baseline: ${baseline.run.name}${members > 1 ? `, mean ± std of its ${members} seeds` : ""}.</p>`
				: nothing
		}`;
}
