import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { once } from "../../core/once";

/** A view whose rows are a file of their own, loaded when they can first be seen. */
export class LazyTree<Row> extends Owner implements vscode.TreeDataProvider<Row> {
	readonly view: vscode.TreeView<Row>;
	readonly #changed = this.own(new vscode.EventEmitter<Row | undefined>());
	readonly onDidChangeTreeData = this.#changed.event;
	readonly #rows: () => Promise<vscode.TreeDataProvider<Row>>;

	/** `options` are those of `createTreeView` besides its rows. */
	constructor(
		viewId: string,
		load: () => Promise<vscode.TreeDataProvider<Row>>,
		options: Omit<vscode.TreeViewOptions<Row>, "treeDataProvider"> = {},
	) {
		super();
		this.#rows = once(async () => {
			const rows = await load();
			const following = rows.onDidChangeTreeData?.((row) => this.#changed.fire(row as Row | undefined));
			if (following) this.own(following);
			return rows;
		});
		this.view = this.own(vscode.window.createTreeView(viewId, { ...options, treeDataProvider: this }));
	}

	async getChildren(row?: Row): Promise<Row[]> {
		return (await (await this.#rows()).getChildren(row)) ?? [];
	}

	async getTreeItem(row: Row): Promise<vscode.TreeItem> {
		return (await this.#rows()).getTreeItem(row);
	}

	async getParent(row: Row): Promise<Row | undefined> {
		return (await (await this.#rows()).getParent?.(row)) ?? undefined;
	}

	async resolveTreeItem(item: vscode.TreeItem, row: Row, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
		return (await (await this.#rows()).resolveTreeItem?.(item, row, token)) ?? item;
	}
}
