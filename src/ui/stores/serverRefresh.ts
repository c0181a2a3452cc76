import type { Disposable } from "../../core/disposable";
import { Owner } from "../../core/disposable";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { readSetting } from "../settings";

/** Looks at servers again every so often while somebody is looking; files tell by themselves. */
export class ServerRefresh extends Owner {
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		private readonly library: Pick<RunLibrary, "refresh">,
		private readonly model: RunModel,
		private readonly isWatched: () => boolean,
		onDidWatch: (listener: () => void) => Disposable,
	) {
		super();
		this.own(onDidWatch(() => this.#schedule()));
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.#schedule();
	}

	#schedule(): void {
		clearTimeout(this.#timer);
		if (this.isDisposed || !this.isWatched()) return;
		this.#timer = setTimeout(() => void this.#refresh(), readSetting("refreshSeconds") * 1000);
	}

	async #refresh(): Promise<void> {
		const hasServer = this.model.snapshot.stores.some((store) => store.kind === "mlflow-server");
		// A store that cannot be read says so itself, as its state.
		if (hasServer) await this.library.refresh().catch(() => undefined);
		this.#schedule();
	}
}
