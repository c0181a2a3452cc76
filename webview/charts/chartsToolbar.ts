import { html, nothing } from "lit";
import { type XAxis, xAxes } from "../../src/shared/chart";
import { type ChartsTab, chartsTabs } from "../../src/shared/panels/chartsView";
import { openMenu } from "../common/menu";
import { formatX } from "./axisTicks";
import { exportAllEntries } from "./exportAll";
import { liveAge } from "./liveAge";
import { toggleRunsPopover } from "./runsPopover";
import { SessionElement } from "./sessionElement";
import { say } from "./statusLine";

const tabTitles: Record<ChartsTab, string> = { lines: "Lines", parallel: "Parallel coordinates", scatter: "Scatter" };

const axisTitles: Record<XAxis, string> = {
	step: "step",
	epoch: "epoch",
	relative: "relative time",
	process: "process time",
	wall: "wall time",
};

export class ChartsToolbar extends SessionElement {
	#clock: ReturnType<typeof setInterval> | undefined;

	override connectedCallback(): void {
		super.connectedCallback();
		this.#clock = setInterval(() => this.requestUpdate(), 1000);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearInterval(this.#clock);
	}

	protected override render() {
		const { session } = this;
		const { state, view } = session;
		if (!state) return nothing;
		const age = liveAge(state, session.nowMs);
		const visible = state.runs.filter((run) => !view.hidden.includes(run.key)).length;
		const runs = visible === state.runs.length ? `${visible}` : `${visible} of ${state.runs.length}`;
		return html`<div class="row tabs-row">
				<div class="tabs" role="tablist" aria-label="Kind of chart" @keydown=${this.#tabKey}>
					${chartsTabs.map(
						(
							tab,
						) => html`<button type="button" role="tab" id="tab-${tab}" aria-selected=${view.tab === tab} aria-controls="charts-main"
							tabindex=${view.tab === tab ? 0 : -1} @click=${() => session.setView({ tab })}>${tabTitles[tab]}</button>`,
					)}
				</div>
				<span class="spread"></span>
				${age ? html`<span class="live ${age.kind}" title=${age.title}><i class="dot" aria-hidden="true"></i>${age.text}</span>` : nothing}
				<button type="button" class="icon" aria-haspopup="menu" aria-expanded="false" title="More" aria-label="More" @click=${this.#openMenu}>
					<i class="codicon codicon-ellipsis"></i>
				</button>
				<button type="button" class="icon" title="Keys (?)" aria-label="Keys" @click=${() => this.dispatchEvent(new CustomEvent("help", { bubbles: true }))}>
					<i class="codicon codicon-question"></i>
				</button>
			</div>
			<div class="row tools" role="toolbar" aria-label="Charts">
				<button type="button" class="secondary runs-button" aria-haspopup="dialog" aria-expanded="false" title="The runs on the charts"
					@click=${(event: Event) => toggleRunsPopover(event.currentTarget, session)}>
					Runs <span class="count">${runs}</span> <i class="codicon codicon-chevron-down"></i>
				</button>
				${view.tab === "lines" ? this.#lineTools() : nothing}
			</div>`;
	}

	#lineTools() {
		const { session } = this;
		const { view } = session;
		return html`<label class="search" title="Words, or a regular expression (/)">
				<i class="codicon codicon-search" aria-hidden="true"></i>
				<input type="search" id="metric-search" placeholder="Search metrics" aria-label="Search metrics" spellcheck="false"
					.value=${view.search} @input=${(event: Event) => session.setView({ search: inputOf(event).value })} />
			</label>
			<label class="field" title="X axis (x)"><span>x</span>
				<select id="x-axis" aria-label="X axis" @change=${(event: Event) => this.#setAxis(inputOf(event).value)}>
					${xAxes.map((axis) => html`<option value=${axis} ?selected=${view.xAxis === axis}>${axisTitles[axis]}</option>`)}
				</select>
			</label>
			<label class="field" title="Smoothing (s): weight of the time-weighted exponential mean; the raw line stays faint behind it"><span>smooth</span>
				<input type="range" id="smoothing" min="0" max="0.99" step="0.01" aria-label="Smoothing" .value=${String(view.smoothing)}
					@input=${this.#setSmoothing} />
				<input type="number" class="small" min="0" max="0.99" step="0.05" aria-label="Smoothing as a number" .value=${String(view.smoothing)}
					@change=${this.#setSmoothing} />
			</label>
			${this.#toggle("log x", view.logX, "Logarithmic x axis", () => session.setView({ logX: !view.logX, zoom: null }))}
			${this.#toggle("log y", view.logY, "Logarithmic y axis (y)", () => session.setView({ logY: !view.logY, logYFlipped: [] }))}
			${this.#toggle("ignore outliers", view.ignoreOutliers, "Fit the y axis to the inner 95 % of the values", () => session.setView({ ignoreOutliers: !view.ignoreOutliers }))}
			${this.#toggle(
				"seeds as mean ± std",
				view.groupSeeds,
				"Runs whose params are equal but for the seed become one line with a band",
				() => session.setView({ groupSeeds: !view.groupSeeds }),
			)}
			${
				view.zoom
					? html`<button type="button" class="secondary zoom" title="Show everything (double-click a chart)" @click=${() => session.setView({ zoom: null })}>
							${formatX(view.xAxis, view.zoom[0])} – ${formatX(view.xAxis, view.zoom[1])} <i class="codicon codicon-close" aria-label="Reset zoom"></i>
						</button>`
					: nothing
			}`;
	}

	#toggle(label: string, isOn: boolean, title: string, run: () => void) {
		return html`<button type="button" class="toggle" aria-pressed=${isOn} title=${title} @click=${run}>${label}</button>`;
	}

	readonly #setSmoothing = (event: Event) => {
		const value = Number(inputOf(event).value);
		if (Number.isFinite(value)) this.session.setView({ smoothing: Math.min(0.99, Math.max(0, value)) });
	};

	#setAxis(value: string): void {
		const axis = xAxes.find((known) => known === value);
		if (axis) this.session.setView({ xAxis: axis, zoom: null });
	}

	readonly #tabKey = (event: KeyboardEvent) => {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (step === undefined) return;
		event.preventDefault();
		const at = chartsTabs.indexOf(this.session.view.tab);
		const tab = chartsTabs[(at + step + chartsTabs.length) % chartsTabs.length] ?? "lines";
		this.session.setView({ tab });
		void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#tab-${tab}`)?.focus());
	};

	readonly #openMenu = (event: Event) => {
		if (!(event.currentTarget instanceof HTMLElement)) return;
		const { session } = this;
		const { view, host } = session;
		openMenu(event.currentTarget, [
			{
				label: "Hide charts without a visible run",
				checked: view.hideEmpty,
				run: () => session.setView({ hideEmpty: !view.hideEmpty }),
			},
			"separator",
			...[0, 1, 2, 3, 4].map((columns) => ({
				label: columns === 0 ? "Columns by width" : columns === 1 ? "1 column" : `${columns} columns`,
				checked: view.columns === columns,
				run: () => session.setView({ columns }),
			})),
			"separator",
			...exportAllEntries(session),
			{
				label: "Copy link to this view",
				run: () =>
					void host.call("copyLink", { view, metric: null }).then(
						() => say("Link copied."),
						(error: unknown) => say(String(error)),
					),
			},
			{ label: "Reset view", run: () => session.resetView() },
		]);
	};
}

function inputOf(event: Event): { value: string } {
	const { target } = event;
	return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target : { value: "" };
}

customElements.define("gamma-charts-toolbar", ChartsToolbar);
