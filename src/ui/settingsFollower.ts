import * as z from "zod/mini";
import { Owner } from "../core/disposable";
import { groupings, type RunChoices } from "../core/runs/runChoices";
import type { WorkspaceMemory } from "./memory";
import { onDidChangeSettings, readSetting } from "./settings";

const appliedKey = "gamma.appliedSettings";
const applied = z.nullable(z.object({ grouping: z.enum(groupings), shownMetrics: z.array(z.string()) }));

/** Carries settings over into the choices of this workspace; between a setting and a choice the later one wins. */
export class SettingsFollower extends Owner {
	constructor(
		private readonly choices: RunChoices,
		private readonly memory: WorkspaceMemory,
	) {
		super();
		this.own(onDidChangeSettings(["runs.groupBy", "runs.shownMetrics"], () => this.#apply()));
		this.#apply();
	}

	#apply(): void {
		const before = this.memory.read(appliedKey, applied, null);
		const now = { grouping: readSetting("runs.groupBy"), shownMetrics: [...readSetting("runs.shownMetrics")] };
		if (now.grouping !== before?.grouping) this.choices.update({ grouping: now.grouping });
		if (now.shownMetrics.join("\n") !== (before?.shownMetrics ?? []).join("\n")) {
			this.choices.update({ shownMetrics: now.shownMetrics });
		}
		this.memory.set(appliedKey, now);
	}
}
