import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { NamedValue } from "../../src/shared/panels/runPanel";
import { formatCount } from "../common/number";
import { passesFilter, section } from "../common/section";
import { RunElement } from "./runElement";

/** Longer values are folded to this; more than a line or two hides the others. */
const foldedLength = 160;
const rowsAtFirst = 100;

/** The run's params, or its tags: filterable, names as they are, long values folded until opened. */
export class NamedValues extends RunElement {
	declare of: "param" | "tag";
	#rows = rowsAtFirst;
	/** Whole values of those that were opened, by name. */
	readonly #opened = new Map<string, string>();

	protected override render(): unknown {
		const run = this.session.state?.run;
		if (!run) return nothing;
		if (this.of === "param") return this.#section("params", "Params", run.params, false);
		const own = run.tags.filter((tag) => !tag.name.startsWith("mlflow."));
		const mlflow = run.tags.filter((tag) => tag.name.startsWith("mlflow."));
		return html`${own.length > 0 ? this.#section("tags", "Tags", own, false) : nothing}
		${mlflow.length > 0 ? this.#section("mlflow-tags", "MLflow’s own tags", mlflow, true) : nothing}`;
	}

	#section(id: string, title: string, values: readonly NamedValue[], folded: boolean): TemplateResult {
		return section(this.session, id, {
			title,
			note: formatCount(values.length),
			folded,
			...(values.length > 8 && { filter: `Filter ${this.of}s` }),
			body: () => this.#list(id, values),
		});
	}

	#list(id: string, values: readonly NamedValue[]): unknown {
		if (values.length === 0) return html`<p class="empty">No ${this.of} was logged.</p>`;
		const passing = values.filter(({ name, value }) => passesFilter(this.session, id, name, value));
		if (passing.length === 0) return html`<p class="empty">No ${this.of} passes the filter.</p>`;
		const rest = passing.length - this.#rows;
		const more = () => {
			this.#rows += 1000;
			this.requestUpdate();
		};
		return html`<dl class="values">
			${repeat(
				passing.slice(0, this.#rows),
				({ name }) => name,
				(value) => this.#row(value),
			)}
		</dl>
		${rest > 0 ? html`<button type="button" class="link more" @click=${more}>${formatCount(rest)} more</button>` : nothing}`;
	}

	#row({ name, value, length }: NamedValue): TemplateResult {
		const opened = this.#opened.get(name);
		const isLong = length > foldedLength;
		const shown = opened ?? (isLong ? `${value.slice(0, foldedLength)}…` : value);
		const label = opened === undefined ? `Show all ${formatCount(length)} characters` : "Show less";
		return html`<div class=${isLong ? "value-row long" : "value-row"}>
			<dt title=${name}><bdi>${name}</bdi></dt>
			<dd>
				<span class=${opened === undefined ? "value" : "value opened"}>${shown === "" ? html`<span class="quiet">empty</span>` : shown}</span>
				${isLong ? html`<button type="button" class="link" aria-label="${label} of ${name}" @click=${() => this.#toggle(name, length)}>${label}</button>` : nothing}
				<button type="button" class="icon-button on-hover" title="Copy the value" aria-label="Copy the value of ${name}" @click=${() => this.#copy(name, value, length)}>
					<span class="codicon codicon-copy" aria-hidden="true"></span>
				</button>
			</dd>
		</div>`;
	}

	async #toggle(name: string, length: number): Promise<void> {
		if (this.#opened.delete(name)) return this.requestUpdate();
		// A page with megabytes of text in one line does not scroll: the rest is for the clipboard.
		this.#opened.set(name, (await this.#whole(name, "", length)).slice(0, 100_000));
		this.requestUpdate();
	}

	async #copy(name: string, value: string, length: number): Promise<void> {
		this.session.host.copy(await this.#whole(name, value, length));
	}

	#whole(name: string, value: string, length: number): Promise<string> {
		if (value.length === length) return Promise.resolve(value);
		return this.session.host.call("value", { of: this.of, name });
	}
}

customElements.define("gamma-named-values", NamedValues);
