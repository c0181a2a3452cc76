import { html, LitElement, type TemplateResult } from "lit";
import { type FormBlock, type FormField, printForm } from "../../src/shared/agent/agentView";
import type { AgentSession } from "./agentSession";

/** A small form that the agent described. Sent, it is the person's next prompt: nothing else happens by it. */
export class FormBlockView extends LitElement {
	declare session: AgentSession;
	declare form: FormBlock;
	static override properties = { session: { attribute: false }, form: { attribute: false } };
	#values: Record<string, string | number | boolean | null> = {};
	#filledFor: FormBlock | undefined;

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	protected override render(): unknown {
		const { form } = this;
		if (this.#filledFor !== form) {
			this.#filledFor = form;
			this.#values = Object.fromEntries(form.fields.map(({ name, value }) => [name, value]));
		}
		return html`<fieldset class="block form-block">
			<legend>${form.title}</legend>
			${form.fields.map((field) => html`<label><span>${field.label || field.name}</span>${this.#field(field)}</label>`)}
			<button type="button" class="secondary" @click=${this.#send}>${form.submit}</button>
		</fieldset>`;
	}

	#field(field: FormField): TemplateResult {
		const set = (value: string | number | boolean | null) => {
			this.#values[field.name] = value;
		};
		const input = (event: Event) => event.target as HTMLInputElement;
		switch (field.kind) {
			case "text":
				return html`<input type="text" maxlength="2000" .value=${field.value} @input=${(event: Event) => set(input(event).value)} />`;
			case "number":
				return html`<input type="number" step="any" .value=${field.value === null ? "" : String(field.value)}
					@input=${(event: Event) => set(input(event).value === "" ? null : input(event).valueAsNumber)} />`;
			case "toggle":
				return html`<input type="checkbox" .checked=${field.value} @change=${(event: Event) => set(input(event).checked)} />`;
			case "choice":
				return html`<select @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>
					${field.value === null ? html`<option value="" selected disabled>Choose…</option>` : ""}
					${field.options.map((option) => html`<option value=${option} ?selected=${option === field.value}>${option}</option>`)}
				</select>`;
		}
	}

	readonly #send = () => {
		const text = printForm(this.form, this.#values);
		void this.session.ask(this.session.host.call("send", { text, known: [], images: [] }));
	};
}

customElements.define("gamma-form", FormBlockView);
