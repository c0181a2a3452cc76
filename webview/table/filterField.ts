import { html, nothing, type TemplateResult } from "lit";
import type { FilterCheck, tableCalls } from "../../src/shared/panels/tablePanel";
import type { Host } from "../common/host";

/** Quick enough to follow typing, slow enough not to ask for every letter. */
const askAfterMs = 120;

interface Options {
	readonly from: number;
	readonly options: readonly { readonly text: string; readonly detail: string }[];
}

/** The filter being typed: completion, what it would find, what is wrong with it. Nothing typed is lost by a mistake. */
export class FilterField {
	#text: string;
	#check: FilterCheck | null = null;
	#options: Options | null = null;
	/** The highlighted option; -1: none, Enter means the filter itself. */
	#at = -1;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked = 0;

	constructor(
		private readonly host: Host<typeof tableCalls>,
		text: string,
		private readonly onAdd: (filter: string) => void,
		private readonly onChange: () => void,
		private readonly toGrid: () => void,
	) {
		this.#text = text;
		if (text !== "") this.#askSoon(text.length);
	}

	get text(): string {
		return this.#text;
	}

	/** Takes a filter back into the field, to be changed. */
	edit(text: string): void {
		this.#text = text;
		this.#askSoon(text.length);
		this.onChange();
		requestAnimationFrame(() => this.focus());
	}

	focus(): void {
		const field = this.#field();
		field?.focus();
		field?.select();
	}

	template(): TemplateResult {
		const options = this.#options?.options ?? [];
		const isWrong = this.#text !== "" && this.#check?.problem != null;
		return html`<div class="filter">
			<span class="codicon codicon-filter" aria-hidden="true"></span>
			<input id="filter" type="text" role="combobox" spellcheck="false" autocomplete="off"
				aria-label="Filter runs" aria-autocomplete="list" aria-expanded=${options.length > 0}
				aria-controls="filter-options" aria-activedescendant=${this.#at >= 0 ? `option-${this.#at}` : nothing}
				aria-invalid=${isWrong} aria-describedby="filter-check"
				placeholder="metrics.val_acc > 0.9 and params.lr = '0.01'"
				title="MLflow's filter syntax, or words of a run's name. Tab completes, Enter adds the filter. ( / )"
				.value=${this.#text}
				@input=${(event: InputEvent) => this.#typed(event)}
				@keydown=${(event: KeyboardEvent) => this.#key(event)}
				@blur=${() => this.#hideOptions()} />
			${options.length === 0 ? nothing : this.#list(options)}
		</div>`;
	}

	/** What stands below the field. */
	checkTemplate(): TemplateResult | typeof nothing {
		const check = this.#check;
		if (this.#text.trim() === "" || !check) return nothing;
		if (check.problem === null) {
			return html`<div id="filter-check" class="check faint" role="status">
				${check.matching.toLocaleString("en")} of ${check.total.toLocaleString("en")} runs <span><kbd>Enter</kbd> keeps the filter</span>
			</div>`;
		}
		const { nameFilter } = check;
		// While completions are offered the filter is being written: what is missing is no mistake yet.
		const isWriting = (this.#options?.options.length ?? 0) > 0;
		return html`<div id="filter-check" class="check ${isWriting ? "faint" : "wrong"}" role="status">
			<span>${check.problem}</span>
			${nameFilter === null ? nothing : html`<button class="text-button" type="button" @click=${() => this.#add(nameFilter)}>Search names instead</button>`}
		</div>`;
	}

	#list(options: Options["options"]): TemplateResult {
		return html`<ul id="filter-options" class="options" role="listbox" aria-label="Completions">
			${options.map(
				(option, index) => html`<li id="option-${index}" role="option" aria-selected=${index === this.#at}
					@pointerdown=${(event: Event) => {
						event.preventDefault();
						this.#accept(index);
					}}><span>${option.text}</span><span>${option.detail}</span></li>`,
			)}
		</ul>`;
	}

	#typed(event: InputEvent): void {
		const field = event.target;
		if (!(field instanceof HTMLInputElement)) return;
		this.#text = field.value;
		this.#askSoon(field.selectionStart ?? field.value.length);
		this.onChange();
	}

	#key(event: KeyboardEvent): void {
		const options = this.#options?.options ?? [];
		const isOpen = options.length > 0;
		const isWrong = this.#check?.problem != null;
		if (event.key === "ArrowDown" && isOpen) this.#at = (this.#at + 1) % options.length;
		else if (event.key === "ArrowUp" && isOpen) this.#at = (this.#at <= 0 ? options.length : this.#at) - 1;
		else if (event.key === "ArrowDown") this.toGrid();
		else if (event.key === "Tab" && isOpen && !event.shiftKey) this.#accept(Math.max(0, this.#at));
		else if (event.key === "Enter" && isOpen && (this.#at >= 0 || isWrong)) this.#accept(Math.max(0, this.#at));
		else if (event.key === "Enter") void this.#submit();
		else if (event.key === "Escape" && isOpen) this.#hideOptions();
		else if (event.key === "Escape" && this.#text !== "") this.#set("");
		else if (event.key === "Escape") this.toGrid();
		else return;
		event.preventDefault();
		this.onChange();
	}

	async #submit(): Promise<void> {
		const text = this.#text.trim();
		if (text === "") return;
		clearTimeout(this.#timer);
		const check = await this.host.call("checkFilter", { text });
		this.#check = check;
		if (check.problem === null) this.#add(text);
		this.onChange();
	}

	#add(filter: string): void {
		this.#set("");
		this.onAdd(filter);
		this.onChange();
	}

	#set(text: string): void {
		clearTimeout(this.#timer);
		this.#asked++;
		this.#text = text;
		this.#check = null;
		this.#options = null;
		this.#at = -1;
	}

	#accept(index: number): void {
		const option = this.#options?.options[index];
		const field = this.#field();
		if (!option || !this.#options || !field) return;
		const caret = field.selectionStart ?? this.#text.length;
		const before = this.#text.slice(0, this.#options.from) + option.text;
		this.#text = before + this.#text.slice(caret);
		this.#options = null;
		this.#at = -1;
		field.value = this.#text;
		field.setSelectionRange(before.length, before.length);
		this.#askSoon(before.length);
		this.onChange();
	}

	#hideOptions(): void {
		this.#options = null;
		this.#at = -1;
		this.onChange();
	}

	#askSoon(caret: number): void {
		clearTimeout(this.#timer);
		const asked = ++this.#asked;
		this.#timer = setTimeout(() => void this.#ask(asked, caret), askAfterMs);
	}

	async #ask(asked: number, caret: number): Promise<void> {
		const text = this.#text;
		const [check, options] = await Promise.all([
			text.trim() === "" ? null : this.host.call("checkFilter", { text }),
			document.activeElement === this.#field() ? this.host.call("complete", { text, caret }) : null,
		]).catch(() => [null, null]);
		if (asked !== this.#asked) return;
		this.#check = check;
		this.#options = options;
		this.#at = -1;
		this.onChange();
	}

	#field(): HTMLInputElement | null {
		const field = document.getElementById("filter");
		return field instanceof HTMLInputElement ? field : null;
	}
}
