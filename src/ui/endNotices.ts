import * as vscode from "vscode";
import { Owner } from "../core/disposable";
import { toNoticeText } from "../core/plainText";
import type { RunChoices } from "../core/runs/runChoices";
import { endSentence, RunEnds } from "../core/runs/runEnds";
import type { RunModel } from "../core/runs/runModel";
import type { Run, RunKey } from "../shared/run";
import { readSetting } from "./settings";

/** Says once when a checked or pinned run ends. Muting is a setting, so that it can be undone. */
export class EndNotices extends Owner {
	readonly #ends: RunEnds;

	constructor(
		model: RunModel,
		private readonly choices: RunChoices,
		/** The run is a job's, whose end is told. */
		private readonly isToldAsJob: (run: Run) => boolean,
		private readonly open: (keys: readonly RunKey[]) => void,
	) {
		super();
		this.#ends = this.own(new RunEnds(model));
		this.own(this.#ends.onDidEnd((ended) => void this.#tell(ended)));
	}

	async #tell(ended: readonly Run[]): Promise<void> {
		if (!readSetting("notices.runEnded")) return;
		const { checked, pinned } = this.choices.snapshot;
		const watched = new Set([...checked, ...pinned]);
		const own = ended.filter((run) => watched.has(run.key) && !this.isToldAsJob(run));
		if (own.length === 0) return;
		const show = own.some((run) => run.status === "FAILED")
			? vscode.window.showWarningMessage
			: vscode.window.showInformationMessage;
		const openLabel = own.length === 1 ? vscode.l10n.t("Open Run") : vscode.l10n.t("Open Charts");
		const muteLabel = vscode.l10n.t("Mute");
		const chosen = await show(toNoticeText(endSentence(own)), openLabel, muteLabel);
		if (chosen === openLabel) this.open(own.map((run) => run.key));
		if (chosen === muteLabel) await mute();
	}
}

async function mute(): Promise<void> {
	const set = (isOn: boolean | undefined) =>
		vscode.workspace.getConfiguration("gamma").update("notices.runEnded", isOn, vscode.ConfigurationTarget.Global);
	await set(false);
	const undo = vscode.l10n.t("Undo");
	const chosen = await vscode.window.showInformationMessage(
		vscode.l10n.t("The ends of runs are not told any more."),
		undo,
	);
	if (chosen === undo) await set(undefined);
}
