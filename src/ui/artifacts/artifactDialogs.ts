import * as vscode from "vscode";
import type { ArtifactSort } from "../../core/artifacts/arrangeEntries";
import { parseS3Uri } from "../../core/artifacts/s3Uri";
import { toIconFreeText, toLine } from "../../core/plainText";
import type { Run } from "../../shared/run";

/** Seconds; who signs may allow less. */
const linkLives = [
	["15 minutes", 900],
	["1 hour", 3_600],
	["12 hours", 43_200],
	["7 days", 604_800],
] as const;

export async function askLinkLife(longestSeconds = Number.POSITIVE_INFINITY): Promise<number | undefined> {
	const allowed = linkLives.filter(([, seconds]) => seconds <= longestSeconds);
	const rows = allowed.map(([label, seconds]) => ({
		label,
		detail: seconds > 43_200 ? "It ends earlier where your AWS credentials do." : "",
		seconds,
	}));
	const title = vscode.l10n.t("Copy Pre-signed Link");
	const placeHolder = vscode.l10n.t("How long the link works, for whoever has it");
	return (await vscode.window.showQuickPick(rows, { title, placeHolder }))?.seconds;
}

const sortWords: Readonly<Record<ArtifactSort, string>> = {
	name: "Name",
	size: "Size, largest first",
	time: "Time, newest first",
	step: "Step, latest first",
	metric: "Metric, highest first",
};

export async function askSort(
	sorts: readonly ArtifactSort[],
	current: ArtifactSort,
): Promise<ArtifactSort | undefined> {
	const rows = sorts.map((sort) => ({
		label: sortWords[sort],
		description: sort === current ? vscode.l10n.t("now") : "",
		sort,
	}));
	return (await vscode.window.showQuickPick(rows, { title: vscode.l10n.t("Sort Artifacts By") }))?.sort;
}

export function askFilter(value: string): Thenable<string | undefined> {
	return vscode.window.showInputBox({
		title: vscode.l10n.t("Filter Artifacts"),
		prompt: vscode.l10n.t("Parts of a file's path, all of which it must have. Empty: all files."),
		value,
	});
}

/** Null: each run's own most telling metric. */
export async function askMetric(runs: Iterable<Run>): Promise<string | null | undefined> {
	const names = new Set<string>();
	for (const run of runs) for (const name of Object.keys(run.metrics)) names.add(name);
	const rows: (vscode.QuickPickItem & { readonly metric: string | null })[] = [
		{ label: vscode.l10n.t("Each Run's Key Metric"), metric: null },
		...[...names].sort().map((metric) => ({ label: toIconFreeText(metric), metric })),
	];
	const title = vscode.l10n.t("Best Checkpoint By");
	return (await vscode.window.showQuickPick(rows, { title }))?.metric;
}

/** Whether the person typed the name of what is to go. */
export async function askName(name: string, isDir: boolean): Promise<boolean> {
	const shown = toLine(name, 200);
	const typed = await vscode.window.showInputBox({
		title: isDir ? vscode.l10n.t("Delete Folder {0}", shown) : vscode.l10n.t("Delete {0}", shown),
		prompt: isDir
			? vscode.l10n.t("Everything in it is deleted for good. Type its name to go on.")
			: vscode.l10n.t("It is deleted for good. Type its name to go on."),
		placeHolder: shown,
		ignoreFocusOut: true,
		validateInput: (text) => (text === name || text === "" ? null : vscode.l10n.t("This is not its name yet.")),
	});
	return typed === name;
}

/** `s3://…` or a folder's path. */
export async function addPlace(): Promise<string | undefined> {
	const title = vscode.l10n.t("Add Bucket or Folder");
	const rows = [
		{ label: "$(cloud) S3", description: vscode.l10n.t("a bucket, or a folder in it"), isS3: true },
		{ label: vscode.l10n.t("$(folder) Folder"), description: vscode.l10n.t("on this machine"), isS3: false },
	];
	const kind = await vscode.window.showQuickPick(rows, { title });
	if (!kind) return undefined;
	if (!kind.isS3) {
		const chosen = await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, title });
		return chosen?.[0]?.fsPath;
	}
	return vscode.window.showInputBox({
		title,
		prompt: vscode.l10n.t("Where SageMaker put a training's output, for one."),
		placeHolder: "s3://my-bucket/models",
		ignoreFocusOut: true,
		validateInput: (text) =>
			parseS3Uri(text.trim()) ? null : vscode.l10n.t("An address such as s3://my-bucket/models"),
	});
}
