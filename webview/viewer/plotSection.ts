import { html, type nothing, type TemplateResult } from "lit";
import type { ViewerKept } from "../../src/shared/panels/viewerPanel";
import { section } from "../common/section";
import type { SectionParts } from "./sections";
import "./tracePlot";

const plots: readonly (readonly [plot: ViewerKept["plot"], name: string])[] = [
	["energy", "Energy"],
	["sensors", "Sensors"],
	["qpos", "Positions (qpos)"],
	["qvel", "Velocities (qvel)"],
	["ctrl", "Controls (ctrl)"],
];

export function plotSection({ session, viewing }: SectionParts): TemplateResult | typeof nothing {
	const { kept } = session;
	const choose = (event: Event) => {
		const plot = plots.find(([each]) => event.target instanceof HTMLSelectElement && each === event.target.value)?.[0];
		if (!plot) return;
		session.keep({ plot });
		viewing.setPlot();
	};
	return section(session, "plot", {
		title: "Plot",
		body: () => html`<select id="plot" aria-label="What is plotted" @change=${choose}>
				${plots.map(([plot, name]) => html`<option value=${plot} ?selected=${plot === kept.plot}>${name}</option>`)}
			</select>
			${
				viewing.trace.labels.length === 0
					? html`<p class="faint">This model has none.</p>`
					: html`<gamma-trace
							.revision=${viewing.trace.revision}
							.trace=${viewing.trace}
							.endS=${viewing.player?.canSeek ? viewing.player.endS : null}
							label="Values over time"
						></gamma-trace>`
			}`,
	});
}
