import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { copyButton } from "../common/copyButton";
import { formatSize } from "../common/number";
import { section } from "../common/section";
import { entriesAtFirst, type Folder, iconOf, rowAfterKey, type TreeRow, toRows } from "./artifactFolders";
import { RunElement } from "./runElement";
import "./artifactPreview";

/** Folders that are open are listed again at most this often while the run goes on. */
const relistEveryMs = 5000;

/** The run's artifacts: a lazy tree, and beside it what the chosen one holds. */
export class ArtifactTree extends RunElement {
	readonly #folders = new Map<string, Folder>();
	readonly #limits = new Map<string, number>();
	/** The row that the Tab key reaches. */
	#active = "";
	#listedGrowth = -1;
	#listedAtMs = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearTimeout(this.#timer);
	}

	protected override render(): unknown {
		const run = this.session.state?.run;
		if (!run) return nothing;
		return section(this.session, "artifacts", { title: "Artifacts", body: () => this.#body(run.growth) });
	}

	#body(growth: number): TemplateResult {
		this.#keepListed(growth);
		const open = new Set(this.session.kept.openFolders);
		const rows = toRows(this.#folders, open, this.#limits);
		const { selected } = this.session.kept;
		const active = rows.some((row) => row.path === this.#active) ? this.#active : (selected?.path ?? "");
		const focusable = rows.some((row) => row.path === active) ? active : rows[0]?.path;
		return html`<div class="artifacts">
			<div class="tree-side">
				<div class="tree" role="tree" aria-label="Artifacts" @keydown=${(event: KeyboardEvent) => this.#onKey(event, rows)}>
					${repeat(
						rows,
						(row) => row.path,
						(row) => this.#row(row, selected?.path === row.path, row.path === focusable),
					)}
				</div>
				<div class="tree-buttons">
					<button type="button" class="quiet-button" @click=${() => this.#download("", true, null)}>
						<span class="codicon codicon-cloud-download" aria-hidden="true"></span>Download all
					</button>
				</div>
			</div>
			<div class="preview-side">${selected ? this.#chosen(selected) : rows.some((row) => row.kind === "entry") ? html`<p class="empty">Choose an artifact to see what it holds.</p>` : nothing}</div>
		</div>`;
	}

	#row(row: TreeRow, isSelected: boolean, isFocusable: boolean): TemplateResult {
		const isEntry = row.kind === "entry";
		const size = row.sizeBytes === null ? "" : formatSize(row.sizeBytes);
		return html`<div
			role="treeitem"
			class="tree-row level-${Math.min(row.level, 12)} ${row.kind}"
			aria-level=${row.level}
			aria-posinset=${row.position}
			aria-setsize=${row.siblings}
			aria-selected=${isSelected}
			aria-expanded=${isEntry && row.isDir ? String(row.isOpen) : nothing}
			aria-label=${size ? `${row.name}, ${size}` : row.name}
			tabindex=${isFocusable ? 0 : -1}
			title=${row.name}
			data-path=${row.path}
			@click=${() => this.#choose(row)}
			@focus=${() => {
				this.#active = row.path;
			}}
		>
			<span class="codicon codicon-${row.isDir ? (row.isOpen ? "chevron-down" : "chevron-right") : "blank"}" aria-hidden="true"></span>
			${isEntry ? html`<span class="codicon codicon-${iconOf(row)}" aria-hidden="true"></span>` : nothing}
			${row.kind === "failed" ? html`<span class="codicon codicon-warning" aria-hidden="true"></span>` : nothing}
			<span class="tree-name"><bdi>${row.name}</bdi></span>
			<span class="tree-size">${size}</span>
		</div>`;
	}

	#chosen(selected: { path: string; isDir: boolean; sizeBytes: number | null }): TemplateResult {
		const { path, isDir, sizeBytes } = selected;
		const root = this.session.state?.run?.artifactUri;
		return html`<div class="preview-head">
				<h3 title=${path}><bdi>${path}</bdi></h3>
				${sizeBytes === null ? nothing : html`<span class="quiet">${formatSize(sizeBytes)}</span>`}
				<div class="preview-buttons" role="group" aria-label="Artifact">
					<button type="button" class="quiet-button" @click=${() => this.#download(path, isDir, sizeBytes)}>
						<span class="codicon codicon-cloud-download" aria-hidden="true"></span>${isDir ? "Download folder" : "Download"}
					</button>
					${copyButton(this.session, "path", path, "Copy the path")}
					${root ? copyButton(this.session, "URI", `${root.replace(/\/$/, "")}/${path}`, "Copy the URI") : nothing}
				</div>
			</div>
			${isDir ? nothing : html`<gamma-artifact-preview .session=${this.session} .path=${path} .sizeBytes=${sizeBytes}></gamma-artifact-preview>`}`;
	}

	#choose(row: TreeRow): void {
		const parent = row.path.split("\0")[0] ?? "";
		if (row.kind === "more") this.#limits.set(parent, (this.#limits.get(parent) ?? entriesAtFirst) + 1000);
		if (row.kind === "failed") this.#folders.delete(parent);
		if (row.kind === "entry") {
			this.#active = row.path;
			this.session.keep({ selected: { path: row.path, isDir: row.isDir, sizeBytes: row.sizeBytes } });
			if (row.isDir) this.#toggle(row);
		}
		this.requestUpdate();
	}

	#toggle(row: TreeRow): void {
		const { openFolders } = this.session.kept;
		const others = openFolders.filter((path) => path !== row.path);
		this.session.keep({ openFolders: row.isOpen ? others : [...others, row.path] });
	}

	#onKey(event: KeyboardEvent, rows: readonly TreeRow[]): void {
		const at = rows.findIndex((row) => row.path === this.#active);
		const row = rows[at];
		if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
		const next = rowAfterKey(rows, at, event.key);
		const toggles =
			row.isDir && ((event.key === "ArrowRight" && !row.isOpen) || (event.key === "ArrowLeft" && row.isOpen));
		if (event.key === "Enter" || event.key === " ") this.#choose(row);
		else if (toggles) this.#toggle(row);
		else if (next !== null) this.#moveTo(rows[next]?.path);
		else return;
		event.preventDefault();
	}

	#moveTo(path: string | undefined): void {
		if (path === undefined) return;
		this.#active = path;
		this.requestUpdate();
		for (const row of this.querySelectorAll<HTMLElement>("[role=treeitem]")) if (row.dataset.path === path) row.focus();
	}

	/** Lists the root and what is open, once; while the run goes on again now and then, showing the old until the new is here. */
	#keepListed(growth: number): void {
		const wanted = ["", ...this.session.kept.openFolders];
		for (const path of wanted) if (!this.#folders.has(path)) void this.#list(path);
		if (growth === this.#listedGrowth || this.#timer !== undefined) return;
		const isFirst = this.#listedGrowth === -1;
		const again = () => {
			this.#timer = undefined;
			this.#listedAtMs = Date.now();
			this.#listedGrowth = this.session.state?.run?.growth ?? growth;
			if (!isFirst) for (const path of ["", ...this.session.kept.openFolders]) void this.#list(path);
		};
		if (isFirst) again();
		else this.#timer = setTimeout(again, Math.max(0, this.#listedAtMs + relistEveryMs - Date.now()));
	}

	async #list(path: string): Promise<void> {
		if (!this.#folders.has(path)) this.#folders.set(path, { kind: "reading" });
		try {
			this.#folders.set(path, { kind: "read", entries: await this.session.host.call("artifacts", { path }) });
		} catch (error) {
			const message = error instanceof Error ? error.message : String(error);
			if (this.#folders.get(path)?.kind !== "read") this.#folders.set(path, { kind: "failed", message });
		}
		this.requestUpdate();
	}

	#download(path: string, isDir: boolean, sizeBytes: number | null): void {
		void this.session.host.call("download", { path, isDir, sizeBytes });
	}
}

customElements.define("gamma-artifact-tree", ArtifactTree);
