import { html, nothing, type TemplateResult } from "lit";
import type { WhyRun, WhyState } from "../../src/shared/panels/whyPanel";
import { LivePage } from "../common/livePage";
import { readTheme } from "../common/theme";
import { codeSection } from "./codeSection";
import { differenceSections } from "./differenceSections";
import type { WhySession } from "./whySession";

/** Why two runs differ: whether it is more than chance, what differs, and which change is suspected most. */
export class WhyPage extends LivePage<WhySession> {
	protected override get isFilled(): boolean {
		return !!this.session.state?.runs;
	}

	protected override render(): unknown {
		const { state } = this.session;
		if (!state) return html`<p class="empty page-empty" role="status">Reading the runs…</p>`;
		if (!state.runs) {
			const words = state.isReading ? "Reading the runs…" : "One of these runs is in no open store any more.";
			return html`<p class="empty page-empty" role="status">${words}</p>`;
		}
		return html`<main>
			${this.#head(state, state.runs)} ${codeSection(this.session, state)} ${differenceSections(this.session, state)}
		</main>`;
	}

	#head(state: WhyState, { base, other }: { readonly base: WhyRun; readonly other: WhyRun }): TemplateResult {
		return html`<header class="run-header">
			<h1>Why did it change?</h1>
			<p class="pair">${this.#run(base)} <span class="codicon codicon-arrow-right" aria-label="to"></span> ${this.#run(other)}
				<button type="button" class="quiet-button" @click=${() => this.#swap(base, other)}>
					<span class="codicon codicon-arrow-swap" aria-hidden="true"></span>Swap
				</button>
			</p>
			${this.#metric(state)} ${verdict(state)}
		</header>`;
	}

	#run({ key, name, colour, commit }: WhyRun): TemplateResult {
		return html`<span class="run"><svg class="colour-dot" viewBox="0 0 10 10" aria-hidden="true"
				><circle cx="5" cy="5" r="4.5" fill=${readTheme().runColour(colour)}></circle></svg
			><button type="button" class="link" title="Open the run's page" @click=${() => void this.session.host.call("openRun", { key })}>${name}</button>
			${commit === null ? nothing : html`<code class="quiet">${commit}</code>`}</span>`;
	}

	#metric({ metrics, metric }: WhyState): unknown {
		if (metrics.length === 0) return html`<p class="quiet">They share no metric.</p>`;
		const choose = (event: Event) => {
			if (event.target instanceof HTMLSelectElement)
				void this.session.host.call("chooseMetric", { metric: event.target.value });
		};
		return html`<p class="metric"><label for="metric">Metric</label>
			<select id="metric" .value=${metric ?? ""} @change=${choose}>
				${metrics.map((name) => html`<option value=${name} ?selected=${name === metric}>${name}</option>`)}
			</select></p>`;
	}

	#swap(base: WhyRun, other: WhyRun): void {
		void this.session.host.call("setRuns", { base: other.key, other: base.key });
	}
}

const verdictWords = {
	outside: ["pass", "More than chance"],
	within: ["info", "May be chance"],
	tooFew: ["warning", "Too few seeds to tell"],
	same: ["info", "Not changed"],
	notFinite: ["error", "No number"],
	none: ["info", "Not comparable"],
} as const;

function verdict({ verdict }: WhyState): unknown {
	if (!verdict) return nothing;
	const [icon, word] = verdictWords[verdict.kind];
	return html`<p class="verdict verdict-${verdict.kind}" role="status">
		<span class="codicon codicon-${icon}" aria-hidden="true"></span><strong>${word}</strong> <span>${verdict.sentence}</span>
	</p>`;
}

customElements.define("gamma-why-page", WhyPage);
