import * as vscode from "vscode";
import type { PlaceEntry } from "../../core/artifacts/artifactPlace";
import { describeArtifact } from "../../core/artifacts/describeArtifact";
import type { CheckpointMark } from "../../core/artifacts/markCheckpoints";
import { commandId } from "../../core/contributions";
import { formatAge } from "../../core/durations";
import { iconOfState, subjectOf } from "../../core/jobs/describeJob";
import { toLine } from "../../core/plainText";
import type { Failure } from "../../shared/errors";
import type { ArtifactPlaces } from "./artifactPlaces";
import type { ArtifactPorts } from "./artifactPorts";
import type { ArtifactRow, EntryRow } from "./artifactRows";
import type { CheckpointMarks } from "./checkpointMarks";

export interface RowFacts {
	readonly entry: PlaceEntry | undefined;
	readonly mark: CheckpointMark | undefined;
	readonly failure: Failure | null;
}

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

/** How each row of "Artifacts & Checkpoints" looks. */
export class ArtifactItems {
	constructor(
		private readonly ports: ArtifactPorts,
		private readonly places: ArtifactPlaces,
		private readonly marks: CheckpointMarks,
	) {}

	item(row: ArtifactRow, facts: RowFacts): vscode.TreeItem {
		const item = this.#draw(row, facts);
		item.id = row.id;
		item.accessibilityInformation ??= { label: `${String(item.label)}, ${String(item.description ?? "")}` };
		return item;
	}

	#draw(row: ArtifactRow, facts: RowFacts): vscode.TreeItem {
		switch (row.kind) {
			case "project": {
				const project = this.ports.jobs.snapshot.projects.find(({ id }) => id === row.projectId);
				return plain(toLine(project?.name ?? "", 120), toLine(project?.repository ?? "", 120), "repo", "project");
			}
			case "job": {
				const tracked = this.ports.jobs.snapshot.jobs.get(row.jobId);
				if (!tracked) return plain("", "", "circle-outline", "job");
				const { job } = tracked;
				const said = `${toLine(job.branch, 60)} · ${job.commitSha.slice(0, 7)}`;
				return plain(toLine(subjectOf(tracked), 80), said, iconOfState(job.status), "job");
			}
			case "runs":
				return plain(vscode.l10n.t("Other Runs"), vscode.l10n.t("of no known job"), "beaker", "runs");
			case "run":
				return this.#run(row.placeId);
			case "named": {
				const place = this.places.find(row.placeId);
				const isLent = row.placeId.startsWith("relay:") || this.places.known(row.placeId)?.account === "relay";
				const isS3 = isLent || row.placeId.startsWith("s3:");
				const isAdded = place?.projectName === null && place.jobId === undefined;
				const can = [...(isLent ? [] : ["writable"]), ...(isS3 ? ["s3"] : []), ...(isAdded ? ["added"] : [])];
				const words = ["place", ...can].join(" ");
				const s3 = isLent ? vscode.l10n.t("S3 via relay") : vscode.l10n.t("S3");
				const said = isS3 ? s3 : vscode.l10n.t("folder");
				const item = plain(toLine(place?.label ?? "", 160), said, isS3 ? "cloud" : "root-folder", words);
				const hint = isLent
					? `\n${vscode.l10n.t("Only read: with an account at AWS of your own you could upload too.")}`
					: "";
				item.tooltip = toLine(place?.address || place?.label || "", 500) + hint;
				return item;
			}
			case "folder":
			case "file":
				return this.#entry(row, facts);
			case "more":
				return button(
					vscode.l10n.t("Show More…"),
					vscode.l10n.t("sorted among what is shown"),
					"more",
					"showMoreArtifacts",
					row,
				);
			case "moreRuns":
				return button(vscode.l10n.t("Show More…"), "", "more", "showMoreArtifacts", row);
			case "empty": {
				const isFiltered = String(this.ports.memory.get("artifactFilter") ?? "") !== "";
				return plain(
					isFiltered ? vscode.l10n.t("Nothing matches the filter") : vscode.l10n.t("Nothing here yet"),
					"",
					"dash",
					"",
				);
			}
			case "failed": {
				const message = toLine(facts.failure?.message ?? vscode.l10n.t("It could not be read."), 400);
				const item = button(message, vscode.l10n.t("try again"), "warning", "showMoreArtifacts", row);
				item.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
				item.tooltip = message;
				item.contextValue = "failed";
				return item;
			}
		}
	}

	#run(placeId: string): vscode.TreeItem {
		const run = this.places.runOf(placeId);
		const began = run?.startTimeMs ?? null;
		const said = [...(run ? [run.experimentName] : []), ...(began === null ? [] : [formatAge(began, Date.now())])];
		const words = ["runArtifacts", ...(run?.artifactUri?.startsWith("s3") ? ["s3"] : []), "run"].join(" ");
		const item = plain(toLine(run?.name ?? "", 120), toLine(said.join(" · "), 120), "beaker", words);
		item.tooltip = toLine(run?.artifactUri ?? "", 500);
		return item;
	}

	#entry(row: EntryRow, { entry, mark }: RowFacts): vscode.TreeItem {
		const known = entry ?? {
			...{ path: row.path, isDir: row.kind === "folder", sizeBytes: null },
			...{ modifiedMs: null, storageClass: null },
		};
		const place = this.places.known(row.placeId);
		const run = this.places.ownerOf(row.placeId, row.path);
		const tracked = this.places.jobOf(row.placeId, row.path);
		const text = describeArtifact(known, {
			...{ nowMs: Date.now(), mark, metric: this.marks.metricOf(run) },
			address: place?.s3Uri(row.path) ?? null,
			runName: run?.name ?? null,
			jobName: tracked ? subjectOf(tracked) : null,
			canChange: place !== undefined && place.changes !== null && !row.placeId.startsWith("run:"),
		});
		const item = new vscode.TreeItem(text.label, known.isDir ? Collapsed : None);
		item.description = text.description;
		item.tooltip = text.tooltip;
		item.contextValue = text.contextValue;
		item.accessibilityInformation = { label: text.spoken };
		if (text.icon === null) {
			item.resourceUri = vscode.Uri.from({ scheme: "gamma-artifact", path: `/${text.label}` });
			item.iconPath = vscode.ThemeIcon.File;
		} else {
			const colour = text.iconColour === null ? undefined : new vscode.ThemeColor(text.iconColour);
			item.iconPath = new vscode.ThemeIcon(text.icon, colour);
		}
		if (!known.isDir) {
			item.command = { command: commandId("previewArtifact"), title: vscode.l10n.t("Preview"), arguments: [row] };
		}
		return item;
	}
}

function plain(label: string, description: string, icon: string, contextValue: string): vscode.TreeItem {
	const item = new vscode.TreeItem(label, contextValue === "" ? None : Collapsed);
	item.description = description;
	item.iconPath = new vscode.ThemeIcon(icon);
	item.contextValue = contextValue;
	return item;
}

function button(
	label: string,
	description: string,
	icon: string,
	command: Parameters<typeof commandId>[0],
	row: ArtifactRow,
): vscode.TreeItem {
	const item = new vscode.TreeItem(label, None);
	item.description = description;
	item.iconPath = new vscode.ThemeIcon(icon);
	item.command = { command: commandId(command), title: label, arguments: [row] };
	return item;
}
